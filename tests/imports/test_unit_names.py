import pytest

from trienkhai.imports.rules.unit_names import clean_unit_name, full_unit_name, is_unit_name, kind_of, rank_of, unit_key


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("I. CHI BỘ KHU PHỐ 1", "Chi bộ Khu phố 1"),
        ("II. Chi bộ khu phố 2: 25 đảng viên", "Chi bộ khu phố 2"),
        ("CHI BỘ TRƯỜNG TIỂU HỌC (25 đ/c)", "Chi bộ Trường Tiểu học"),
        ("A. Chi bộ cơ quan Đảng uỷ", "Chi bộ cơ quan Đảng uỷ"),
        ("3) Chi bộ Trường THCS", "Chi bộ Trường THCS"),
        ("CHI BỘ TRƯỜNG THCS BẾN LAU", "Chi bộ Trường THCS Bến Lau"),
        ("Chi bộ 5", "Chi bộ 5"),
        ("CHI BỘ TỔ DÂN PHỐ SỐ 2", "Chi bộ Tổ dân phố số 2"),
        ("TỔ DÂN PHỐ SỐ 02", "Tổ dân phố số 02"),
        ("CHI BỘ KHU SỐ IV", "Chi bộ Khu số IV"),
        ("CHI BỘ SỐ THIÊN", "Chi bộ Số Thiên"),
        ("CHI BO KHU PHO 2", "Chi bo khu pho 2"),
        ("Chi bộ: Khu 4 - Tổng số: 2", "Chi bộ Khu 4"),
        ("Đơn vị: Chi bộ 3", "Chi bộ 3"),
        ("IV Chi bộ Trạm Y tế gồm 12 đồng chí", "Chi bộ Trạm Y tế"),
    ],
)
def test_numbering_headcount_and_capitals_are_not_part_of_a_name(written: str, name: str) -> None:
    assert clean_unit_name(written) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Chi bộ 5", "CB 5"),
        ("Chi bộ 5", "CB5"),
        ("Chi bộ khu phố 05", "CB KP 5"),
        ("CHI BO TO DAN PHO 3", "Chi bộ TDP 3"),
        ("Đảng bộ phường Hòa Lạc", "Đảng bộ phường Hoà Lạc"),
        ("Chi bộ Cơ quan Đảng - Đoàn thể", "II. CHI BỘ CƠ QUAN ĐẢNG, ĐOÀN THỂ (30 đ/c)"),
    ],
)
def test_spellings_of_one_unit_share_a_key(one: str, other: str) -> None:
    assert unit_key(one) == unit_key(other)


def test_different_units_do_not() -> None:
    assert unit_key("Chi bộ khu phố 1") != unit_key("Chi bộ khu phố 11")
    assert unit_key("Chi bộ 5") != unit_key("Khu phố 5")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Đảng bộ thành phố Móng Cái", "upper"),
        ("Tỉnh uỷ Quảng Ninh", "upper"),
        ("Đảng bộ phường Bến Lau", "base"),
        ("Đảng bộ bộ phận Trường học", "section"),
        ("CB KP 5", "cell"),
        ("Tổ đảng 2", "group"),
        ("Trường Mầm non Hoa Ban", "agency"),
        ("Nguyễn Văn An", ""),
    ],
)
def test_a_name_says_what_the_unit_is(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("listed", "carried"),
    [
        ("CB thôn Thượng", "Chi bộ thôn Thượng"),
        ("CB 5", "Chi bộ 5"),
        ("CB5", "Chi bộ 5"),
        ("ĐBBP Trường học", "Đảng bộ bộ phận Trường học"),
        ("CBCC phường", "CBCC phường"),
        ("Chi bộ CB Hưu trí", "Chi bộ CB Hưu trí"),
    ],
)
def test_a_unit_does_not_carry_the_short_form_of_a_list(listed: str, carried: str) -> None:
    assert full_unit_name(listed) == carried
    assert unit_key(listed) == unit_key(carried)


@pytest.mark.parametrize("name", ["Trương Văn Bình", "Đoàn Thị Hoa", "Tô Văn An", "Công Thị Lan", "Ban Văn Sơn"])
def test_people_whose_names_look_like_units_stay_people(name: str) -> None:
    assert not is_unit_name(name)


def test_a_cell_stands_below_its_section() -> None:
    assert rank_of("Đảng bộ bộ phận A") < rank_of("Chi bộ 1") < rank_of("Tổ đảng 1")
    assert rank_of("Khu 4") == rank_of("Chi bộ 1")
