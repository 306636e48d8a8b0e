"""The comments of the Hoà Lạc case: what was said, in how many ways, and what was answered.

Everybody who signs is invented, and so is every word. Who said something without a name, or with the name kept, stands
in no file: whoever loads the case draws them.
"""

# ruff: noqa: E501 - sentences are read by lines

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Protocol

import hoalac_sheets as sheets

from trienkhai.text import fold
from trienkhai.text.similar import group_texts

OPENS, CLOSES = date(2012, 6, 18), date(2012, 7, 15)
SIGNED, KEPT, NAMELESS, NOTHING = "ký tên", "giữ kín tên", "không ghi tên", "không có ý kiến"
SCREEN, SLIP, CALLED = "máy tính", "phiếu giấy", "điện thoại"
MANY = {SIGNED: 46, KEPT: 34, NAMELESS: 60, NOTHING: 9}
SLIPS, CALLS = 26, 7
PLAN, BODY, GENERAL = "kế hoạch", "Ban Thường vụ Đảng uỷ", ""
ACCEPTED, EXPLAINED, PASSED_ON, OUTSIDE = "tiếp thu", "giải trình", "chuyển", "ngoài phạm vi"


class Someone(Protocol):
    """A member as the lists have them."""

    name: str

    @property
    def born(self) -> str:
        """The birth as registers write it."""

    def unit_on(self, day: date) -> str:
        """The cell on a day."""


@dataclass(frozen=True)
class Idea:
    """One thing people want. ``ways``: how often it is said in which words; ``about``: a measure's number, or a name."""

    about: str
    ways: Sequence[tuple[int, str]]
    kind: str = ""
    summary: str = ""
    answer: str = ""
    measure: int = 0
    passed_to: str = ""


