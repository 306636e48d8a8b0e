"""How well and how quickly comments that say the same are put together, against datasketch and scikit-learn.

Run: python benchmarks/grouping.py [1000 10000 100000]   (pip install -e .[benchmarks] for the two references)

A planted set: invented comments on a ward's plan, each written by one person or by many, as people write: without
marks, with slips of the keyboard, clauses exchanged, small words more, a few words more, words run together. Beside
them what looks alike and says something else: another object, another place, another number, a denial, who is to watch
whom the other way round. A pair is right when both were made from one comment. The references get folded texts, and the
threshold that is best for them on a set of 1,000 made from another number.
"""

import argparse
import os
import platform
import random
import resource
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from trienkhai.text import fold
from trienkhai.text.similar import group_texts, propose_themes

OPENERS = ("Đề nghị", "Tôi đề nghị", "Kiến nghị", "Kính đề nghị", "Theo tôi,", "Mong", "Đề xuất", "")
WHO = (
    "Đảng uỷ phường", "Ban Thường vụ", "cấp uỷ", "Thường trực Đảng uỷ", "chi bộ khu phố", "Uỷ ban nhân dân phường",
    "Mặt trận Tổ quốc phường", "Đoàn Thanh niên", "Hội Cựu chiến binh", "Hội Phụ nữ", "tổ dân phố", "Ban chỉ đạo",
)  # fmt: skip
MATTERS = (
    ("quan tâm sửa chữa", "nhà văn hoá"), ("lắp đặt", "đèn chiếu sáng"), ("kiểm tra", "việc thu phí vệ sinh"),
    ("công khai", "kết quả kiểm điểm"), ("bổ sung", "biện pháp chống lãng phí"), ("tổ chức", "học tập theo chuyên đề"),
    ("rà soát", "hộ nghèo và cận nghèo"), ("xử lý", "rác thải sinh hoạt"), ("nạo vét", "cống thoát nước"),
    ("bố trí", "chỗ để xe"), ("mở rộng", "đường vào khu dân cư"), ("tiếp dân", "định kỳ hằng tháng"),
    ("phân công", "đảng viên phụ trách hộ gia đình"), ("đổi mới", "nội dung sinh hoạt chi bộ"),
    ("nêu gương", "trong thực hiện quy định"), ("trả lời", "đơn thư của công dân"), ("quản lý", "đất công"),
    ("chấn chỉnh", "giờ giấc làm việc"), ("hỗ trợ", "người cao tuổi"), ("giám sát", "công trình xây dựng"),
    ("trồng", "cây xanh"), ("tuyên truyền", "phòng chống cháy nổ"), ("đối thoại", "với nhân dân"),
    ("rút ngắn", "thời gian giải quyết thủ tục"), ("bồi dưỡng", "cán bộ trẻ"), ("thống kê", "lao động chưa có việc"),
)  # fmt: skip
WHERE = (
    "ở đầu cầu", "tại chợ trung tâm", "trên đường Bến Tàu", "ở xóm Thượng", "ở xóm Hạ", "tại trường tiểu học",
    "gần trạm y tế", "ở bờ kè", "tại ngõ Đình", "quanh sân vận động", "ở khu tập thể", "cạnh nghĩa trang",
)  # fmt: skip
WHY = (
    "để bà con đi lại an toàn", "vì nhân dân có nhiều ý kiến", "cho phù hợp với tình hình thực tế",
    "nhằm nâng cao chất lượng sinh hoạt", "để đảng viên nắm rõ", "bởi hiện nay còn hình thức",
)  # fmt: skip
EXTRA = ("trong năm nay", "theo quy định", "kịp thời", "nghiêm túc", "có hiệu quả", "thường xuyên", "cụ thể", "rõ ràng")
SMALL = ("sớm", "cần", "nên", "phải", "ngay", "thêm", "rất", "hãy")


