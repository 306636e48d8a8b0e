import io
from collections import Counter
from datetime import date

import pytest

from tests.imports.lists import builders
from tests.imports.lists.builders import TODAY
from tests.imports.lists.ward import CELLS, Member, members
from trienkhai.core.decisions import Invalid
from trienkhai.imports.rules.books import Book, GridSheet
from trienkhai.imports.rules.cells import Cells
from trienkhai.imports.rules.fields import Field, ListKind
from trienkhai.imports.rules.layouts import find_layout
from trienkhai.imports.rules.problems import FileFault, RowFault
from trienkhai.imports.rules.reading import Notes, ParsedList, ParsedRow, chosen, read_list, read_rows, survey_book
from trienkhai.imports.rules.unit_names import unit_key


def read(*lines: Cells, name: str = "", kind: ListKind | None = None) -> list[ParsedRow]:
    width = max(map(len, lines))
    sheet = GridSheet(name, [[*line, *[""] * (width - len(line))] for line in lines])
    book = Book([sheet])
    return list(read_rows(book, survey_book(book, kind), on=TODAY, notes=Notes()))


def one_row(headings: list[str], cells: Cells) -> ParsedRow:
    (row,) = read(["STT", "Họ và tên", *headings, "Chi bộ"], [1, "Nguyễn Văn An", *cells, "CB 1"])
    return row


def codes(row: ParsedRow) -> list[str]:
    return [str(fault.code) for fault in row.faults]


def everybody(parsed: ParsedList, *, whole_births: bool = True) -> Counter[tuple[str, str, str]]:
    return Counter(
        (row.values["name"], row.values["birth"][: None if whole_births else 4], unit_key(row.values["unit"]))
        for row in parsed.rows
    )


def expected(births: str = "%Y-%m-%d") -> Counter[tuple[str, str, str]]:
    return Counter((one.name, one.birth.strftime(births), unit_key(one.cell)) for one in members())


def test_the_plain_list_is_read_whole() -> None:
    parsed = read_list(builders.plain(), on=TODAY)
    assert parsed.survey.kind is ListKind.MEMBERS
    assert everybody(parsed) == expected()
    assert all(row.is_good for row in parsed.rows)
    first, one = parsed.rows[0], members()[0]
    assert (first.line, first.values["phone"], first.values["sex"]) == (2, one.phone, "m")
    assert first.values["official_on"] == one.official.isoformat()  # type: ignore[union-attr]


def test_groups_merged_headings_and_footers() -> None:
    parsed = read_list(builders.grouped(), on=TODAY)
    assert everybody(parsed, whole_births=False) == expected("%Y")
    assert all(row.is_good for row in parsed.rows)
    read = Counter((row.values["name"], row.values["sex"], row.values["admitted_on"]) for row in parsed.rows)
    assert read == Counter((one.name, "f" if one.is_female else "m", one.admitted.isoformat()) for one in members())
    assert parsed.notes.counts == {"group": 24, "footer": 5, "heading": 2}
    assert ("Sheet", 618, "footer", "Trần Thị Người Lập | Lê Văn Ký") in parsed.notes.lines


def test_private_columns_are_known_and_off() -> None:
    (layout,) = read_list(builders.grouped(), on=TODAY).survey.layouts
    by_field = {column.field: column for column in layout.columns}
    assert not by_field[Field.ADDRESS].is_read
    assert not by_field[Field.IDENTITY_NUMBER].is_read
    assert by_field[Field.IDENTITY_NUMBER].is_private
    parsed = read_list(builders.grouped(), on=TODAY)
    assert not any("Hải Bình" in row.values.values() for row in parsed.rows)


def test_a_sheet_for_each_cell() -> None:
    parsed = read_list(builders.sheet_for_each_cell(), on=TODAY)
    assert parsed.survey.hidden == ("DM",)
    assert parsed.survey.without_list == ("Tổng hợp",)
    assert len({layout.key for layout in parsed.survey.layouts}) == 1
    assert Counter(row.values["name"] for row in parsed.rows) == Counter(one.name for one in members())
    cells = Counter(row.values["unit"] for row in parsed.rows)
    assert len(cells) == len(CELLS)
    assert cells["CB KP 5"] == sum(one.cell == "Chi bộ khu phố 5" for one in members())