IDEAS = [
    Idea("1", [(9, "Nên gửi bản kiểm điểm của từng uỷ viên cho chi bộ góp ý trước mười ngày."), (4, "Chi bộ cần được đọc bản kiểm điểm sớm để còn kịp thảo luận.")],
         ACCEPTED, "Gửi bản kiểm điểm cho chi bộ trước khi kiểm điểm", "Đảng uỷ tiếp thu: bản kiểm điểm gửi các chi bộ trước mười ngày.", 1),
    Idea("1", [(7, "Sau kiểm điểm phải thông báo kết quả xuống các chi bộ."), (3, "Kiểm điểm xong thì báo lại cho đảng viên biết đã kết luận những gì.")],
         ACCEPTED, "Thông báo kết quả kiểm điểm", "Đảng uỷ tiếp thu: kết quả kiểm điểm được thông báo tới các chi bộ trong mười lăm ngày.", 1),
    Idea("1", [(5, "Đề nghị mời đại diện nhân dân nơi cư trú góp ý trước khi kiểm điểm.")],
         EXPLAINED, "Lấy ý kiến nhân dân nơi cư trú", "Việc này Mặt trận Tổ quốc phường chủ trì theo hướng dẫn của cấp trên; ý kiến được tổng hợp gửi Ban Thường vụ."),
    Idea("2", [(11, "Bộ phận một cửa nên niêm yết số điện thoại để người dân phản ánh."), (5, "Dân muốn phản ánh chuyện ở một cửa mà không biết gọi cho ai, phải có số máy treo ngay cửa.")],
         ACCEPTED, "Niêm yết số điện thoại tiếp nhận phản ánh", "Đảng uỷ tiếp thu, bổ sung vào nhiệm vụ về bộ phận một cửa.", 2),
    Idea("2", [(8, "Hồ sơ trễ hẹn thì cán bộ phải xin lỗi dân bằng văn bản."), (3, "Giải quyết chậm mà không một lời xin lỗi, nên quy định phải xin lỗi.")],
         ACCEPTED, "Xin lỗi khi hồ sơ trễ hẹn", "Đảng uỷ tiếp thu: mỗi hồ sơ trễ hẹn có văn bản xin lỗi, nêu rõ lý do và ngày trả.", 2),
    Idea("2", [(6, "Nên làm việc cả sáng thứ bảy ở bộ phận một cửa cho người đi làm.")],
         PASSED_ON, "Làm việc sáng thứ bảy ở bộ phận một cửa", "Thời giờ làm việc do Uỷ ban nhân dân thành phố quy định; Đảng uỷ chuyển ý kiến để xem xét.", 0, "Uỷ ban nhân dân thành phố Móng Cái"),
    Idea("2", [(4, "Hạn cuối tháng sáu đã đến mà danh mục việc phải sửa chưa thấy công khai.")],
         ACCEPTED, "Công khai danh mục việc đã sửa", "Đảng uỷ nhận khuyết điểm và tiếp thu: danh mục được niêm yết tại trụ sở, cập nhật hằng tháng.", 2),
    Idea("3", [(9, "Nên có lớp học buổi tối cho người đi làm xa."), (4, "Nhiều đồng chí đi chợ biên giới cả ngày, học ban ngày không đến được, xin mở lớp tối.")],
         ACCEPTED, "Lớp học buổi tối", "Đảng uỷ tiếp thu: lớp học bù mở vào buổi tối.", 3),
    Idea("3", [(8, "Tài liệu học tập phải gửi trước ít nhất ba ngày.")],
         ACCEPTED, "Gửi tài liệu học tập sớm", "Đảng uỷ tiếp thu: tài liệu gửi các chi bộ trước ba ngày.", 3),
    Idea("3", [(5, "Học dồn vào một buổi thì dài quá, nên chia làm hai buổi.")],
         EXPLAINED, "Chia lớp học làm hai buổi", "Số buổi do chi bộ quyết định; kế hoạch chỉ quy định thời hạn và nội dung."),
    Idea("4", [(7, "Bí thư cần đọc và trao đổi lại từng bài thu hoạch."), (3, "Bài nộp rồi để đấy thì phí, phải có người đọc và nói lại với người viết.")],
         ACCEPTED, "Đọc và trao đổi lại bài thu hoạch", "Đảng uỷ tiếp thu, bổ sung vào nhiệm vụ về bài thu hoạch.", 4),
    Idea("4", [(6, "Không nên nhận những bài thu hoạch chép lại nghị quyết.")],
         ACCEPTED, "Bài chép lại nghị quyết", "Đảng uỷ tiếp thu: bài không có phần liên hệ thì trả lại để viết thêm.", 4),
    Idea("4", [(5, "Đảng viên cao tuổi, mắt kém nên được trình bày miệng thay bài viết.")],
         EXPLAINED, "Trình bày miệng thay bài viết", "Hướng dẫn đã cho phép; chi bộ ghi lại nội dung trình bày và báo về văn phòng Đảng uỷ."),
    Idea("5", [(4, "Nên mời cả giáo viên chưa vào Đảng cùng học.")],
         EXPLAINED, "Mời giáo viên cùng học", "Chi bộ nhà trường đã mời; danh sách dự học ghi riêng."),
    Idea("6", [(9, "Mỗi kỳ sinh hoạt chọn một việc cụ thể, kỳ sau kiểm lại xem đã làm chưa."), (4, "Học Bác thì phải ra việc: họp lần này nhận việc, lần sau báo cáo kết quả.")],
         ACCEPTED, "Mỗi kỳ sinh hoạt một việc cụ thể, có kiểm lại", "Đảng uỷ tiếp thu, ghi thành việc thường xuyên của mỗi kỳ sinh hoạt.", 6),
    Idea("6", [(6, "Sinh hoạt chi bộ nên bớt đọc văn bản, dành thời gian cho thảo luận.")],
         ACCEPTED, "Bớt đọc văn bản trong sinh hoạt chi bộ", "Đảng uỷ tiếp thu: văn bản gửi trước, buổi sinh hoạt dành ít nhất một nửa cho thảo luận.", 6),
    Idea("7", [(7, "Mỗi khu phố nên lập một tổ tự quản, hằng quý họp với dân."), (3, "Giữ khu phố yên lành phải dựa vào dân, xin lập tổ tự quản ở từng khu.")],
         ACCEPTED, "Tổ tự quản của khu phố", "Đảng uỷ tiếp thu: mỗi khu một tổ tự quản, họp dân mỗi quý một lần.", 7),
    Idea("7", [(5, "Ngõ vắng sau chợ cần thêm đèn chiếu sáng.")],
         PASSED_ON, "Đèn chiếu sáng ngõ sau chợ", "Đảng uỷ chuyển Uỷ ban nhân dân phường đưa vào kế hoạch sửa chữa quý IV.", 0, "Uỷ ban nhân dân phường"),
    Idea("8", [(6, "Báo cáo nên gửi cả cho các chi bộ, không chỉ gửi lên trên.")],
         ACCEPTED, "Gửi báo cáo tới các chi bộ", "Đảng uỷ tiếp thu: báo cáo gửi các chi bộ và công khai tại trụ sở.", 8),
    Idea(PLAN, [(5, "Kế hoạch còn chung chung, nên có chỉ tiêu cho từng việc.")],
         ACCEPTED, "Có chỉ tiêu cho từng việc", "Đảng uỷ tiếp thu trước hết với bài thu hoạch: có chỉ tiêu số bài được trao đổi lại.", 4),
    Idea(PLAN, [(4, "Kế hoạch phải ghi rõ ai chịu trách nhiệm từng việc.")],
         EXPLAINED, "Ghi rõ người chịu trách nhiệm", "Mỗi nhiệm vụ đã có đơn vị, người chủ trì; từ nay văn phòng Đảng uỷ nhắc việc theo tên người đứng đầu."),
    Idea(BODY, [(12, "Ban Thường vụ cần xuống dự sinh hoạt với chi bộ nhiều hơn."), (5, "Cả năm mới thấy một đồng chí Thường vụ về họp với khu, mong các đồng chí về thường xuyên.")],
         ACCEPTED, "Uỷ viên Ban Thường vụ dự sinh hoạt chi bộ", "Ban Thường vụ tiếp thu, bổ sung thành một nhiệm vụ riêng của kế hoạch.", 10),
    Idea(BODY, [(8, "Nên niêm yết lịch tiếp dân của từng đồng chí tại nhà văn hoá các khu.")],
         ACCEPTED, "Niêm yết lịch tiếp dân", "Ban Thường vụ tiếp thu, bổ sung thành một nhiệm vụ riêng của kế hoạch.", 9),
    Idea(BODY, [(6, "Kiểm tra chi bộ xong, Ban Thường vụ phải có kết luận bằng văn bản.")],
         EXPLAINED, "Kết luận kiểm tra bằng văn bản", "Các cuộc kiểm tra từ quý II đều có thông báo kết luận; văn phòng gửi lại cho chi bộ nào chưa nhận được."),
    Idea(BODY, [(6, "Họp hành còn nhiều và kéo dài, nên gộp lại."), (3, "Bớt họp đi để cán bộ có thời gian xuống với dân.")],
         EXPLAINED, "Bớt họp", "Từ tháng tám, hội nghị giao ban gộp với hội nghị bí thư chi bộ, mỗi tháng một buổi."),
    Idea(BODY, [(7, "Ban Thường vụ đoàn kết, làm việc nền nếp, giữ được uy tín.")],
         EXPLAINED, "Ghi nhận ưu điểm", "Ban Thường vụ cảm ơn và ghi vào phần ưu điểm của bản kiểm điểm."),
    Idea(BODY, [(5, "Trước khi bố trí cán bộ khu phố nên lấy ý kiến chi bộ.")],
         EXPLAINED, "Lấy ý kiến chi bộ về cán bộ khu phố", "Quy chế hiện hành đã quy định; Ban Thường vụ sẽ gửi danh sách dự kiến sớm hơn."),
    Idea(GENERAL, [(6, "Nhà văn hoá khu 3 dột, mùa mưa họp chi bộ rất khó.")],
         PASSED_ON, "Sửa nhà văn hoá khu 3", "Đảng uỷ chuyển Uỷ ban nhân dân phường kiểm tra, sửa trước mùa mưa sau.", 0, "Uỷ ban nhân dân phường"),
    Idea(GENERAL, [(5, "Loa truyền thanh nói nhỏ, khu 6 không nghe được.")],
         PASSED_ON, "Loa truyền thanh khu 6", "Đảng uỷ chuyển Uỷ ban nhân dân phường chỉnh lại cụm loa.", 0, "Uỷ ban nhân dân phường"),
    Idea(GENERAL, [(4, "Người đi làm xa nên được nộp đảng phí theo quý.")],
         OUTSIDE, "Nộp đảng phí theo quý", "Việc này theo quy định chung về đảng phí, không thuộc nội dung lấy ý kiến lần này."),
    Idea("Phạm Văn Quyết", [(6, "Đồng chí nên đi cơ sở nhiều hơn, nghe dân nói trực tiếp."), (3, "Đồng chí kết luận hội nghị rõ ràng, dễ làm theo.")]),
    Idea("Vũ Thị Hồng Nhung", [(5, "Đồng chí sâu sát công việc, nên mạnh dạn giao việc cho cấp dưới.")]),
    Idea("Đinh Quang Huy", [(6, "Đồng chí cần đôn đốc bộ phận một cửa thường xuyên hơn."), (3, "Đồng chí trả lời kiến nghị của khu còn chậm.")]),
    Idea("Bùi Đức Thịnh", [(4, "Đồng chí gần gũi với chi bộ, nên nói ngắn hơn khi họp.")]),
    Idea("Hoàng Minh Tiến", [(5, "Đồng chí nắm chắc địa bàn, cần phối hợp với các khu sớm hơn khi có việc.")]),
]  # fmt: skip

