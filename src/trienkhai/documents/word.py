"""Writes a document as .docx: named styles, a real page number, header cells, so that people can go on editing."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm

from trienkhai.documents import word_styles as styles
from trienkhai.documents.characters import allowed
from trienkhai.documents.layout import Profile
from trienkhai.documents.model import Align, Block, Bullet, Document, Heading, PageBreak, Paragraph, Run, Table
from trienkhai.documents.parts import Foot, Head, Shown, foot, head
from trienkhai.documents.word_package import describe, empty_document, to_bytes
from trienkhai.documents.word_styles import element, style_sheet, twips

_JUSTIFICATION = {Align.LEFT: "left", Align.CENTER: "center", Align.RIGHT: "right"}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_STEP = 5  # millimetres by which deeper items are set in


def write_docx(document: Document, profile: Profile) -> bytes:
    """The document as a Word file. The same document and profile give the same bytes."""
    word = empty_document()
    word.styles.element.extend(style_sheet(profile, document.language))
    describe(
        word,
        title=document.file_title(),
        author=document.header.organ,
        language=styles.LANGUAGES.get(document.language, document.language),
        created=document.created,
    )
    _set_page(word, document, profile)
    section = word.element.body.sectPr
    for part in _content(document, profile):
        section.addprevious(part)
    return to_bytes(word)


def _content(document: Document, profile: Profile) -> Iterable[BaseOxmlElement]:
    width = _text_width(document, profile)
    yield from _head(head(document, profile), profile, width)
    for block in document.blocks:
        made = list(_block(block, profile, width))
        if block is document.blocks[-1] and document.signatures and isinstance(block, Paragraph | Bullet):
            _keep_with_next(made[-1])
        yield from made
    yield from _foot(foot(document, profile), profile, width)
    for block in (PageBreak(), *document.appendix) if document.appendix else ():
        yield from _block(block, profile, width)


def _text_width(document: Document, profile: Profile) -> float:
    page = profile.page
    return (page.height if document.landscape else page.width) - page.left - page.right


def _set_page(word: WordDocument, document: Document, profile: Profile) -> None:
    section, page, number = word.sections[0], profile.page, profile.page_number
    width, height = Mm(page.width), Mm(page.height)
    section.page_width, section.page_height = (height, width) if document.landscape else (width, height)
    if document.landscape:
        section._sectPr.find(qn("w:pgSz")).set(qn("w:orient"), "landscape")  # noqa: SLF001 - no public way to the element
    section.top_margin, section.bottom_margin = Mm(page.top), Mm(page.bottom)
    section.left_margin, section.right_margin = Mm(page.left), Mm(page.right)
    section.header_distance = section.footer_distance = Mm(number.from_edge)
    section.different_first_page_header_footer = number.from_page > 1
    if number.from_page > 1:
        section.first_page_header.is_linked_to_previous = False
    header = section.header
    header.is_linked_to_previous = False
    field = element("fldSimple", element("r", element("t")), instr=" PAGE ")
    header.paragraphs[0]._p.append(field)  # noqa: SLF001


def _head(parts: Head, profile: Profile, width: float) -> Iterable[BaseOxmlElement]:
    """Two rows of two cells without borders, then the title lines."""
    left = profile.header.left_width
    right = width - left
    if parts.organs or parts.titles or parts.numbers or parts.place_day:
        titles = _lines(parts.titles)
        if parts.rule and titles:
            titles.append(_rule((right - parts.rule) / 2))
        rows = [[_lines(parts.organs), titles], [_lines(parts.numbers), _lines(parts.place_day)]]
        yield _frame([left, right], rows)
        yield _paragraph(styles.GAP, [])
    if parts.title:
        yield from _lines(parts.title)
        yield _paragraph(styles.GAP, [])


def _foot(parts: Foot, profile: Profile, width: float) -> Iterable[BaseOxmlElement]:
    """One signature stands right of the recipients; several stand side by side above them."""
    signatures = [_lines((*signature.above, *signature.below)) for signature in parts.signatures]
    recipients = _lines(parts.recipients)
    if signatures:
        yield _paragraph(styles.GAP, [], keep_next=True)
    if len(signatures) == 1:
        right = profile.signature.width
        yield _frame([width - right, right], [[recipients, *signatures]])
        yield _paragraph(styles.GAP, [])
    else:
        if signatures:
            yield _frame([width / len(signatures)] * len(signatures), [signatures])
            yield _paragraph(styles.GAP, [])
        yield from recipients
    yield from _lines(parts.small_print)


def _block(block: Block, profile: Profile, width: float) -> Iterable[BaseOxmlElement]:
    match block:
        case Heading():
            level = min(max(block.level, 1), 3)
            yield _paragraph(f"Heading{level}", [Run(profile.heading.at(level).shown(block.text))])
        case Paragraph():
            yield _body_paragraph(block)
        case Bullet():
            level = max(block.level, 1)
            indent = {"left": twips(_STEP * (level - 1))} if level > 1 else {}
            yield _paragraph(styles.BULLET, [Run(profile.bullet.at(level)), *block.runs], indent=indent)
        case Table():
            if block.caption:
                yield _paragraph(styles.CAPTION, [Run(block.caption)])
            yield _table(block, width)
            yield _paragraph(styles.GAP, [])
        case PageBreak():
            yield element("p", element("r", element("br", type="page")))
        case _:
            assert_never(block)


def _body_paragraph(block: Paragraph) -> BaseOxmlElement:
    return _paragraph(
        styles.BODY,
        block.runs,
        indent={} if block.indent else {"firstLine": 0},
        align=_JUSTIFICATION[block.align] if block.align else "",
    )


def _table(table: Table, width: float) -> BaseOxmlElement:
    """A ruled table whose header row comes again on every page."""
    whole = sum(column.width for column in table.columns)
    widths = [width * column.width / whole for column in table.columns]
    made = _empty_table(widths, "TableGrid")
    titles = [[_paragraph(styles.CELL_HEADER, [Run(column.title)])] for column in table.columns]
    made.append(_row(widths, titles, repeated=True))
    for index, row in enumerate(table.rows):
        bold = index in table.bold_rows
        cells = [
            [_paragraph(styles.CELL, [Run(text, bold=bold)], align=_JUSTIFICATION[column.align])]
            for column, text in zip(table.columns, table.filled(row), strict=True)
        ]
        made.append(_row(widths, cells, height=table.row_height_mm))
    return made


def _frame(widths: Sequence[float], rows: Sequence[Sequence[list[BaseOxmlElement]]]) -> BaseOxmlElement:
    """A table without borders, for things that stand side by side."""
    made = _empty_table(widths, "TableNormal")
    made.extend(_row(widths, cells) for cells in rows)
    return made


def _empty_table(widths: Sequence[float], style: str) -> BaseOxmlElement:
    total = sum(twips(width) for width in widths)
    return element(
        "tbl",
        element(
            "tblPr",
            element("tblStyle", val=style),
            element("tblW", w=total, type="dxa"),
            element("tblLayout", type="fixed"),
        ),
        element("tblGrid", *(element("gridCol", w=twips(width)) for width in widths)),
    )


def _row(
    widths: Sequence[float],
    cells: Sequence[list[BaseOxmlElement]],
    *,
    repeated: bool = False,
    height: float | None = None,
) -> BaseOxmlElement:
    properties = element("trPr", element("cantSplit"))
    if height:
        properties.append(element("trHeight", val=twips(height), hRule="atLeast"))
    if repeated:
        properties.append(element("tblHeader"))
    row = element("tr", properties)
    for width, content in zip(widths, cells, strict=True):
        cell_properties = element("tcPr", element("tcW", w=twips(width), type="dxa"))
        if height or repeated:
            cell_properties.append(element("vAlign", val="center"))
        row.append(element("tc", cell_properties, *(content or [_paragraph(styles.CELL, [])])))
    return row


def _lines(shown: Iterable[Shown]) -> list[BaseOxmlElement]:
    return [_paragraph(line.role, [Run(line.text)]) for line in shown]


def _rule(indent: float) -> BaseOxmlElement:
    """A solid line, set in by so many millimetres on both sides."""
    border = element("bottom", val="single", sz=6, space=0, color="auto")
    made = _paragraph(styles.TITLE_RULE, [], indent={"left": twips(max(indent, 0)), "right": twips(max(indent, 0))})
    made.find(qn("w:pPr")).insert(1, element("pBdr", border))
    return made


def _paragraph(
    style: str, runs: Iterable[Run], *, indent: dict[str, int] | None = None, align: str = "", keep_next: bool = False
) -> BaseOxmlElement:
    properties = element("pPr", element("pStyle", val=style))
    if keep_next:
        properties.append(element("keepNext"))
    if indent:
        properties.append(element("ind", **indent))
    if align:
        properties.append(element("jc", val=align))
    return element("p", properties, *(_run(run) for run in runs if run.text))


def _keep_with_next(paragraph: BaseOxmlElement) -> None:
    """Signatures never stand alone on a page."""
    paragraph.find(qn("w:pPr")).insert(1, element("keepNext"))


def _run(run: Run) -> BaseOxmlElement:
    made = element("r")
    if run.bold or run.italic:
        faces = [("b", "bCs")] * run.bold + [("i", "iCs")] * run.italic
        made.append(element("rPr", *(element(tag) for pair in faces for tag in pair)))
    for index, line in enumerate(allowed(run.text).split("\n")):
        if index:
            made.append(element("br"))
        text = element("t")
        text.text = line
        text.set(_SPACE, "preserve")
        made.append(text)
    return made
