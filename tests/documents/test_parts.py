from dataclasses import replace
from datetime import date

from tests.documents.samples import letter, report, sign_in_sheet
from trienkhai.documents import load_profile
from trienkhai.documents.parts import Role, foot, head

PROFILE = load_profile()


def texts(*lines: object) -> list[str]:
    return [getattr(line, "text", "").replace("\u00a0", " ") for line in lines]


def test_the_head_of_a_report() -> None:
    parts = head(report(), PROFILE)
    assert texts(*parts.organs) == ["ĐẢNG BỘ THÀNH PHỐ MÓNG CÁI", "ĐẢNG UỶ PHƯỜNG HOÀ LẠC", "*"]
    assert texts(*parts.titles) == ["ĐẢNG CỘNG SẢN VIỆT NAM"]
    assert texts(*parts.numbers) == ["Số 127-BC/ĐU"]
    assert texts(*parts.place_day) == ["Hoà Lạc, ngày 03 tháng 11 năm 2012"]
    assert texts(*parts.title) == ["BÁO CÁO", "sơ kết việc triển khai Nghị quyết", "-----"]


def test_the_day_is_never_broken_over_two_lines() -> None:
    (line,) = head(report(), PROFILE).place_day
    assert line.text.split() == ["Hoà", "Lạc,", *["ngày", "03", "tháng", "11", "năm", "2012"]]
    assert "ngày\u00a003\u00a0tháng\u00a011\u00a0năm\u00a02012" in line.text


def test_without_a_place_the_day_stands_alone() -> None:
    document = report()
    header = replace(document.header, place="", day=date(2012, 10, 5))
    (line,) = head(replace(document, header=header), PROFILE).place_day
    assert line.text == "Ngày 05 tháng 10 năm 2012"
    nothing = replace(document, header=replace(header, day=None))
    assert head(nothing, PROFILE).place_day == ()


def test_a_letter_has_its_subject_below_the_number_and_room_for_the_day() -> None:
    parts = head(letter(), PROFILE)
    assert [line.role for line in parts.numbers] == [Role.NUMBER, Role.LETTER_SUBJECT]
    assert texts(*parts.place_day) == ["Hoà Lạc, ngày      tháng      năm"]
    assert parts.title == ()


def test_nothing_is_filled_in_twice() -> None:
    document = report()
    header = replace(document.header, number="{place}-BC/ĐU", place="{day}", day=date(2012, 1, 2))
    parts = head(replace(document, header=header), PROFILE)
    assert texts(*parts.numbers, *parts.place_day) == ["Số {place}-BC/ĐU", "{day}, ngày 02 tháng 01 năm 2012"]


def test_a_working_list_has_a_title_only() -> None:
    parts = head(sign_in_sheet(), PROFILE)
    assert (parts.organs, parts.titles, parts.numbers, parts.place_day) == ((), (), (), ())
    assert texts(*parts.title) == ["DANH SÁCH", "Chi bộ khu 5"]


def test_the_foot() -> None:
    parts = foot(report(), PROFILE)
    (signature,) = parts.signatures
    assert texts(*signature.above, *signature.below) == ["T/M ĐẢNG UỶ", "PHÓ BÍ THƯ", "Nguyễn Văn An"]
    assert texts(*parts.recipients)[0] == "Nơi nhận:"
    assert texts(*parts.recipients)[-1] == "- Lưu Văn phòng Đảng uỷ."
    assert foot(letter(), PROFILE).recipients == ()


def test_the_title_of_the_file() -> None:
    assert report().file_title() == "Báo cáo sơ kết việc triển khai Nghị quyết"
    assert replace(report(), title="Tên").file_title() == "Tên"