LETTERS = [  # unit, people behind, day, (about, words)
    ("Chi bộ Khu 1", 24, date(2012, 6, 27), [("2", "Chi bộ đề nghị bộ phận một cửa niêm yết số điện thoại để người dân phản ánh."), ("7", "Mỗi khu phố nên lập một tổ tự quản, hằng quý họp với dân.")]),
    ("Chi bộ Khu 2", 22, date(2012, 6, 29), [("1", "Nên gửi bản kiểm điểm của từng uỷ viên cho chi bộ góp ý trước mười ngày."), (BODY, "Ban Thường vụ cần xuống dự sinh hoạt với chi bộ nhiều hơn.")]),
    ("Chi bộ Khu 3", 25, date(2012, 7, 2), [("", "Nhà văn hoá khu 3 dột, mùa mưa họp chi bộ rất khó."), ("3", "Tài liệu học tập phải gửi trước ít nhất ba ngày.")]),
    ("Chi bộ Khu 4", 19, date(2012, 7, 3), [("6", "Sinh hoạt chi bộ nên bớt đọc văn bản, dành thời gian cho thảo luận.")]),
    ("Chi bộ Khu 5", 22, date(2012, 7, 4), [("4", "Bí thư cần đọc và trao đổi lại từng bài thu hoạch."), ("6", "Mỗi kỳ sinh hoạt chọn một việc cụ thể, kỳ sau kiểm lại xem đã làm chưa."), (BODY, "Nên niêm yết lịch tiếp dân của từng đồng chí tại nhà văn hoá các khu.")]),
    ("Chi bộ Khu 6", 18, date(2012, 7, 5), [("", "Loa truyền thanh nói nhỏ, khu 6 không nghe được.")]),
    ("Chi bộ Cơ quan phường", 20, date(2012, 7, 6), [("8", "Báo cáo nên gửi cả cho các chi bộ, không chỉ gửi lên trên."), (BODY, "Họp hành còn nhiều và kéo dài, nên gộp lại.")]),
    ("Chi bộ Trường Tiểu học", 15, date(2012, 7, 6), [("5", "Nên mời cả giáo viên chưa vào Đảng cùng học."), ("3", "Học dồn vào một buổi thì dài quá, nên chia làm hai buổi.")]),
    ("Chi bộ Trường Mầm non", 10, date(2012, 7, 9), [("3", "Nên có lớp học buổi tối cho người đi làm xa.")]),
    ("Chi bộ Công an – Quân sự", 12, date(2012, 7, 9), [("7", "Ngõ vắng sau chợ cần thêm đèn chiếu sáng.")]),
    ("Cơ quan Uỷ ban nhân dân phường", 11, date(2012, 7, 10), [("2", "Hồ sơ trễ hẹn thì cán bộ phải xin lỗi dân bằng văn bản."), (PLAN, "Kế hoạch phải ghi rõ ai chịu trách nhiệm từng việc.")]),
    ("Trạm Y tế phường", 4, date(2012, 7, 11), [(PLAN, "Kế hoạch còn chung chung, nên có chỉ tiêu cho từng việc.")]),
]  # fmt: skip

