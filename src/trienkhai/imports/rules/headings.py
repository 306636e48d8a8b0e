"""What a column's heading says it holds: with or without marks, alone or under a merged heading above it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from trienkhai.imports.rules.cells import words, words_without_brackets
from trienkhai.imports.rules.fields import Field

SURE = 0.95
LIKELY = 0.75


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column may hold and how sure that is, 0–1. ``by`` is "heading", "content" or ""."""

    field: Field
    confidence: float
    by: str = "heading"


NO_GUESS = Guess(Field.OTHER, 0.0, "")

_WHOLE: tuple[tuple[Field, tuple[str, ...]], ...] = (
    (Field.ORDINAL, (
        "s ?t ?t", "tt", "so tt", "so thu tu", "thu tu", "so tt chung", "stt chung", "tt chung", "no",
    )),
    (Field.NAME, (
        "ho (va )?ten( dang vien| dong chi| day du)?( khai sinh| theo giay khai sinh)?( chu in hoa| in hoa)?",
        "ho chu dem va ten( khai sinh)?", "ho ten va ten dem", "ten dang vien", "full ?name", "name", "(ten )?dong chi",
    )),
    (Field.FAMILY_NAME, (
        "ho", "ho dem", "ho va dem", "ho va ten dem", "ho ten dem", "ho chu dem", "ho va chu dem", "ho lot",
        "ho va chu lot", "ho va lot", "ho va ten lot",
    )),
    (Field.GIVEN_NAME, (
        "ten",
    )),
    (Field.BIRTH, (
        "(ngay|nam|ngay thang|ngay thang nam|thang nam|nam thang)( thang nam)? sinh", "sinh (ngay|nam)( thang nam)?",
        "ngay sinh nam sinh", "nam sinh ngay sinh", "ngs", "n sinh", "ns", "ngay thang sinh", "date of birth", "dob",
        "birth ?(day|date|year)?",
    )),
    (Field.BIRTH_MALE, (
        "(ngay|nam)( thang nam)? sinh (cua )?nam", "nam (ngay|nam)( thang nam)? sinh",
    )),
    (Field.BIRTH_FEMALE, (
        "(ngay|nam)( thang nam)? sinh (cua )?nu", "nu (ngay|nam)( thang nam)? sinh",
    )),
    (Field.SEX, (
        "gioi tinh", "phai", "gt", "gioi", "nam nu", "gioi tinh nam nu", "sex", "gender",
    )),
    (Field.UNIT, (
        "(ten )?cb", "chi bo so", "so chi bo",
        "(ten )?chi bo( dang)?( sinh hoat| noi sinh hoat| truc thuoc| co so)?",
        "(ten )?(don vi|to chuc dang|to chuc co so dang)( sinh hoat)?( dang)?", "(thuoc|tai|dang) chi bo",
        "(noi|don vi|chi bo) (dang )?sinh hoat( dang)?", "sinh hoat (dang )?tai( chi bo)?", "ten to chuc",
        "ten don vi chi bo", "chi bo don vi", "don vi chi bo", "dang bo chi bo", "chi dang bo", "unit", "cell",
    )),
    (Field.UNIT_KIND, (
        "loai( hinh)?( don vi| to chuc| chi bo| to chuc dang| tccsd)?", "cap( to chuc)?",
    )),
    (Field.PARENT_UNIT, (
        "(don vi )?(truc thuoc|cap tren)( dang bo| don vi| dang uy)?",
        "(thuoc )?dang bo( bo phan| co so| cap tren)?", "thuoc( don vi)?", "dang uy( cap tren)?",
        "don vi cap tren( truc tiep)?", "to chuc dang cap tren",
    )),
    (Field.FOUNDED_ON, (
        "ngay( thang nam)? thanh lap", "thanh lap( ngay| nam)?", "nam thanh lap", "ngay tl",
    )),
    (Field.PARTY_POST, (
        "(chuc vu|chuc danh|cv)( trong)? (dang|cap uy|chi uy|to chuc dang|chi bo|dang bo)( hien nay)?",
        "chuc vu dang doan the",
    )),
    (Field.OTHER_POST, (
        "(chuc vu|chuc danh|cv)( cong tac)? (chinh quyen|cong tac|chuyen mon|doan the|cong viec)( doan the)?",
        "(chuc vu|chuc danh|cv)( cong tac)? (nghe nghiep|hien nay|hien tai)",
        "nghe nghiep( chuc vu)?", "chuc vu chinh quyen doan the", "chuc danh nghe nghiep", "cong viec( hien nay)?",
    )),
    (Field.BODY, (
        "(ten )?(tap the|ban chap hanh|cap uy|co quan lanh dao)( lanh dao)?", "ban",
    )),
    (Field.STARTS_ON, (
        "tu( ngay| thang| nam)?", "(ngay|tu ngay) (bat dau|bo nhiem|bau|nhan|giu|dam nhiem|chi dinh)( chuc vu)?",
        "bat dau",
    )),
    (Field.ENDS_ON, (
        "den( ngay| thang| nam)?", "(ngay|den ngay) (ket thuc|thoi|thoi giu|mien nhiem)( chuc vu)?", "ket thuc",
    )),
    (Field.ADMITTED_ON, (
        "(ngay|nam|ngay thang|ngay thang nam)? ?(vao|ket nap|kn)( vao)?( dang)?( du bi| lan dau| csvn)?",
        "vao dang( ngay)?", "ngay vd", "ngay kn",
    )),
    (Field.OFFICIAL_ON, (
        "(ngay|nam|ngay thang|ngay thang nam) ?(vao dang |cong nhan |cn |chuyen |chuyen dang )?(dang vien )?chinh thuc",
        "(ngay|nam) (vao dang |cn |chuyen )?(dang vien )?ct",
        "ngay cn ?ct", "chinh thuc ngay", "ngay vao dang ct",
    )),
    (Field.STANDING, (
        "loai dang vien", "dien dang vien", "(dang vien )?(chinh thuc|ct) (hay )?(du bi|db)",
        "(tinh trang|tu cach)( dang vien)?", "dvct dvdb",
    )),
    (Field.IS_OFFICIAL, (
        "(dang vien )?chinh thuc", "dvct", "dv ct",
    )),
    (Field.IS_PROBATIONARY, (
        "(dang vien )?du bi", "dvdb", "dv db",
    )),
    (Field.MEMBER, (
        "(la )?dang vien( quan chung)?", "dang vien hay quan chung", "quan chung", "doi tuong", "dv qc", "dv",
    )),
    (Field.EXEMPT, (
        "(duoc |dang |dv |dang vien )?(duoc )?mien( cong tac| sinh hoat| sh| ct)?( va)?( sinh hoat| sh)?( dang)?",
        "mien ctsh", "mien sh ct",
    )),
    (Field.PHONE, (
        "(so )?(dien thoai|dt|di dong|d d)( di dong| lien he| lien lac)?", "sdt", "dtdd", "so dtdd", "so phone",
        "phone", "(so )?lien he", "lien lac",
    )),
    (Field.EMAIL, (
        "e ?mail", "thu dien tu", "dia chi (e ?mail|thu dien tu)",
    )),
    (Field.NOTE, (
        "ghi chu", "gc", "chu thich", "ghi chu them", "note", "notes",
    )),
    (Field.REASON, (
        "ly do", "li do", "loi", "ly do loi", "reason", "ly do chua nhap",
    )),
    (Field.CARD_NUMBER, (
        "so the( dang| dang vien| dv)?", "so (td|tdv|hieu dang vien|hieu the|hieu)", "the dang( vien)?",
        "ma dang vien", "shdv", "so hieu dv", "so the dang vien so hieu",
    )),
    (Field.ETHNICITY, (
        "dan toc",
    )),
    (Field.RELIGION, (
        "ton giao",
    )),
)  # fmt: skip

