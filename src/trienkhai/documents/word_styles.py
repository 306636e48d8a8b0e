"""The named styles of a Word document, made from a profile."""

from dataclasses import dataclass

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from trienkhai.documents.layout import Profile, Style
from trienkhai.documents.parts import SMALL_PRINT, Role

LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}

HEADER, TITLE_RULE, GAP = "Header", "TitleRule", "Gap"
BODY, BULLET, CAPTION, CELL, CELL_HEADER = "BodyText", "BodyItem", "TableCaption", "TableText", "TableHeader"


_CELL_MARGIN = 80  # twentieths of a point


@dataclass(frozen=True)
class _Shape:
    """How a paragraph of a style is set; lengths in twentieths of a point."""

    align: str = "left"
    before: int = 0
    after: int = 0
    line: int = 240
    first_line: int = 0
    keep_next: bool = False
    outline: int | None = None


def twips(millimetres: float) -> int:
    """Millimetres in the twentieths of a point that Word counts in."""
    return round(millimetres * 1440 / 25.4)


def element(tag: str, /, *children: BaseOxmlElement, **attributes: str | int) -> BaseOxmlElement:
    """A WordprocessingML element: ``element("jc", val="center")``."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def style_sheet(profile: Profile, language: str) -> list[BaseOxmlElement]:
    """The content of styles.xml."""
    return [
        element("docDefaults", element("rPrDefault", _defaults(profile, language)), element("pPrDefault")),
        _style("Normal", "Normal", default=True),
        element(
            "style", element("name", val="Default Paragraph Font"), type="character", styleId="DefaultFont", default=1
        ),
        _table_style("TableNormal", "Normal Table", default=True),
        _table_style("TableGrid", "Table Grid", ruled=True),
        *(_named(style_id, name, face, shape) for style_id, name, face, shape in _styles(profile)),
    ]


def _styles(profile: Profile) -> list[tuple[str, str, Style, _Shape]]:
    head, title, signature, recipients = profile.header, profile.title, profile.signature, profile.recipients
    centre = _Shape(align="center")
    return [
        (HEADER, "header", Style(profile.page_number.size), centre),
        (Role.UPPER_ORGAN, "Upper Organ", head.upper_organ, centre),
        (Role.ORGAN, "Organ", head.organ, centre),
        (Role.SEPARATOR, "Separator", head.separator, centre),
        (Role.TITLE, "Party Title", head.title, centre),
        (TITLE_RULE, "Title Rule", Style(2), centre),
        (GAP, "Gap", Style(2), _Shape(after=120)),
        (Role.NUMBER, "Document Number", head.number, centre),
        (Role.LETTER_SUBJECT, "Letter Subject", head.letter_subject, centre),
        (Role.PLACE_DAY, "Place And Day", head.place_day, centre),
        (Role.KIND, "Document Kind", title.kind, _Shape(align="center", before=340, keep_next=True)),
        (Role.SUBJECT, "Document Subject", title.subject, _Shape(align="center", keep_next=True)),
        (Role.SUBJECT_RULE, "Subject Rule", title.rule, _Shape(align="center", after=80)),
        *_body_styles(profile),
        (Role.AUTHORITY, "Signing Authority", signature.authority, _Shape(align="center", keep_next=True)),
        (Role.POST, "Signing Post", signature.post, _Shape(align="center", keep_next=True)),
        (Role.SIGNER, "Signer Name", signature.name, _Shape(align="center", before=twips(signature.space))),
        (Role.RECIPIENTS, "Recipients Title", recipients.title, _Shape(keep_next=True)),
        (Role.RECIPIENT, "Recipient", recipients.item, _Shape()),
        (Role.SMALL_PRINT, "Small Print", SMALL_PRINT, _Shape(before=240)),
    ]


def _body_styles(profile: Profile) -> list[tuple[str, str, Style, _Shape]]:
    body, table = profile.body, profile.table
    after, line, first = round(body.space_after * 20), round(body.line_spacing * 240), twips(body.first_line)
    text = _Shape("both" if body.justify else "left", after=after, line=line, first_line=first)
    headings = [
        (
            f"Heading{level}",
            f"heading {level}",
            profile.heading.at(level),
            _Shape(before=after, after=after, line=line, first_line=first, keep_next=True, outline=level - 1),
        )
        for level in (1, 2, 3)
    ]
    return [
        *headings,
        (BODY, "Body Text", Style(body.size), text),
        (BULLET, "Body Item", Style(body.size), text),
        (CAPTION, "Table Caption", Style(table.caption_size, bold=True), _Shape("center", 120, 80, keep_next=True)),
        (CELL, "Table Text", Style(table.size), _Shape(before=40, after=40)),
        (CELL_HEADER, "Table Header", Style(table.size, bold=table.header_bold), _Shape("center", 40, 40)),
    ]


def _defaults(profile: Profile, language: str) -> BaseOxmlElement:
    family, size = profile.font.family, _half_points(profile.body.size)
    code = LANGUAGES.get(language, language)
    return element(
        "rPr",
        element("rFonts", ascii=family, hAnsi=family, eastAsia=family, cs=family),
        element("sz", val=size),
        element("szCs", val=size),
        element("lang", val=code, eastAsia=code, bidi="ar-SA"),
    )


def _named(style_id: str, name: str, face: Style, shape: _Shape) -> BaseOxmlElement:
    style = _style(style_id, name)
    style.extend([_paragraph_properties(shape), _face(face)])
    return style


def _style(style_id: str, name: str, *, default: bool = False) -> BaseOxmlElement:
    made = element("style", type="paragraph", styleId=style_id)
    if default:
        made.set(qn("w:default"), "1")
    made.append(element("name", val=name))
    if not default:
        made.append(element("basedOn", val="Normal"))
    made.append(element("qFormat"))
    return made


def _table_style(style_id: str, name: str, *, default: bool = False, ruled: bool = False) -> BaseOxmlElement:
    made = element("style", element("name", val=name), type="table", styleId=style_id)
    if default:
        made.set(qn("w:default"), "1")
    else:
        made.append(element("basedOn", val="TableNormal"))
    properties = element("tblPr", element("tblInd", w=0, type="dxa"))
    margin = _CELL_MARGIN if ruled else 0
    if ruled:
        sides = ("top", "left", "bottom", "right", "insideH", "insideV")
        lines = (element(side, val="single", sz=4, space=0, color="auto") for side in sides)
        properties.append(element("tblBorders", *lines))
    margins = (element(side, w=margin, type="dxa") for side in ("left", "right"))
    properties.append(element("tblCellMar", *margins))
    made.append(properties)
    return made


def _paragraph_properties(shape: _Shape) -> BaseOxmlElement:
    made = element("pPr")
    if shape.keep_next:
        made.append(element("keepNext"))
    made.append(element("spacing", before=shape.before, after=shape.after, line=shape.line, lineRule="auto"))
    if shape.first_line:
        made.append(element("ind", firstLine=shape.first_line))
    made.append(element("jc", val=shape.align))
    if shape.outline is not None:
        made.append(element("outlineLvl", val=shape.outline))
    return made


def _face(face: Style) -> BaseOxmlElement:
    """Capitals are written as capitals, not shown as such, so that copied text keeps them."""
    made = element("rPr")
    if face.bold:
        made.extend([element("b"), element("bCs")])
    if face.italic:
        made.extend([element("i"), element("iCs")])
    made.extend([element("sz", val=_half_points(face.size)), element("szCs", val=_half_points(face.size))])
    if face.underline:
        made.append(element("u", val="single"))
    return made


def _half_points(size: float) -> int:
    return round(size * 2)