UNASKED = [  # received, how, from whom, people behind, words, kind, summary, answer, passed to
    (date(2012, 4, 20), "thư", "Bà Trần Thị Hợi, tổ 4 khu 2 (tên tưởng tượng)", 1, "Tôi đi làm giấy khai sinh cho cháu ba lần mới xong, mong phường chỉ rõ một lần phải mang giấy tờ gì.",
     PASSED_ON, "Hướng dẫn giấy tờ một lần", "Đảng uỷ chuyển bộ phận một cửa; bảng hướng dẫn đã treo từ ngày 02/5.", "Uỷ ban nhân dân phường", date(2012, 5, 4)),
    (date(2012, 5, 15), "điện thoại", "Ông Lý Văn Tài, khu 6 (tên tưởng tượng)", 1, "Đường vào khu 6 ngập khi mưa, xe của học sinh đi rất khó.",
     PASSED_ON, "Đường vào khu 6 ngập", "Đảng uỷ chuyển Uỷ ban nhân dân phường; cống được khơi trước ngày 15/6.", "Uỷ ban nhân dân phường", date(2012, 5, 25)),
    (date(2012, 8, 7), "hòm thư", "", 0, "Mong các đồng chí lãnh đạo phường đi bộ qua chợ một buổi sáng cho biết.",
     EXPLAINED, "Lãnh đạo đi thực tế ở chợ", "Bí thư và Chủ tịch phường đã đi chợ sáng 14/8; ba việc được ghi lại và giao ngay.", "", date(2012, 8, 15)),
    (date(2012, 9, 12), "thư", "Các hộ tổ 7, khu 3 (tên tưởng tượng)", 9, "Xin cho biết bao giờ công bố kết quả kiểm điểm của phường.",
     EXPLAINED, "Công bố kết quả kiểm điểm", "Theo kế hoạch sửa đổi, kết quả được thông báo tới chi bộ và khu phố trong mười lăm ngày sau kiểm điểm.", "", date(2012, 9, 21)),
]  # fmt: skip
ANSWERED_FROM = date(2012, 7, 25)