_PART: tuple[tuple[Field, tuple[str, ...]], ...] = (
    (Field.FAMILY, (
        r"(ho ten|ho va ten|ten|nam sinh|nghe nghiep) .*(cha|me|bo|vo|chong|con|than nhan)\b", "gia dinh",
        "thanh phan", "xuat than", "hon nhan",
    )),
    (Field.IDENTITY_NUMBER, (
        "cccd", "cmnd", "cmtnd", r"\bcmt\b", "can cuoc", "chung minh", "dinh danh", "ho chieu", "passport",
    )),
    (Field.ADDRESS, (
        "que quan", "nguyen quan", r"\bque\b", "noi sinh", "thuong tru", "tam tru", "noi o", "cho o", "dia chi",
        "ho khau", "noi cu tru", "noi dang ky",
    )),
    (Field.RELIGION, (
        "ton giao",
    )),
    (Field.ETHNICITY, (
        "dan toc",
    )),
    (Field.OTHER_PRIVATE, (
        "suc khoe", "nhom mau", "tai khoan", "ma so thue", r"\bmst\b", "bhxh", "bhyt", "bao hiem", "luong",
        "dang phi", "benh", "thuong binh", "chinh sach",
    )),
    (Field.OTHER, (
        "ten goi khac", "bi danh", "thuong dung", "trinh do", "hoc van", "chuyen mon", "ly luan", "chinh tri",
        "ngoai ngu", "tin hoc", "chu ky", "ky nhan", "ky ten", "tuoi", "don vi cong tac", "noi (lam viec|cong tac)",
        "co quan cong tac", "so (luong )?dang vien", "tong so", "to dang", "noi vao dang", "noi ket nap", "huy hieu",
        "khen thuong", "ky luat", "nhiem ky", "quyet dinh",
    )),
    (Field.OFFICIAL_ON, (
        "(ngay|nam).*chinh thuc", "chinh thuc.*(ngay|nam)",
    )),
    (Field.ADMITTED_ON, (
        "(ngay|nam).*(vao dang|ket nap)",
    )),
    (Field.STANDING, (
        "chinh thuc.*du bi", "du bi.*chinh thuc",
    )),
    (Field.EXEMPT, (
        r"\bmien\b",
    )),
    (Field.BIRTH, (
        r"ngay.* sinh\b", "nam sinh",
    )),
    (Field.PHONE, (
        "dien thoai", r"\bsdt\b",
    )),
    (Field.CARD_NUMBER, (
        "so the",
    )),
    (Field.NAME, (
        r"^ho (va )?(chu dem va )?ten\b",
    )),
    (Field.PARTY_POST, (
        "chuc vu.*(dang|cap uy)",
    )),
    (Field.OTHER_POST, (
        "chuc vu",
    )),
    (Field.UNIT, (
        r"\bchi bo\b",
    )),
)  # fmt: skip