@dataclass(frozen=True)
class Meant:
    """What a comment says: two with the same say the same. ``matter`` is its theme, ``whom`` what is to be watched."""

    who: str
    matter: int
    where: str
    number: int
    why: str
    denied: bool
    whom: str = ""

    def written(self, draw: random.Random) -> str:
        """It in full, with one of the ways to begin."""
        doing, what = ("giám sát", self.whom) if self.whom else MATTERS[self.matter]
        no = "không " if self.denied else ""
        place = f"{self.where}, khu {self.number}"
        opener = draw.choice(OPENERS)
        first = f"{opener} {self.who} {no}{doing} {what} {place}".strip()
        text = f"{first} {self.why}."
        return text[0].upper() + text[1:]


def meanings(count: int, draw: random.Random) -> list[Meant]:
    """Different ones; every third differs from one before in one thing alone."""
    found: dict[Meant, None] = {}
    while len(found) < count:
        fields = {
            "who": draw.choice(WHO), "matter": draw.randrange(len(MATTERS)), "where": draw.choice(WHERE),
            "number": draw.randint(1, 40), "why": draw.choice(WHY), "denied": draw.random() < 0.1,
        }  # fmt: skip
        if draw.random() < 0.1:
            fields |= {"whom": draw.choice(WHO), "matter": len(MATTERS)}
            if fields["whom"] != fields["who"]:
                found.setdefault(Meant(**{**fields, "who": fields["whom"], "whom": fields["who"]}))
        own = Meant(**fields)
        found.setdefault(own)
        if draw.random() < 0.5:
            name = draw.choice(("denied", "denied", "matter", "where", "number", "who"))
            matter = own.matter if own.whom else draw.randrange(len(MATTERS))
            other = {"denied": not own.denied, "matter": matter, "where": draw.choice(WHERE),
                     "number": draw.randint(1, 40), "who": draw.choice(WHO)}[name]  # fmt: skip
            found.setdefault(Meant(**{**fields, name: other}))
    return list(found)[:count]


def planted(count: int, seed: int) -> tuple[list[str], list[Meant]]:
    """Texts and what each was made from: a third are alone, some were written by dozens."""
    draw = random.Random(seed)  # noqa: S311 - a planted set, the same each time
    texts: list[str] = []
    meant: list[Meant] = []
    for own in meanings(count // 3, draw):
        copies = draw.choice((1, 1, 2, 2, 3, 4, 8)) if draw.random() < 0.985 else 40
        base = own.written(draw)
        for _ in range(min(copies, count - len(texts))):
            texts.append(varied(own, base, draw))
            meant.append(own)
    for own in meanings(count, draw):  # alone, until there are enough; what was there already is no copy
        if len(texts) == count:
            break
        texts.append(own.written(draw))
        meant.append(own)
    order = list(range(count))
    draw.shuffle(order)
    return [texts[place] for place in order], [meant[place] for place in order]


def varied(own: Meant, base: str, draw: random.Random) -> str:
    """The comment as another person would write it."""
    text = own.written(draw) if draw.random() < 0.5 else base
    for change, chance in (
        (exchanged, 0.2), (small_word, 0.4), (few_words, 0.15), (slip, 0.25), (other_tones, 0.3), (run_together, 0.05),
        (without_marks, 0.25), (str.upper, 0.05), (str.lower, 0.2),
    ):  # fmt: skip
        if draw.random() < chance:
            text = change(text, draw) if change not in (str.upper, str.lower) else change(text)
    return text


def exchanged(text: str, _: random.Random) -> str:
    """The reason first."""
    for why in WHY:
        if text.endswith(f" {why}."):
            head = text.removesuffix(f" {why}.")
            return f"{why[0].upper()}{why[1:]}, {head[0].lower()}{head[1:]}."
    return text


def small_word(text: str, draw: random.Random) -> str:
    words = text.split(" ")
    words.insert(draw.randint(1, len(words) - 1), draw.choice(SMALL))
    return " ".join(words)


def few_words(text: str, draw: random.Random) -> str:
    return f"{text.rstrip('.')} {draw.choice(EXTRA)}."


def slip(text: str, draw: random.Random) -> str:
    """One word misspelt: a letter doubled, two exchanged, one left out, or a sound written otherwise."""
    words = text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    if not long:
        return text
    at = draw.choice(long)
    word, kind, letter = words[at], draw.randrange(4), draw.randrange(1, len(words[at]) - 1)
    if kind == 0:
        word = word[:letter] + word[letter] + word[letter:]
    elif kind == 1:
        word = word[:letter] + word[letter + 1] + word[letter] + word[letter + 2 :]
    elif kind == 2:
        word += draw.choice("sfrxj")
    else:
        for one, other in (("tr", "ch"), ("ch", "tr"), ("x", "s"), ("s", "x"), ("d", "gi"), ("gi", "d")):
            if word.startswith(one):
                word = other + word.removeprefix(one)
                break
    words[at] = word
    return " ".join(words)


def other_tones(text: str, _: random.Random) -> str:
    return text.replace("oá", "óa").replace("oà", "òa").replace("uỷ", "ủy").replace("xử lý", "xử lí")


def run_together(text: str, draw: random.Random) -> str:
    words = text.split(" ")
    at = draw.randrange(len(words) - 1)
    words[at : at + 2] = [words[at] + words[at + 1]]
    return " ".join(words)


def without_marks(text: str, _: random.Random) -> str:
    plain = {"đ": "d", "Đ": "D"}
    return "".join(letter if not letter.isalpha() else plain.get(letter) or _base(letter) for letter in text)


def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]