@dataclass(frozen=True)
class Sent:
    """One submission: how it is said and came, whose it is where it is signed, its points."""

    how: str
    way: str
    points: Sequence[tuple[str, str]]
    author: Someone | None = None


def write(members: Sequence[Someone], random: Random) -> None:
    """Write every file about comments. ``members``: those asked."""
    sent = list(_submissions(members, random))
    rows = [
        [n, one.how, one.way, *_author(one.author), about, words]
        for n, one in enumerate(sent, 1)
        for about, words in one.points or [("", "")]
    ]
    headings = ["Lượt", "Cách gửi", "Qua", "Họ và tên", "Ngày sinh", "Đơn vị", "Về", "Nội dung"]
    sheets.write_csv("y-kien/gop-y.csv", headings, rows)
    letters = [
        [n, unit, people, f"{day:%d/%m/%Y}", about, words]
        for n, (unit, people, day, points) in enumerate(LETTERS, 1)
        for about, words in points
    ]
    sheets.write_csv("y-kien/thu-cua-don-vi.csv", ["Thư", "Đơn vị", "Số người", "Ngày", "Về", "Nội dung"], letters)
    headings = [
        "Ngày",
        "Qua",
        "Người gửi",
        "Số người",
        "Nội dung",
        "Kết quả",
        "Tóm tắt",
        "Trả lời",
        "Chuyển đến",
        "Ngày trả lời",
    ]
    unasked = [[f"{day:%d/%m/%Y}", *rest, f"{answered:%d/%m/%Y}"] for day, *rest, answered in UNASKED]
    sheets.write_csv("y-kien/so-gop-y.csv", headings, unasked)
    said = [point for one in sent for point in one.points] + [point for *_, points in LETTERS for point in points]
    _write_answers(said)