_WHOLE_RULES = tuple((field, re.compile("|".join(each))) for field, each in _WHOLE)
_PART_RULES = tuple((field, re.compile("|".join(each))) for field, each in _PART)

_BIRTH_HEAD = re.compile(r".*\bsinh\b.*")
_PARTY_HEAD = re.compile(r".*\b(dang|dv|kn|ket nap|vao)\b.*")
_POST_HEAD = re.compile(r"(chuc vu|chuc danh|cv).*")
_SEX_HEAD = re.compile(r"gioi tinh|phai|gioi|gt|nam nu")
_POST_ALONE = frozenset({"chuc vu", "chuc danh", "nhiem vu", "chuc vu hien nay", "cv"})
_TIME_HEAD = re.compile(r"(thoi gian|thoi ky|nhiem ky|ngay)( giu| dam nhiem)?( chuc vu)?")
_STANDING_HEAD = re.compile(r"(loai |dien |tinh trang |trong do )?(dang vien|dang tich)|trong do|loai")


@lru_cache(maxsize=4096)
def guess_alone(heading: str) -> Guess:
    """What a heading of one line says."""
    for folded in dict.fromkeys((words(heading), words_without_brackets(heading))):
        if not folded:
            continue
        for field, rule in _WHOLE_RULES:
            if rule.fullmatch(folded):
                return Guess(field, SURE)
    folded = words(heading)
    if folded in _POST_ALONE:
        return Guess(Field.PARTY_POST, LIKELY)
    for field, rule in _PART_RULES:
        if folded and rule.search(folded):
            return Guess(field, LIKELY)
    return NO_GUESS


