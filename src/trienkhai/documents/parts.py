"""The texts of a document's head and foot as a profile writes them; shared by the writers."""

from dataclasses import dataclass
from enum import StrEnum

from trienkhai.documents.layout import Profile, Style
from trienkhai.documents.model import Document, Signature
from trienkhai.text import long_date

_UNBROKEN = "\u00a0"  # a long place takes a line of its own, the day the next


class Role(StrEnum):
    """What a line of the head or foot is; also the name of its style in Word."""

    UPPER_ORGAN = "UpperOrgan"
    ORGAN = "Organ"
    SEPARATOR = "Separator"
    TITLE = "PartyTitle"
    NUMBER = "DocumentNumber"
    LETTER_SUBJECT = "LetterSubject"
    PLACE_DAY = "PlaceAndDay"
    KIND = "DocumentKind"
    SUBJECT = "DocumentSubject"
    SUBJECT_RULE = "SubjectRule"
    AUTHORITY = "SigningAuthority"
    POST = "SigningPost"
    SIGNER = "SignerName"
    RECIPIENTS = "RecipientsTitle"
    RECIPIENT = "Recipient"
    SMALL_PRINT = "SmallPrint"


@dataclass(frozen=True)
class Shown:
    """A line ready to be set."""

    role: Role
    text: str
    style: Style


@dataclass(frozen=True)
class Head:
    """The head in its four quarters, then the title lines."""

    organs: tuple[Shown, ...]
    titles: tuple[Shown, ...]
    rule: float
    numbers: tuple[Shown, ...]
    place_day: tuple[Shown, ...]
    title: tuple[Shown, ...]


@dataclass(frozen=True)
class SignatureShown:
    """A signature: what stands above the room for ink and seal, and below it."""

    above: tuple[Shown, ...]
    below: tuple[Shown, ...]


@dataclass(frozen=True)
class Foot:
    """What stands below the body."""

    signatures: tuple[SignatureShown, ...]
    recipients: tuple[Shown, ...]
    small_print: tuple[Shown, ...] = ()


SMALL_PRINT = Style(size=9)


def head(document: Document, profile: Profile) -> Head:
    """What stands above the body."""
    layout, header = profile.header, document.header
    title = _title(document, profile)
    if not document.official:
        return Head((), (), 0, (), (), title)
    number = layout.number.text.replace("{number}", header.number) if header.number else ""
    return Head(
        organs=_lines(
            (Role.UPPER_ORGAN, header.upper_organ, layout.upper_organ),
            (Role.ORGAN, header.organ, layout.organ),
            (Role.SEPARATOR, layout.separator.text if header.organ else "", layout.separator),
        ),
        titles=_lines(*((Role.TITLE, line, layout.title) for line in layout.title.lines)),
        rule=layout.title.rule,
        numbers=_lines(
            (Role.NUMBER, number, layout.number),
            (Role.LETTER_SUBJECT, "" if header.kind else header.subject, layout.letter_subject),
        ),
        place_day=_lines((Role.PLACE_DAY, _place_day(document, profile), layout.place_day)),
        title=title,
    )


def foot(document: Document, profile: Profile) -> Foot:
    """What stands below the body."""
    return Foot(
        tuple(_signature(signature, profile) for signature in document.signatures),
        _recipients(document.recipients, profile),
        _lines((Role.SMALL_PRINT, document.small_print, SMALL_PRINT)),
    )


def _title(document: Document, profile: Profile) -> tuple[Shown, ...]:
    header, layout = document.header, profile.title
    if not header.kind:
        return ()
    return _lines(
        (Role.KIND, header.kind, layout.kind),
        (Role.SUBJECT, header.subject, layout.subject),
        (Role.SUBJECT_RULE, layout.rule.text if document.official else "", layout.rule),
    )


def _place_day(document: Document, profile: Profile) -> str:
    """Place and day; the day alone where no place is known."""
    header, layout = document.header, profile.header.place_day
    if not header.place:
        day = long_date(header.day) if header.day else ""
        return day[:1].upper() + day[1:]
    day = (long_date(header.day) if header.day else layout.blank_day).replace(" ", _UNBROKEN)
    return layout.text.replace("{day}", day).replace("{place}", header.place)


def _signature(signature: Signature, profile: Profile) -> SignatureShown:
    layout = profile.signature
    return SignatureShown(
        _lines((Role.AUTHORITY, signature.authority, layout.authority), (Role.POST, signature.post, layout.post)),
        _lines((Role.SIGNER, signature.name, layout.name)),
    )


def _recipients(recipients: tuple[str, ...], profile: Profile) -> tuple[Shown, ...]:
    layout = profile.recipients
    if not recipients:
        return ()
    items = ((Role.RECIPIENT, text, layout.item) for text in layout.shown(recipients))
    return _lines((Role.RECIPIENTS, layout.label, layout.title), *items)


def _lines(*lines: tuple[Role, str, Style]) -> tuple[Shown, ...]:
    """The lines that say something."""
    return tuple(Shown(role, style.shown(text), style) for role, text, style in lines if text.strip())