def _author(author: Someone | None) -> list[str]:
    return [author.name, author.born, author.unit_on(OPENS)] if author else ["", "", ""]


def _submissions(members: Sequence[Someone], random: Random) -> Iterator[Sent]:
    """Everybody's points dealt out: first those on persons, never to somebody without a name or to that person."""
    pool = [(idea.about, _varied(words, random)) for idea in IDEAS for many, words in idea.ways for _ in range(many)]
    random.shuffle(pool)
    on_persons = [point for point in pool if _is_person(point[0])]
    others = [point for point in pool if not _is_person(point[0])]
    signers = random.sample([one for one in members if not _is_person(one.name)], MANY[SIGNED])
    ways = [CALLED] * CALLS + [SCREEN] * (MANY[SIGNED] - CALLS)
    hands = [Hand(SIGNED, way, author) for way, author in zip(ways, signers, strict=True)]
    hands += [Hand(KEPT, SCREEN) for _ in range(MANY[KEPT])]
    named = list(hands)
    hands += [Hand(NAMELESS, SLIP if n < SLIPS else SCREEN) for n in range(MANY[NAMELESS])]
    _deal(others, hands, random)
    _deal(on_persons, named, random)
    hands += [Hand(NOTHING, SCREEN) for _ in range(MANY[NOTHING])]
    random.shuffle(hands)
    for hand in hands:
        yield Sent(hand.how, hand.way, hand.points, hand.author)


class Hand:
    """A submission while points are dealt."""

    def __init__(self, how: str, way: str, author: Someone | None = None) -> None:
        self.how, self.way, self.author = how, way, author
        self.points: list[tuple[str, str]] = []


def _deal(points: Sequence[tuple[str, str]], hands: Sequence[Hand], random: Random) -> None:
    """One each, then by chance; nobody says two things about the same."""
    for n, (about, words) in enumerate(points):
        free = [hand for hand in hands if about not in {other for other, _ in hand.points}]
        empty = [hand for hand in free if not hand.points]
        (empty[0] if n < len(hands) and empty else random.choice(free)).points.append((about, words))


def _is_person(about: str) -> bool:
    return any(idea.about == about and not idea.kind for idea in IDEAS)


# --- how people write -------------------------------------------------------------------------------------------------

BEFORE = ["Tôi thấy ", "Theo tôi, ", "Đề nghị: ", "Kính đề nghị: "]