@dataclass(frozen=True)
class Score:
    """Of pairs put together, those that are right; of right pairs, those put together."""

    precision: float
    recall: float

    @property
    def both(self) -> float:
        """The harmonic mean."""
        return 2 * self.precision * self.recall / (self.precision + self.recall or 1)


def score(labels: Sequence[int], truth: Sequence[object]) -> Score:
    """Of pairs put together, how many are right; of right pairs, how many were put together."""
    together = _pairs(Counter(labels))
    right = _pairs(Counter(truth))
    hit = _pairs(Counter(zip(labels, truth, strict=True)))
    return Score(hit / (together or 1), hit / (right or 1))


def _pairs(counts: Counter) -> int:
    return sum(count * (count - 1) // 2 for count in counts.values())


def joined(count: int, pairs: "list[tuple[int, int]]") -> list[int]:
    up = list(range(count))

    def of(thing: int) -> int:
        while up[thing] != thing:
            up[thing] = up[up[thing]]
            thing = up[thing]
        return thing

    for one, other in pairs:
        up[of(one)] = of(other)
    return [of(thing) for thing in range(count)]


def ours(texts: Sequence[str]) -> list[int]:
    labels = [0] * len(texts)
    for number, group in enumerate(group_texts(texts).groups):
        for place in group:
            labels[place] = number
    return labels


def datasketch_groups(texts: Sequence[str], threshold: float) -> list[int]:
    """MinHash of folded words and pairs of words, 128 permutations; pairs found are checked by their exact Jaccard."""
    from datasketch import MinHash, MinHashLSH  # noqa: PLC0415

    index = MinHashLSH(threshold=threshold, num_perm=128)
    words = [fold(text).split() for text in texts]
    sets = [frozenset(own) | frozenset(map(" ".join, pairwise(own))) for own in words]
    pairs = []
    for place, made in enumerate(MinHash.bulk([[one.encode() for one in own] for own in sets], num_perm=128)):
        for other in index.query(made):
            shared = len(sets[place] & sets[other])
            if shared >= threshold * (len(sets[place]) + len(sets[other]) - shared):
                pairs.append((place, other))
        index.insert(place, made)
    return joined(len(texts), pairs)


def tfidf_groups(texts: Sequence[str], threshold: float) -> list[int]:
    """TF-IDF of folded letters (3 to 5 in words), neighbours by cosine, a thousand rows at a time."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.neighbors import NearestNeighbors  # noqa: PLC0415

    rows = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)).fit_transform([fold(text) for text in texts])
    near = NearestNeighbors(radius=1 - threshold, metric="cosine", algorithm="brute").fit(rows)
    pairs = []
    for start in range(0, len(texts), 1000):
        for at, found in enumerate(near.radius_neighbors(rows[start : start + 1000], return_distance=False)):
            pairs += [(start + at, int(other)) for other in found if other < start + at]
    return joined(len(texts), pairs)


def best_threshold(method: Callable[[Sequence[str], float], list[int]], steps: Sequence[float]) -> float:
    texts, truth = planted(1000, seed=99)
    return max(steps, key=lambda threshold: score(method(texts, threshold), truth).both)


def line(name: str, count: int, seconds: float, own: float, found: Score) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"  {name:<34} {count:>9,} {seconds:>9.2f} s {own:>9.2f} s  precision {found.precision:.4f}  "
        f"recall {found.recall:.4f}  most memory so far {memory} MiB",
        flush=True,
    )


def measured(name: str, method: Callable[[Sequence[str]], list[int]], texts: list[str], truth: list[Meant]) -> float:
    begun, own = time.perf_counter(), time.process_time()
    labels = method(texts)
    seconds, own = time.perf_counter() - begun, time.process_time() - own
    line(name, len(texts), seconds, own, score(labels, truth))
    return own


def themes_measured(texts: list[str], truth: list[Meant]) -> None:
    """Themes of groups: right when both are on one matter."""
    grouping = group_texts(texts)
    heads = [texts[place] for place in grouping.representatives]
    begun, own = time.perf_counter(), time.process_time()
    themes = propose_themes(heads, [len(group) for group in grouping.groups])
    seconds, own = time.perf_counter() - begun, time.process_time() - own
    labels = list(range(len(heads)))
    for theme in themes:
        for member in theme.members:
            labels[member] = theme.members[0]
    line(
        "  themes", len(heads), seconds, own, score(labels, [truth[place].matter for place in grouping.representatives])
    )


def show_mistakes(texts: list[str], truth: list[Meant], most: int) -> None:
    """A few of each kind, for whoever works on the rules."""
    labels = ours(texts)
    by_label, by_truth = defaultdict(list), defaultdict(list)
    for place, label in enumerate(labels):
        by_label[label].append(place)
        by_truth[truth[place]].append(place)
    wrong = [group for group in by_label.values() if len({truth[place] for place in group}) > 1]
    missed = [group for group in by_truth.values() if len({labels[place] for place in group}) > 1]
    for title, groups in (("WRONGLY TOGETHER", wrong), ("MISSED", missed)):
        print(title, len(groups))
        for group in groups[:most]:
            print(*(f"   {labels[place]:>7} {texts[place]}" for place in group[:6]), sep="\n", end="\n\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", nargs="*", type=int, default=[1_000, 10_000, 100_000])
    parser.add_argument("--ours", action="store_true", help="without the references")
    parser.add_argument("--neighbours-up-to", type=int, default=10_000, help="most texts for TF-IDF neighbours")
    parser.add_argument("--mistakes", type=int, default=0, help="show so many")
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    references: list[tuple[str, Callable[[Sequence[str]], list[int]], int]] = []
    if not given.ours:
        lsh = best_threshold(datasketch_groups, (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9))
        cosine = best_threshold(tfidf_groups, (0.7, 0.75, 0.8, 0.85, 0.9, 0.95))
        references = [
            (f"datasketch MinHash-LSH {lsh}", lambda texts: datasketch_groups(texts, lsh), sys.maxsize),
            (f"scikit-learn TF-IDF {cosine}", lambda texts: tfidf_groups(texts, cosine), given.neighbours_up_to),
        ]
    for count in given.counts:
        texts, truth = planted(count, seed=count)
        print(f"\n{count:,} comments, {len(set(truth)):,} different ones (clock, processor)")
        measured("trienkhai.text.similar", ours, texts, truth)
        themes_measured(texts, truth)
        for name, method, most in references:
            if count <= most:
                measured(name, method, texts, truth)
        if given.mistakes:
            show_mistakes(texts, truth, given.mistakes)


if __name__ == "__main__":
    main()
