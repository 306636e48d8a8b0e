import pytest

from trienkhai.imports.rules.fields import Field
from trienkhai.imports.rules.headings import guess_alone, guess_heading


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("STT", Field.ORDINAL),
        ("Số TT", Field.ORDINAL),
        ("Họ và tên", Field.NAME),
        ("HO VA TEN", Field.NAME),
        ("Họ, tên khai sinh", Field.NAME),
        ("Họ và tên (chữ in hoa)", Field.NAME),
        ("Họ tên đảng viên", Field.NAME),
        ("Họ đệm", Field.FAMILY_NAME),
        ("Tên", Field.GIVEN_NAME),
        ("Ngày sinh", Field.BIRTH),
        ("Ngày, tháng, năm sinh", Field.BIRTH),
        ("Năm sinh", Field.BIRTH),
        ("Ngày sinh (dd/mm/yyyy)", Field.BIRTH),
        ("GT", Field.SEX),
        ("Chi bộ", Field.UNIT),
        ("Đơn vị", Field.UNIT),
        ("Chi bộ sinh hoạt", Field.UNIT),
        ("Trực thuộc", Field.PARENT_UNIT),
        ("Ngày thành lập", Field.FOUNDED_ON),
        ("Chức vụ Đảng", Field.PARTY_POST),
        ("Chức vụ chính quyền", Field.OTHER_POST),
        ("Chức vụ", Field.PARTY_POST),
        ("Tập thể", Field.BODY),
        ("Từ ngày", Field.STARTS_ON),
        ("Ngày vào Đảng", Field.ADMITTED_ON),
        ("Ngày kết nạp", Field.ADMITTED_ON),
        ("NGAY KN", Field.ADMITTED_ON),
        ("Ngày chính thức", Field.OFFICIAL_ON),
        ("Ngày công nhận chính thức", Field.OFFICIAL_ON),
        ("Miễn sinh hoạt", Field.EXEMPT),
        ("Được miễn công tác và sinh hoạt Đảng", Field.EXEMPT),
        ("Điện thoại", Field.PHONE),
        ("SĐT", Field.PHONE),
        ("Ghi chú", Field.NOTE),
        ("Số thẻ Đảng", Field.CARD_NUMBER),
        ("Số thẻ đảng viên", Field.CARD_NUMBER),
        ("Số CCCD/CMND", Field.IDENTITY_NUMBER),
        ("Quê quán", Field.ADDRESS),
        ("Nơi thường trú", Field.ADDRESS),
        ("Dân tộc", Field.ETHNICITY),
        ("Tôn giáo", Field.RELIGION),
        ("Họ tên cha", Field.FAMILY),
        ("Hoàn cảnh gia đình", Field.FAMILY),
        ("Số tài khoản", Field.OTHER_PRIVATE),
        ("Đơn vị công tác", Field.OTHER),
        ("Trình độ chuyên môn", Field.OTHER),
        ("Số đảng viên", Field.OTHER),
    ],
)
def test_a_heading_says_what_its_column_holds(heading: str, field: Field) -> None:
    assert guess_alone(heading).field is field


@pytest.mark.parametrize(
    ("path", "siblings", "field"),
    [
        (("Ngày vào Đảng", "Dự bị"), ("Dự bị", "Chính thức"), Field.ADMITTED_ON),
        (("Ngày vào Đảng", "Chính thức"), ("Dự bị", "Chính thức"), Field.OFFICIAL_ON),
        (("Năm sinh", "Nam"), ("Nam", "Nữ"), Field.BIRTH_MALE),
        (("Năm sinh", "Nữ"), ("Nam", "Nữ"), Field.BIRTH_FEMALE),
        (("Ngày sinh", "Năm"), ("Ngày", "Tháng", "Năm"), Field.BIRTH_YEAR),
        (("Ngày sinh", "Tháng"), ("Ngày", "Tháng", "Năm"), Field.BIRTH_MONTH),
        (("NGAY SINH", "NAM"), ("NGAY", "THANG", "NAM"), Field.BIRTH_YEAR),
        (("Giới tính", "Nữ"), ("Nam", "Nữ"), Field.SEX_FEMALE),
        (("Chức vụ", "Đảng"), ("Đảng", "Chính quyền"), Field.PARTY_POST),
        (("Chức vụ", "Chính quyền"), ("Đảng", "Chính quyền"), Field.OTHER_POST),
        (("Đảng viên", "Dự bị"), ("Chính thức", "Dự bị"), Field.IS_PROBATIONARY),
        (("Thời gian giữ chức vụ", "Từ ngày"), ("Từ ngày", "Đến ngày"), Field.STARTS_ON),
        (("Họ và tên", "Tên"), ("Họ đệm", "Tên"), Field.GIVEN_NAME),
        (("Lý lịch", "Quê quán"), ("Quê quán", "Dân tộc"), Field.ADDRESS),
    ],
)
def test_a_lower_heading_is_read_under_its_upper_one(
    path: tuple[str, ...], siblings: tuple[str, ...], field: Field
) -> None:
    assert guess_heading(path, siblings).field is field


def test_an_unknown_heading_is_not_guessed() -> None:
    assert guess_alone("Màu mắt").confidence == 0