def _varied(words: str, random: Random) -> str:
    """The words as somebody else would write them."""
    change = random.choices([_same, _bare, _small, _old_marks, _with_a_start, _slip, _loud], [30, 18, 14, 12, 12, 9, 5])
    return change[0](words, random)


def _same(words: str, _random: Random) -> str:
    return words


def _bare(words: str, random: Random) -> str:
    """Without marks, as on a telephone without a Vietnamese keyboard."""
    letters = unicodedata.normalize("NFD", words.lower().rstrip(".").replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)) + random.choice(["", "."])


def _small(words: str, _random: Random) -> str:
    return words.lower().rstrip(".")


def _old_marks(words: str, _random: Random) -> str:
    """Marks where others put them: hoá, hóa; uỷ, ủy."""
    for new, old in (("oá", "óa"), ("oà", "òa"), ("uỷ", "ủy"), ("Uỷ", "Ủy"), ("uý", "úy"), ("ọa", "oạ")):
        words = words.replace(new, old)
    return words


def _with_a_start(words: str, random: Random) -> str:
    return random.choice(BEFORE) + words[0].lower() + words[1:]


def _slip(words: str, random: Random) -> str:
    """Two letters exchanged inside a long word."""
    parts = words.split(" ")
    long = [place for place, part in enumerate(parts) if len(part.strip(".,:")) > 4]  # noqa: PLR2004 - letters
    if not long:
        return words
    place = random.choice(long)
    part = parts[place]
    parts[place] = part[0] + part[2] + part[1] + part[3:]
    return " ".join(parts)


def _loud(words: str, _random: Random) -> str:
    return words.rstrip(".") + "!"


# --- what the desk does -----------------------------------------------------------------------------------------------


def _write_answers(said: Sequence[tuple[str, str]]) -> None:
    """Which sentences go together, one line for each group the search leaves; and the answer to each idea."""
    together: list[list[object]] = []
    answers: list[list[object]] = []
    desk = [idea for idea in IDEAS if idea.kind]
    for n, idea in enumerate(desk, 1):
        together += [[n, idea.about, words] for words in _heads(idea, said)]
        day = ANSWERED_FROM + timedelta(days=n % 4 * 7)
        clause = idea.measure or ""
        answers.append([n, idea.kind, idea.summary, idea.answer, clause, idea.passed_to, f"{day:%d/%m/%Y}"])
    sheets.write_csv("y-kien/gop-lai.csv", ["Số", "Về", "Câu tiêu biểu"], together)
    headings = ["Số", "Kết quả", "Tóm tắt", "Trả lời", "Nhiệm vụ của kế hoạch", "Chuyển đến", "Ngày"]
    sheets.write_csv("y-kien/tra-loi.csv", headings, answers)


def _heads(idea: Idea, said: Sequence[tuple[str, str]]) -> list[str]:
    """One sentence for each group found among everything said about the same thing, where it says this idea."""
    same = [words for about, words in said if about == idea.about]
    ours = _sayer(idea)
    found = [[same[place] for place in group] for group in group_texts(same).groups]
    mixed = [group for group in found if any(map(ours, group)) and not all(map(ours, group))]
    if mixed:
        raise ValueError(mixed)
    plain = [words for _, words in idea.ways]
    return [min(group, key=lambda words: (words not in plain, words)) for group in found if ours(group[0])]


def _sayer(idea: Idea) -> Callable[[str], bool]:
    """Whether a sentence says this idea: its own words are nearest to it."""
    own = [set(fold(words).rstrip(".").split()) for _, words in idea.ways]
    others = [
        set(fold(words).rstrip(".").split())
        for each in IDEAS
        if each.about == idea.about and each is not idea
        for _, words in each.ways
    ]

    def near(words: str, among: Sequence[set[str]]) -> float:
        said = set(fold(words).rstrip(".!").split())
        return max((len(said & one) / len(said | one) for one in among), default=0)

    return lambda words: near(words, own) > near(words, others)
