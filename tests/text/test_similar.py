from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.text.similar import group_texts, propose_themes, says_the_same

LAMPS = "Đề nghị phường sớm lắp đèn chiếu sáng ở ngõ Đình, khu 3 để bà con đi lại an toàn"


@pytest.mark.parametrize(
    "other",
    [
        "de nghi phuong som lap den chieu sang o ngo Dinh, khu 3 de ba con di lai an toan",
        "ĐỀ NGHỊ PHƯỜNG SỚM LẮP ĐÈN CHIẾU SÁNG Ở NGÕ ĐÌNH, KHU 3 ĐỂ BÀ CON ĐI LẠI AN TOÀN!!!",
        "Để bà con đi lại an toàn, tôi kính mong phường lắp đèn chiếu sáng ở ngõ Đình khu 3 ạ.",
        "Phường lắp thêm đèn chiếu sáng ở ngõ Đình, khu 3 để bà con đi lại được an tòan",
        "Đề nghị phường sớm lắp đèn triếu sáng ở ngõ Đình, khu 3 để bà con đi laji an toàn",
        "Đề nghị phường sớm lắp đèn chiếu sáng ở ngõĐình, khu3 để bà con đi lại an toàn",
        "Đề nghị phường sớm lắp đèn chiếu sáng ở ngõ Đình, khu 3 để bà con đi lại an toàn trong năm nay",
        "Theo tôi, phường cần lắp đèn chiếu sáng ở ngõ Đình, khu 3 để bàcon đi lại an toàn",
    ],
    ids=["no marks", "capitals", "order", "small words", "spelling", "run together", "a few words more", "two in one"],
)
def test_marks_spelling_order_and_small_words_are_set_aside(other: str) -> None:
    assert says_the_same(LAMPS, other)
    assert group_texts([LAMPS, other]).groups == ((0, 1),)


@pytest.mark.parametrize(
    "other",
    [
        "Đề nghị phường không lắp đèn chiếu sáng ở ngõ Đình, khu 3 để bà con đi lại an toàn",
        "Đề nghị phường kôhng lắp đèn chiếu sáng ở ngõ Đình, khu 3 để bà con đi lại an toàn",
        "Đề nghị phường đừng lắp đèn chiếu sáng ở ngõ Đình, khu 3 để bà con đi lại an toàn",
        "Đề nghị phường bỏ đèn chiếu sáng ở ngõ Đình, khu 3 để bà con đi lại an toàn",
        "Đề nghị phường sớm lắp đèn chiếu sáng ở ngõ Đình, khu 5 để bà con đi lại an toàn",
        "Đề nghị phường sớm lắp đèn chiếu sáng ở ngõ Chùa, khu 3 để bà con đi lại an toàn",
        "Đề nghị phường sớm lắp loa truyền thanh ở ngõ Đình, khu 3 để bà con đi lại an toàn",
        "Đề nghị phường giảm lắp đèn chiếu sáng ở ngõ Đình, khu 3 để bà con đi lại an toàn",
    ],
    ids=["denied", "denied misspelt", "do not", "drop", "number", "place", "object", "less"],
)
def test_another_object_number_or_a_denial_is_another_comment(other: str) -> None:
    assert not says_the_same(LAMPS, other)
    assert not says_the_same(other, LAMPS)
    assert group_texts([LAMPS, other]).groups == ((0,), (1,))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đảng uỷ giám sát Uỷ ban nhân dân phường", "Uỷ ban nhân dân phường giám sát Đảng uỷ"),
        ("Dang uy giam sat Uy ban nhan dan", "Uỷ ban nhân dân giám sát Đảng uỷ"),
        ("Dân phải nghe cán bộ nhiều hơn", "Cán bộ phải nghe dân nhiều hơn"),
        ("Mặt trận giám sát thường xuyên việc thu phí", "Giám sát thường xuyên Mặt trận việc thu phí"),
        ("Chuyển chợ từ khu 3 sang khu 5", "Chuyển chợ từ khu 5 sang khu 3"),
        ("Lắp đèn ở khu 3, không lắp ở khu 5", "Không lắp đèn ở khu 3, lắp ở khu 5"),
        ("Họp chi bộ trước, họp đảng uỷ sau", "Họp đảng uỷ trước, họp chi bộ sau"),
        ("Lắp đèn ở ngõ Đình và sửa đường ở xóm Thượng", "Lắp đèn ở xóm Thượng và sửa đường ở ngõ Đình"),
        ("Lắp đèn để sửa đường", "Sửa đường để lắp đèn"),
        ("Nếu lắp đèn thì sửa đường", "Nếu sửa đường thì lắp đèn"),
    ],
)
def test_words_that_change_places_within_a_clause_make_another_comment(one: str, other: str) -> None:
    """Who does it to whom, from where to where, what first: at most side by side as a theme."""
    assert not says_the_same(one, other)
    assert not says_the_same(other, one)
    assert group_texts([one, other]).groups == ((0,), (1,))
    assert [theme.members for theme in propose_themes([one, other])] == [(0, 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vì bà con đi lại khó khăn, đề nghị phường lắp đèn", "Đề nghị phường lắp đèn vì bà con đi lại khó khăn"),
        ("phuong lap den de ba con di lai an toan", "Để bà con đi lại an toàn, phường lắp đèn"),
        ("Sửa đường và lắp đèn ở khu 3", "Lắp đèn ở khu 3 và sửa đường"),
        ("Lắp đèn để an toàn, sửa đường", "Sửa đường; lắp đèn để an toàn"),
        ("Lắp đèn, sửa đường, trồng cây", "Trồng cây, lắp đèn, sửa đường"),
    ],
)
def test_whole_clauses_may_change_places(one: str, other: str) -> None:
    assert says_the_same(one, other)
    assert says_the_same(other, one)