def guess_heading(path: Sequence[str], siblings: Sequence[str]) -> Guess:
    """What a heading of one or more lines says; ``siblings`` are the lowest lines under the same upper heading."""
    parts = [part for part in dict.fromkeys(path) if part.strip()]
    if not parts:
        return NO_GUESS
    if len(parts) == 1:
        return guess_alone(parts[0])
    upper, lowest = words(" ".join(parts[:-1])), words(parts[-1])
    special = _under(upper, lowest, {words(each) for each in siblings})
    if special is not None:
        return Guess(special, SURE)
    joined = guess_alone(" ".join(parts))
    if joined.confidence >= SURE:
        return joined
    alone = guess_alone(parts[-1])
    if alone.confidence:
        return Guess(alone.field, min(alone.confidence, LIKELY))
    return joined if joined.confidence else guess_alone(" ".join(parts[:-1]))


_LOWER: tuple[tuple[re.Pattern[str], dict[str, Field]], ...] = (
    (_SEX_HEAD, {"nam": Field.SEX_MALE, "nu": Field.SEX_FEMALE}),
    (
        _STANDING_HEAD,
        {
            "chinh thuc": Field.IS_OFFICIAL,
            "ct": Field.IS_OFFICIAL,
            "du bi": Field.IS_PROBATIONARY,
            "db": Field.IS_PROBATIONARY,
        },
    ),
    (
        _TIME_HEAD,
        {"tu": Field.STARTS_ON, "tu ngay": Field.STARTS_ON, "den": Field.ENDS_ON, "den ngay": Field.ENDS_ON},
    ),
    (
        re.compile(r"ho.*ten.*"),
        {
            "ten": Field.GIVEN_NAME,
            **dict.fromkeys(("ho", "ho dem", "ho va dem", "ho lot", "ho chu dem"), Field.FAMILY_NAME),
        },
    ),
)


def is_upper_heading(heading: str) -> bool:
    """Whether a heading is one that others stand under: births, posts, days in the Party, sex, a time."""
    folded = words(heading)
    heads = (_BIRTH_HEAD, _SEX_HEAD, _POST_HEAD, _STANDING_HEAD, _TIME_HEAD)
    party = re.fullmatch(r"(ngay|thoi gian|nam).*(vao dang|ket nap|dang).*|vao dang|ho .*ten.*", folded)
    return bool(party) or any(head.fullmatch(folded) for head in heads)


def _under(upper: str, lowest: str, siblings: set[str]) -> Field | None:
    """A lower heading that means something only below the upper one."""
    if _BIRTH_HEAD.fullmatch(upper):
        return _under_birth(lowest, siblings)
    if _POST_HEAD.fullmatch(upper):
        return Field.PARTY_POST if re.search(r"\b(dang|cap uy|chi uy)\b", lowest) else Field.OTHER_POST
    if not _STANDING_HEAD.fullmatch(upper) and _PARTY_HEAD.fullmatch(upper):
        return _under_party(lowest)
    return next((meaning.get(lowest) for head, meaning in _LOWER if head.fullmatch(upper)), None)


def _under_birth(lowest: str, siblings: set[str]) -> Field | None:
    if lowest == "nu":
        return Field.BIRTH_FEMALE
    if lowest == "nam":
        return Field.BIRTH_YEAR if siblings & {"thang", "ngay"} else Field.BIRTH_MALE
    return {"ngay": Field.BIRTH_DAY, "thang": Field.BIRTH_MONTH}.get(lowest)


def _under_party(lowest: str) -> Field | None:
    if re.search(r"\b(chinh thuc|ct)\b", lowest):
        return Field.OFFICIAL_ON
    if re.search(r"\b(du bi|db|vao|ket nap|kn|ngay vao)\b", lowest):
        return Field.ADMITTED_ON
    return None
