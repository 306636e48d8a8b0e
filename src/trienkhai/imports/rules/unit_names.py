"""Names of units as lists write them: numbering, headcounts and short forms aside."""

import re
from functools import lru_cache

from trienkhai.imports.rules.cells import words

UPPER, BASE, SECTION, CELL, GROUP, AGENCY = "upper", "base", "section", "cell", "group", "agency"
"""What a unit's name says it is: a committee above wards, đảng bộ, đảng bộ bộ phận, chi bộ, tổ đảng, cơ quan."""

RANKS = {UPPER: 0, BASE: 1, SECTION: 2, CELL: 3, AGENCY: 3, GROUP: 4}
"""How high a unit stands when lists nest one under another."""

_ROMAN = r"(?:[IVX]{1,6})"
_NUMBERING = re.compile(rf"^\s*(?:(?:{_ROMAN}|[A-H]|\d{{1,3}}|[a-h])\s*[.)/:\-–]+\s*|{_ROMAN}\s+(?=\S))", re.ASCII)
_ONLY_NUMBERING = re.compile(rf"^\s*(?:{_ROMAN}|[A-H])\s*[.)/:\-–]*\s*$", re.ASCII)
_PEOPLE = r"(?:đ/?\s*c|đồng chí|đảng viên|đv|người|dong chi|dang vien|nguoi)\b"
_HEADCOUNT = re.compile(
    rf"\s*[(\[:\-–,]?\s*(?:tổng\s*(?:số|cộng)?\s*:?\s*|gồm\s*:?\s*|có\s*:?\s*)?\b\d+\s*{_PEOPLE}\.?.*$",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"\s*[(\[:\-–,]?\s*\b(?:tổng\s*số|tổng\s*cộng|tổng|tong so|ts)\s*:?\s*\d+.*$", re.IGNORECASE)
_LABEL = re.compile(r"^(?:đơn vị|don vi|tên đơn vị)\s*:\s*", re.IGNORECASE)
_COLON = re.compile(r"^((?:chi bộ|đảng bộ bộ phận|đảng bộ|tổ đảng|chi bo|dang bo)\b)\s*:\s*", re.IGNORECASE)
_TRAILING_NUMBER = re.compile(r"\s*[(\[]\s*\d+\s*[)\]]\s*:?\s*$")
_LEADING_ZEROS = re.compile(r"\b0+(?=\d)")
_SHORT = {"cb": "chi bo", "db": "dang bo", "dbbp": "dang bo bo phan", "kp": "khu pho", "tdp": "to dan pho"}
_SHORT_HEADS = (
    (re.compile(r"^CB(?=\s|\d)\s*"), "Chi bộ "),
    (re.compile(r"^(?:ĐBBP|DBBP)\s+"), "Đảng bộ bộ phận "),
    (re.compile(r"^(?:ĐB|DB)\s+"), "Đảng bộ "),
)
_GLUED_SHORT = re.compile(r"\b(cb|kp|tdp)(\d+)\b")

_SCHOOLS = "(?:tieu hoc|mam non|mau giao|thcs|thpt|th|mn|trung hoc|pho thong|cao dang|dai hoc|chinh tri)"
_AGENCIES = "|".join((
    "cơ quan", "co quan", "trường", f"truong {_SCHOOLS}", "trạm", "tram y te", "công an", "cong an", "quân sự",
    "quan su", "ban (?:chỉ huy|quản lý|chấp hành|tổ chức|tuyên giáo|dân vận|kinh tế|chi huy)", "ủy ban",
    "uỷ ban", "uy ban", "ubnd", "hđnd", "hdnd", "mặt trận", "mat tran", "mttq", "hội",
    "hoi (?:phu nu|nong dan|cuu chien binh|nguoi cao tuoi)", "đoàn (?:thanh niên|thể|tncs|tn|phường|xã)",
    "doanh nghiệp", "doanh nghiep", "công ty", "cong ty", "hợp tác xã", "htx", "văn phòng", "van phong",
    "phòng", "trung tâm", "trung tam", "ngân hàng", "bệnh viện", "khối", "chi cục", "đội", "đồn", "khoa",
))  # fmt: skip
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (SECTION, re.compile(r"(?:dang bo bo phan|đảng bộ bộ phận)\b")),
    (UPPER, re.compile(r"(?:tỉnh|thành|huyện|quận|thị) (?:ủy|uỷ)\b")),
    (
        UPPER,
        re.compile(
            r"(?:dang (?:bo|uy)|đảng (?:bộ|ủy|uỷ)) "
            r"(?:tinh|thanh pho|tp|huyen|thi xa|quan|tỉnh|thành phố|huyện|thị xã|quận|khối)\b",
        ),
    ),
    (BASE, re.compile(r"(?:dang bo|dang uy|đảng bộ|đảng ủy|đảng uỷ)\b")),
    (CELL, re.compile(r"(?:chi bo|chi bộ)\b")),
    (GROUP, re.compile(r"(?:to dang|tổ đảng)\b")),
    (AGENCY, re.compile(rf"(?:{_AGENCIES})\b")),
)
_PLACES = re.compile(
    r"(?:khu phố|khu pho|khu|tổ dân phố|to dan pho|thôn|xóm|ấp|bản|tổ|tiểu khu|cụm|làng|phố)(?: (?:số |so )?\w+){1,4}"
    r"|(?:thon|xom|ap|khu|cum|to) (?:so )?\d+",
)

