"""The case's files: registers, sign-in sheets and documents, as rows and facts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from trienkhai.directives.rules import DirectiveKind, Facts
from trienkhai.imports.rules.books import open_book
from trienkhai.imports.rules.cells import text_of
from trienkhai.text import parse_day

HERE = Path(__file__).parent
_FIRST_HEADINGS = frozenset({"TT", "STT"})
_KINDS = {
    "nghị quyết": DirectiveKind.RESOLUTION,
    "chỉ thị": DirectiveKind.INSTRUCTION,
    "hướng dẫn": DirectiveKind.GUIDANCE,
    "kế hoạch": DirectiveKind.PLAN,
}


def folder() -> Path:
    """Where the files are: beside this module in an installed package, in ``examples`` in a clone.

    Raises:
        FileNotFoundError: neither is there.
    """
    for place in (HERE / "files", HERE.parents[3] / "examples" / "hoa-lac"):
        if (place / "to-chuc").is_dir():
            return place
    raise FileNotFoundError(HERE / "files")


def day(text: str) -> date:
    """A whole day as registers write it."""
    found = parse_day(text)
    if not isinstance(found, date):
        raise TypeError(text)
    return found


type Birth = tuple[int, ...]


def birth(text: str) -> Birth:
    """A birth as far as it is known: year, month, day."""
    return tuple(int(part) for part in reversed(text.split("/")))


def register(path: str) -> list[dict[str, str]]:
    """The lines of a .csv register by their headings; the first line says only that everybody is invented."""
    with (folder() / path).open("rb") as file:
        (sheet,) = open_book(file).sheets
        _mark, headings, *lines = ([text_of(cell) for cell in row] for row in sheet.rows())
    return [dict(zip(headings, line, strict=True)) for line in lines if any(line)]


def text_at(path: str) -> str:
    """A text file's words; none when there is no such file."""
    place = folder() / path
    return place.read_text("utf-8") if place.exists() else ""


@dataclass(frozen=True)
class Signed:
    """One line of a sign-in sheet."""

    name: str
    birth: Birth
    unit: str
    is_there: bool
    reason: str
    remark: str


@dataclass(frozen=True)
class SignInSheet:
    """What one sign-in sheet says."""

    number: int
    title: str
    host: str
    seats: tuple[str, ...]
    on: date
    hour: time
    minutes: int
    venue: str
    presenter: str
    makes_up_for: int
    entered: date
    people: tuple[Signed, ...]
    guests: tuple[str, ...]
    programmes: tuple[str, ...]
    notes: str


def sign_in_sheets() -> list[SignInSheet]:
    """All sign-in sheets, by number."""
    return [_sign_in(path) for path in sorted((folder() / "hoi-nghi").glob("*.xlsx"))]


def _sign_in(path: Path) -> SignInSheet:
    with path.open("rb") as file:
        (sheet,) = open_book(file).sheets
        lines = [[text_of(cell) for cell in row] for row in sheet.rows()]
    start = next(index for index, line in enumerate(lines) if line[0] in _FIRST_HEADINGS)
    said = {line[0].rstrip(":"): line[2] for line in lines[:start] if line[0].endswith(":")}
    people, guests = _people(lines[start], lines[start + 1 :])
    return SignInSheet(
        number=int(path.stem[:2]),
        title=said["Nội dung"],
        host=said["Đơn vị tổ chức"],
        seats=tuple(each.strip() for each in said["Thành phần"].split(";")),
        on=day(said["Ngày"]),
        hour=time.fromisoformat(said["Giờ"]),
        minutes=int(said["Số phút"]),
        venue=said["Địa điểm"],
        presenter=said["Trình bày"],
        makes_up_for=int(said["Học bù cho danh sách số"] or 0),
        entered=day(said["Vào sổ ngày"]),
        people=tuple(people),
        guests=tuple(guests),
        programmes=tuple(each.strip() for each in said.get("Gắn với", "").split(";") if each.strip()),
        notes=text_at(f"hoi-nghi/{path.stem}.txt"),
    )


def _people(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> tuple[list[Signed], list[str]]:
    """Members and others by their lines; below "KHÁCH MỜI", guests by name alone."""
    people: list[Signed] = []
    guests: list[str] = []
    among_guests = False
    for line in lines:
        row = dict(zip(headings, line, strict=True))
        if line[0] == "KHÁCH MỜI":
            among_guests = True
        elif among_guests:
            guests.append(row["Họ và tên"])
        elif row["Họ và tên"]:
            people.append(_signed(row))
    return people, guests


def _signed(row: Mapping[str, str]) -> Signed:
    return Signed(
        name=row["Họ và tên"],
        birth=birth(row["Ngày sinh"]),
        unit=row["Đơn vị"],
        is_there=bool(row["Ký tên"]),
        reason=row["Vắng, lý do"],
        remark=row["Muộn, về sớm"],
    )


@dataclass(frozen=True)
class Document:
    """A directive's facts, its numbered parts, and the numbers of those it guides."""

    facts: Facts
    outline: str
    guides: tuple[str, ...]


def documents() -> Iterator[Document]:
    """The directives, in the order in which they came."""
    found = [_document(path.read_text("utf-8")) for path in (folder() / "van-ban").glob("*.md")]
    yield from sorted(found, key=lambda document: document.facts.received_on or document.facts.issued_on)


def _document(text: str) -> Document:
    head, outline = text.split("\n\n", 1)
    said = dict(line.split(": ", 1) for line in head.splitlines())
    facts = Facts(
        kind=_KINDS[said["Loại"]],
        number=said["Số"],
        issuer=said["Cơ quan ban hành"],
        issued_on=day(said["Ngày ban hành"]),
        title=said["Trích yếu"],
        received_on=day(said["Ngày đến"]),
    )
    guides = tuple(number.strip() for number in said.get("Hướng dẫn", "").split(";") if number.strip())
    return Document(facts, outline, guides)