def test_marks_decide_where_both_have_them() -> None:
    assert not says_the_same("Cán bộ đừng làm theo khu phố bên cạnh", "Cán bộ đúng làm theo khu phố bên cạnh")
    assert says_the_same("Cán bộ đừng làm theo khu phố bên cạnh", "can bo dung lam theo khu pho ben canh")


def test_short_texts_must_be_the_same() -> None:
    assert says_the_same("Nhất trí", "nhat tri!")
    assert not says_the_same("Sửa đường", "Sửa cống")
    assert not says_the_same("Đồng ý", "Không đồng ý")


def test_texts_of_small_words_or_of_nothing_are_compared_as_they_are() -> None:
    assert group_texts(["Tôi đề nghị ạ", "Cần nữa", "toi de nghi a", "", "…"]).groups == ((0, 2), (1,), (3, 4))


def test_the_most_usual_wording_represents() -> None:
    texts = ["xay cau o khu 2", "Xây cầu ở khu 2", "Xây cầu ở khu 2", "XAY CAU O KHU 2"]
    assert group_texts(texts).representatives == (1,)
    assert group_texts(["xay cau o khu 2", "Xây cầu ở khu 2"]).representatives == (1,)


def test_what_represents_is_written_with_marks_and_without_slips() -> None:
    wanted = "Kiểm tra chi bộ xong, Ban Thường vụ phải có kết luận bằng văn bản"
    bare = "kiem tra chi bo xong, ban thuong vu phai co ket luan bang van ban"
    slips = ("Kiểm tra chi bộ xong, Ban Thường vụ phải có kết luậnn bằng văn bản", f"{wanted} rõ rafng")
    texts = [bare, bare, bare, *slips, wanted, f"Đề nghị {wanted[0].lower()}{wanted[1:]}"]
    found = group_texts(texts)
    assert len(found.groups) == 1
    assert found.representatives == (5,)


WORDS = [
    "đường",
    "đuờng",
    "duong",
    "chợ",
    "cho",
    "cầu",
    "cau",
    "không",
    "khong",
    "3",
    "5",
    "khu",
    "khuu",
    "phường",
    "phuong",
    "sửa",
    "sủa",
    "sữa",
    "lắp",
    "lap",
    "đèn",
    "den",
    "và",
    "ạ",
    "ở",
    "ý",
    "trường",
    "chường",
]
texts_of_words = st.lists(st.lists(st.sampled_from(WORDS), max_size=18).map(" ".join), max_size=14)


@given(texts_of_words)
def test_groups_are_what_hangs_together(texts: list[str]) -> None:
    """Nothing that says the same is missed, nothing else is put together, every text is in one group."""
    near = list(range(len(texts)))
    for one, other in combinations(range(len(texts)), 2):
        if says_the_same(texts[one], texts[other]):
            near = [near[one] if mark == near[other] else mark for mark in near]
    expected = {tuple(at for at, mark in enumerate(near) if mark == group) for group in near}
    found = group_texts(texts)
    assert set(found.groups) == expected
    assert sorted(place for group in found.groups for place in group) == list(range(len(texts)))
    assert all(place in group for group, place in zip(found.groups, found.representatives, strict=True))


@given(texts_of_words, st.randoms(use_true_random=False))
def test_the_order_of_texts_does_not_matter(texts: list[str], draw: object) -> None:
    order = list(range(len(texts)))
    draw.shuffle(order)  # type: ignore[attr-defined]
    turned = [texts[place] for place in order]
    found, again = group_texts(texts), group_texts(turned)
    assert {frozenset(group) for group in found.groups} == {
        frozenset(order[place] for place in group) for group in again.groups
    }
    heads = sorted(texts[place] for place in found.representatives)
    assert heads == sorted(turned[place] for place in again.representatives)


def test_a_crowd_of_one_frame_is_taken_apart() -> None:
    """More texts share most of their words than are compared one by one."""
    places = [f"{one}{other}" for one in ("ban", "chu", "dinh", "gia") for other in range(50)]
    frame = "Đề nghị Đảng uỷ phường chỉ đạo các chi bộ kiểm tra việc thu phí vệ sinh tại ngõ {} cho phù hợp thực tế"
    texts = [frame.format(place.replace("0", " 0 ")) for place in places]
    doubled = [*texts, *(text.upper() for text in texts)]
    found = group_texts(doubled)
    assert {frozenset(group) for group in found.groups} == {
        frozenset((at, at + len(texts))) for at in range(len(texts))
    }


def test_progress_goes_from_nothing_to_all() -> None:
    told: list[float] = []
    group_texts([LAMPS, "Sửa cầu ở khu 2"], progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


MATTERS = [
    "Nạo vét cống thoát nước ở ngõ Đình trước mùa mưa",
    "Cống thoát nước ngõ Đình tắc, cần nạo vét",
    "Nạo vét cống thoát nước cạnh chợ trung tâm",
    "Công khai kết quả kiểm điểm của tập thể và cá nhân",
    "Kết quả kiểm điểm phải công khai cho đảng viên biết",
    "Bồi dưỡng cán bộ trẻ",
]


def test_groups_on_one_matter_are_a_theme() -> None:
    themes = propose_themes(MATTERS, [1, 5, 1, 1, 1, 1])
    assert [theme.members for theme in themes] == [(0, 1, 2), (3, 4)]
    assert all(theme.representative in theme.members for theme in themes)


def test_themes_do_not_depend_on_the_order() -> None:
    def words(texts: list[str]) -> set[frozenset[str]]:
        return {frozenset(texts[place] for place in theme.members) for theme in propose_themes(texts)}

    assert words(MATTERS) == words(MATTERS[::-1])
    assert propose_themes([]) == ()