_PHRASES = (
    "Đảng bộ bộ phận", "Đảng bộ", "Đảng uỷ", "Đảng ủy", "Chi bộ", "Tổ đảng", "Khu phố", "Khu dân cư", "Tổ dân phố",
    "Trường Tiểu học", "Tiểu học", "Trung học cơ sở", "Trung học phổ thông", "Trường Mầm non", "Mầm non", "Trạm Y tế",
    "Y tế", "Công an", "Quân sự", "Cơ quan", "Công ty", "Hợp tác xã", "Doanh nghiệp", "Hưu trí", "Thị trấn",
    "Uỷ ban nhân dân", "Ủy ban nhân dân", "Hội đồng nhân dân", "Mặt trận Tổ quốc", "Đoàn thể", "Người cao tuổi",
    "Cựu chiến binh", "Nông dân", "Phụ nữ", "Thanh niên", "Dân vận", "Tổ chức", "Tuyên giáo", "Kiểm tra",
)  # fmt: skip
_PHRASE_OF = tuple((re.compile(re.escape(phrase), re.IGNORECASE), phrase) for phrase in _PHRASES)
_SMALL = re.compile(r"(?<= )Số(?= (?:\d|[IVX]+\b))|(?<=Công an )(?:Phường|Xã)\b|(?<=Đảng bộ )(?:Phường|Xã)\b")
_ALWAYS_CAPITAL = re.compile(r"\b(?:THCS|THPT|UBND|HĐND|MTTQ|CB|KP|TDP|HTX|TNHH|[IVX]{2,})(?=\d*\b)")


@lru_cache(maxsize=65536)
def clean_unit_name(text: str) -> str:
    """The name alone: "II. CHI BỘ KHU PHỐ 2 (25 đ/c)" → "Chi bộ Khu phố 2"."""
    name = _COLON.sub(r"\1 ", _LABEL.sub("", _NUMBERING.sub("", text, count=1)))
    name = _TRAILING_NUMBER.sub("", _HEADCOUNT.sub("", _TOTAL.sub("", name)))
    name = name.strip(" \t:;,.-–")
    return _calm(name) if name.isupper() else name


def _calm(name: str) -> str:
    """Capitals throughout are a way of printing, not of spelling."""
    kept = set(_ALWAYS_CAPITAL.findall(name))
    lower = str.lower if name.isascii() else str.capitalize
    calm = " ".join(word if word.rstrip("0123456789") in kept else lower(word) for word in name.split())
    calm = calm[:1].upper() + calm[1:]
    for pattern, phrase in _PHRASE_OF:
        calm = pattern.sub(phrase, calm)
    return _SMALL.sub(lambda found: found.group().lower(), calm)


def full_unit_name(name: str) -> str:
    """The name as a unit carries it: "CB Khu 2" → "Chi bộ Khu 2". The rest stays as the list has it."""
    for short, full in _SHORT_HEADS:
        name = short.sub(full, name, count=1)
    return name


@lru_cache(maxsize=65536)
def unit_key(name: str) -> str:
    """What two spellings of one unit share: "CB KP 05" and "Chi bộ khu phố 5" are alike."""
    folded = _GLUED_SHORT.sub(r"\1 \2", words(clean_unit_name(name)))
    spelt = " ".join(_SHORT.get(word, word) for word in folded.split())
    return _LEADING_ZEROS.sub("", spelt).replace("y", "i")


@lru_cache(maxsize=65536)
def kind_of(name: str) -> str:
    """What the name says the unit is; ``""`` when it does not say.

    A name with marks is read with its marks, so that Trương and Đoàn stay people and Trường a school.
    """
    spelt = _spelt(name)
    return next((kind for kind, pattern in _KINDS if pattern.match(spelt)), "")


def _spelt(name: str) -> str:
    lower = clean_unit_name(name).casefold()
    glued = _GLUED_SHORT.sub(r"\1 \2", lower)
    return " ".join(_SHORT.get(word, word) for word in glued.split())


@lru_cache(maxsize=65536)
def is_unit_name(text: str) -> bool:
    """Whether the text reads as a unit's name: it begins as one."""
    return bool(kind_of(text)) or bool(_PLACES.fullmatch(_spelt(text)))


def is_numbering(text: str) -> bool:
    """Whether the text is nothing but a heading's number, as "II" or "A."."""
    return bool(_ONLY_NUMBERING.match(text))


def has_numbering(text: str) -> bool:
    """Whether the text begins as a numbered heading, as "II. …"."""
    return bool(_NUMBERING.match(text)) and not text[:1].isdigit()


def has_headcount(text: str) -> bool:
    """Whether the text ends in a count of people, as headings of groups do."""
    return bool(_HEADCOUNT.search(text) or _TOTAL.search(text) or _TRAILING_NUMBER.search(text))


def is_headcount(text: str) -> bool:
    """Whether the text is nothing but a count of people, as "25 đ/c"."""
    return bool(_HEADCOUNT.fullmatch(text))


def rank_of(name: str) -> int:
    """1 for the highest kind of unit, 4 for the lowest; a unit whose name does not say stands with the cells."""
    return RANKS.get(kind_of(name), RANKS[CELL])