def test_without_marks_and_the_cell_on_the_first_row_alone() -> None:
    parsed = read_list(builders.unmarked(), on=TODAY)
    assert everybody(parsed) == expected("%Y")
    fields = {column.field: column.is_read for column in parsed.survey.layouts[0].columns}
    assert fields[Field.ETHNICITY] is False
    assert fields[Field.RELIGION] is False


def test_a_list_of_units() -> None:
    parsed = read_list(builders.units(), on=TODAY)
    assert parsed.survey.kind is ListKind.UNITS
    by_name = {row.values["unit"]: row.values for row in parsed.rows}
    assert len(by_name) == 18
    school = by_name["Chi bộ Trường Tiểu học Bến Lau"]
    assert (school["parent_unit"], school["unit_kind"], school["founded_on"]) == (
        "Đảng bộ bộ phận Trường học",
        "cell",
        "2010",
    )
    assert by_name["Chi bộ khu phố 1"]["founded_on"] == "2005-06-01"
    assert by_name["Đảng bộ bộ phận Trường học"]["unit_kind"] == "section"


def test_a_list_of_posts() -> None:
    parsed = read_list(builders.posts(), on=TODAY)
    assert parsed.survey.kind is ListKind.POSTS
    assert len(parsed.rows) == 73
    last = parsed.rows[-1].values
    assert (last["party_post"], last["body"], last["unit"], last["starts_on"]) == (
        "Uỷ viên Ban Thường vụ",
        "Ban Thường vụ Đảng uỷ",
        "Đảng bộ phường Bến Lau",
        "2025-06-15",
    )


@pytest.mark.parametrize(("encoding", "separator"), [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t")])
def test_text_files(encoding: str, separator: str) -> None:
    assert everybody(read_list(builders.as_csv(encoding, separator), on=TODAY)) == expected()


def test_without_any_heading_the_cells_decide() -> None:
    def bare(one: Member, number: int) -> Cells:
        return [number, one.name, f"{one.birth:%d/%m/%Y}", "Nữ" if one.is_female else "Nam", one.cell, "0912345678"]

    lines: list[Cells] = [bare(one, number) for number, one in enumerate(members()[:40], 1)]
    rows = read(*lines)
    assert [row.values["name"] for row in rows] == [one.name for one in members()[:40]]
    assert rows[3].values["birth"] == members()[3].birth.isoformat()
    assert rows[3].values["unit"] == members()[3].cell
    assert rows[3].values["phone"] == "0912345678"


def test_one_heading_over_family_and_given_name() -> None:
    rows = read(
        ["TT", "Họ và tên", "", "Năm sinh", "Chi bộ"],
        [1, "Nguyễn Văn", "An", 1968, "CB 1"],
        [2, "Trần Thị", "Bình", 1970, "CB 1"],
        [3, "Lê", "Cường", 1971, "CB 1"],
    )
    assert [row.values["name"] for row in rows] == ["Nguyễn Văn An", "Trần Thị Bình", "Lê Cường"]


def test_birth_in_three_columns() -> None:
    rows = read(
        ["TT", "Họ và tên", "Ngày sinh", "", "", "Chi bộ"],
        ["", "", "Ngày", "Tháng", "Năm", ""],
        [1, "Nguyễn Văn An", 12, 5, 1968, "CB 1"],
        [2, "Trần Thị Bình", "", "", 1970, "CB 1"],
    )
    assert [row.values["birth"] for row in rows] == ["1968-05-12", "1970"]


def test_crosses_for_sex_and_standing() -> None:
    rows = read(
        ["TT", "Họ và tên", "Năm sinh", "Nữ", "Đảng viên", "", "Chi bộ"],
        ["", "", "", "", "Chính thức", "Dự bị", ""],
        [1, "Nguyễn Văn An", 1968, "", "x", "", "CB 1"],
        [2, "Trần Thị Bình", 1990, "x", "", "x", "CB 1"],
    )
    assert [(row.values.get("sex"), row.values["kind"]) for row in rows] == [
        (None, "official"),
        ("f", "probationary"),
    ]


def test_ditto_marks_repeat_the_line_above() -> None:
    rows = read(
        ["TT", "Họ và tên", "Năm sinh", "Chi bộ", "Ngày vào Đảng"],
        [1, "Nguyễn Văn An", 1968, "Chi bộ 1", "3/2/1990"],
        [2, "Trần Thị Bình", 1970, "-nt-", '"'],
        [3, "Lê Văn Cường", 1971, "nt", "//"],
        [4, "Lê Văn Dũng", 1972, "Chi bộ 2", "3/2/1999"],
    )
    assert [row.values["unit"] for row in rows] == ["Chi bộ 1", "Chi bộ 1", "Chi bộ 1", "Chi bộ 2"]
    assert rows[2].values["admitted_on"] == "1990-02-03"


def test_a_blank_cell_in_a_filled_column_is_a_fault_not_a_guess() -> None:
    filled: list[Cells] = [[n, f"Nguyễn Văn {chr(64 + n)}n", 1960 + n, "Chi bộ 1"] for n in range(1, 10)]
    rows = read(["TT", "Họ và tên", "Năm sinh", "Chi bộ"], *filled, [10, "Lê Văn Cường", 1971, ""])
    assert codes(rows[-1]) == [RowFault.UNIT_MISSING]


def test_nested_groups_keep_their_path() -> None:
    rows = read(
        ["TT", "Họ và tên", "Năm sinh"],
        ["A", "Đảng bộ bộ phận Trường học", ""],
        ["I", "Chi bộ 1", ""],
        [1, "Nguyễn Văn An", 1968],
        ["II", "Chi bộ 2", ""],
        [2, "Trần Thị Bình", 1970],
        ["B", "Đảng bộ bộ phận Khu phố", ""],
        ["I", "Chi bộ 3", ""],
        [3, "Lê Văn Cường", 1971],
    )
    assert [row.group for row in rows] == [
        ("Đảng bộ bộ phận Trường học", "Chi bộ 1"),
        ("Đảng bộ bộ phận Trường học", "Chi bộ 2"),
        ("Đảng bộ bộ phận Khu phố", "Chi bộ 3"),
    ]
    assert rows[1].values["parent_unit"] == "Đảng bộ bộ phận Trường học"


def test_the_cell_named_in_the_title() -> None:
    rows = read(
        ["ĐẢNG BỘ PHƯỜNG BẾN LAU", "", ""],
        ["CHI BỘ KHU PHỐ 7", "", ""],
        ["DANH SÁCH ĐẢNG VIÊN NĂM 2026", "", ""],
        ["TT", "Họ và tên", "Năm sinh"],
        [1, "Nguyễn Văn An", 1968],
    )
    assert rows[0].values["unit"] == "Chi bộ Khu phố 7"


def test_people_whose_names_look_like_groups() -> None:
    rows = read(
        ["TT", "Họ và tên", "Năm sinh", "Chi bộ"],
        [1, "Trương Văn Hội", "", "Chi bộ 1"],
        [2, "Đoàn Thị Hoa", 1970, "Chi bộ 1"],
        [3, "Tô Văn An", "", "Chi bộ 1"],
    )
    assert [row.values["name"] for row in rows] == ["Trương Văn Hội", "Đoàn Thị Hoa", "Tô Văn An"]
    assert all(row.is_good for row in rows)


@pytest.mark.parametrize(
    ("headings", "cells", "fault"),
    [
        (["Ngày sinh"], ["31/02/1968"], RowFault.BAD_DATE),
        (["Ngày sinh"], ["01/01/2030"], RowFault.BIRTH_IN_FUTURE),
        (["Ngày sinh"], [""], RowFault.BIRTH_MISSING),
        (["Năm sinh"], [1850], RowFault.BIRTH_TOO_EARLY),
        (["Ngày sinh"], [date(1905, 5, 21)], RowFault.READ_AS_YEAR),
        (["Năm sinh", "Ngày vào Đảng"], [1968, "chưa rõ"], RowFault.BAD_DATE),
        (["Năm sinh", "Ngày vào Đảng"], [1968, "01/01/2030"], RowFault.DATE_IN_FUTURE),
        (["Năm sinh", "Ngày vào Đảng"], [1968, "01/01/1960"], RowFault.DATES_OUT_OF_ORDER),
        (["Năm sinh", "Ngày vào Đảng"], [1968, "01/01/1980"], RowFault.ADMITTED_UNDER_AGE),
        (
            ["Năm sinh", "Ngày vào Đảng", "Ngày chính thức"],
            [1968, "01/01/1995", "01/01/1994"],
            RowFault.DATES_OUT_OF_ORDER,
        ),
        (["Năm sinh", "Giới tính"], [1968, "?"], RowFault.UNKNOWN_SEX),
        (["Năm sinh", "Loại đảng viên"], [1968, "???"], RowFault.UNKNOWN_STANDING),
        (["Năm sinh", "Ghi chú"], [1968, "x" * 501], RowFault.TOO_LONG),
    ],
)
def test_each_fault_is_named(headings: list[str], cells: Cells, fault: RowFault) -> None:
    assert codes(one_row(headings, cells)) == [fault]


def test_faults_of_names() -> None:
    rows = read(
        ["TT", "Họ và tên", "Năm sinh", "Chi bộ"],
        [1, "", 1968, "Chi bộ 1"],
        [2, "Nguyễn Văn 4n", 1968, "Chi bộ 1"],
        [3, "Mơ", 1968, "Chi bộ 1"],
        [4, "Đ/c Lê Văn Cường", 1971, "Chi bộ 1"],
    )
    assert [codes(row) for row in rows] == [
        [RowFault.NO_NAME],
        [RowFault.NAME_HAS_DIGITS],
        [RowFault.NAME_ONE_WORD],
        [],
    ]
    assert [row.is_good for row in rows] == [False, False, True, True]
    assert rows[3].values["name"] == "Lê Văn Cường"


def test_doubles_and_namesakes() -> None:
    rows = read(
        ["TT", "Họ và tên", "Ngày sinh", "Chi bộ"],
        [1, "Nguyễn Văn Hoà", "12/5/1968", "Chi bộ 1"],
        [2, "Nguyễn Văn Hòa", "12/05/1968", "CB 1"],
        [3, "Nguyễn Văn Hoà", "12/5/1968", "Chi bộ 2"],
        [4, "Nguyễn Văn Hoà", "13/5/1968", "Chi bộ 1"],
        [5, "Nguyễn Văn Hoà", "1968", "Chi bộ 1"],
        [6, "Nguyễn Văn Hoà", "1968", "Chi bộ 3"],
        [7, "Nguyễn Văn Hoa", "12/5/1968", "Chi bộ 1"],
    )
    assert [codes(row) for row in rows] == [
        [],
        [RowFault.DUPLICATE_IN_LIST],
        [RowFault.IN_TWO_UNITS],
        [],
        [RowFault.NAMESAKE_UNCLEAR],
        [],
        [],
    ]
    assert rows[1].faults[0].params == {"first": "2"}


def test_a_phone_typed_as_a_number_gets_its_zero_back() -> None:
    assert one_row(["Năm sinh", "Điện thoại"], [1968, 912345678.0]).values["phone"] == "0912345678"


def test_exempt_is_any_mark_but_no() -> None:
    assert one_row(["Năm sinh", "Miễn SH"], [1940, "x"]).values["exempt"] == "1"
    assert "exempt" not in one_row(["Năm sinh", "Miễn SH"], [1940, "không"]).values


def test_people_who_are_not_members() -> None:
    assert one_row(["Năm sinh", "Đối tượng"], [1990, "Quần chúng"]).values["kind"] == "other"
    assert one_row(["Năm sinh", "Đối tượng"], [1990, "Đảng viên"]).values.get("kind") is None


def test_a_column_can_be_turned_on_off_and_given_another_meaning() -> None:
    sheet = GridSheet(
        "",
        [
            ["TT", "Họ và tên", "Năm sinh", "Chi bộ", "Số thẻ", "Màu mắt", "Điện thoại"],
            [1, "Nguyễn Văn An", 1968, "CB 1", "0123", "nâu", "0912"],
        ],
    )
    book = Book([sheet])
    survey = survey_book(book)
    choices = {survey.layouts[0].key: {4: Field.CARD_NUMBER, 5: Field.NOTE, 6: None}}
    (row,) = read_rows(book, chosen(survey, choices), on=TODAY, notes=Notes())
    assert row.values == {
        "name": "Nguyễn Văn An",
        "birth": "1968",
        "unit": "CB 1",
        "card_number": "0123",
        "note": "nâu",
    }


def test_a_list_of_units_with_their_secretaries_is_no_list_of_people() -> None:
    layout = find_layout(
        GridSheet(
            "",
            [
                ["TT", "Tên chi bộ", "Bí thư", "Số đảng viên"],
                [1, "Chi bộ 1", "Nguyễn Văn An", 20],
                [2, "Chi bộ 2", "Trần Thị Bình", 21],
            ],
        ),
    )
    assert layout is not None
    assert layout.kind is ListKind.UNITS


def test_text_in_old_fonts_is_refused_not_imported_as_garbage() -> None:
    lines: list[Cells] = [["TT", "Hä vµ tªn", "Ngµy sinh"], [1, "NguyÔn V¨n Hoµ", 1968], [2, "TrÇn ThÞ B×nh", 1970]]
    with pytest.raises(Invalid) as caught:
        read(*lines)
    assert caught.value.code == FileFault.LEGACY_LETTERS
    vni: list[Cells] = [["TT", "Hoï vaø teân", "Naêm"], [1, "Nguyeãn Vaên Hoaø", 1968], [2, "Traàn Thò Bình", 1970]]
    with pytest.raises(Invalid) as caught:
        read(*vni)
    assert caught.value.code == FileFault.LEGACY_LETTERS


def test_a_book_without_a_list() -> None:
    with pytest.raises(Invalid) as caught:
        read_list(io.BytesIO("Kính gửi,\nđồng chí\n".encode()), on=TODAY)
    assert caught.value.code == FileFault.NO_LIST_FOUND


def test_ten_thousand_namesakes_are_compared_in_good_time() -> None:
    lines: list[Cells] = [["TT", "Họ và tên", "Ngày sinh", "Chi bộ"]]
    lines += [[n, "Nguyễn Văn An", f"{n % 28 + 1}/{n % 12 + 1}/{1940 + n % 60}", "CB 1"] for n in range(10_000)]
    assert len(read(*lines)) == 10_000


def test_several_tables_on_one_sheet_each_under_its_cell() -> None:
    rows = read(
        ["ĐẢNG BỘ PHƯỜNG BẾN LAU", "", "", "", "ĐẢNG CỘNG SẢN VIỆT NAM"],
        ["DANH SÁCH ĐẢNG VIÊN", "", "", "", ""],
        ["Đơn vị: Chi bộ Khu 3", "", "", "", ""],
        ["TT", "Họ và tên", "Năm sinh nam", "Năm sinh nữ", "Ghi chú"],
        [1, "Nguyễn Văn An", 1968, "", ""],
        ["Cộng: 1", "", "", "", ""],
        ["DANH SÁCH ĐẢNG VIÊN", "", "", "", ""],
        ["Chi bộ: Khu 4 - Tổng số: 2", "", "", "", ""],
        ["TT", "Họ và tên", "Năm sinh nam", "Năm sinh nữ", "Ghi chú"],
        [1, "Trần Thị Bình", "", 1970, ""],
        [2, "Lê Văn Cường", 1971, "", ""],
    )
    assert [(row.values["name"], row.values["unit"], row.values["sex"]) for row in rows] == [
        ("Nguyễn Văn An", "Chi bộ Khu 3", "m"),
        ("Trần Thị Bình", "Chi bộ Khu 4", "f"),
        ("Lê Văn Cường", "Chi bộ Khu 4", "m"),
    ]
    assert all(row.is_good for row in rows)


def test_cells_by_number_alone() -> None:
    rows = read(
        ["TT", "Họ và tên", "Năm sinh", "Chi bộ"], [1, "Nguyễn Văn An", 1968, 3.0], [2, "Lê Văn Cường", 1971, "12"]
    )
    assert [row.values["unit"] for row in rows] == ["Chi bộ 3", "Chi bộ 12"]


def test_days_under_a_heading_nobody_knows_are_left_out() -> None:
    lines: list[Cells] = [
        [n, f"Nguyễn Văn {chr(64 + n)}n", 1960 + n, "1/2/2003", "3/4/2005", "Chi bộ 1"] for n in range(1, 6)
    ]
    rows = read(["TT", "Họ và tên", "Năm sinh", "Ngày cấp thẻ", "Ngày nâng ngạch", "Chi bộ"], *lines)
    assert set(rows[0].values) == {"name", "birth", "unit"}


def test_exempt_and_probationary_by_the_note_are_remarked() -> None:
    rows = read(
        ["TT", "Họ và tên", "Năm sinh", "Chi bộ", "Ghi chú"],
        [1, "Nguyễn Văn An", 1938, "Chi bộ 1", "Miễn sinh hoạt"],
        [2, "Lê Văn Cường", 1999, "Chi bộ 1", "Dự bị"],
        [3, "Lê Văn Dũng", 1971, "Chi bộ 1", "Bí thư"],
    )
    assert rows[0].values["exempt"] == "1"
    assert rows[1].values["kind"] == "probationary"
    assert [codes(row) for row in rows] == [["exempt_by_note"], ["probationary_by_note"], []]
    assert all(row.is_good for row in rows)
