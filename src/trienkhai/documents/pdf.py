"""Writes a document as PDF with typst, from a fixed template; texts travel as data, never as markup."""

import json
from dataclasses import asdict
from datetime import UTC
from functools import cache
from importlib import resources
from typing import assert_never

import typst

from trienkhai.documents.characters import allowed
from trienkhai.documents.fonts import BUNDLED, choose
from trienkhai.documents.layout import Profile
from trienkhai.documents.model import Block, Bullet, Document, Heading, PageBreak, Paragraph, Run, Table
from trienkhai.documents.parts import foot, head


def write_pdf(document: Document, profile: Profile) -> bytes:
    """The document as PDF, fonts embedded. The profile's fallbacks stand in for a typeface that is not installed."""
    chosen = choose((profile.font.family, *profile.font.fallbacks))
    compiled = typst.compile(
        _template(),
        font_paths=chosen.fonts,
        sys_inputs={"document": pdf_data(document, profile, chosen.family)},
        timestamp=document.created.replace(tzinfo=document.created.tzinfo or UTC, microsecond=0),
        format="pdf",
    )
    if not isinstance(compiled, bytes):  # pragma: no cover - a PDF is one file
        raise TypeError("typst gave no single file")
    return compiled


def pdf_data(document: Document, profile: Profile, family: str = BUNDLED) -> str:
    """What the template sets, as JSON."""
    page = profile.page
    width, height = (page.height, page.width) if document.landscape else (page.width, page.height)
    title = document.file_title()
    data = {
        "profile": asdict(profile),
        "fonts": [family, BUNDLED],
        "width": width,
        "height": height,
        "title": title or None,
        "author": document.header.organ,
        "language": document.language,
        "head": asdict(head(document, profile)),
        "blocks": [_block(block, profile) for block in document.blocks],
        "foot": asdict(foot(document, profile)),
        "appendix": [_block(block, profile) for block in document.appendix],
    }
    return json.dumps(_cleaned(data), ensure_ascii=False)


def _cleaned(value: object) -> object:
    match value:
        case str():
            return allowed(value)
        case dict():
            return {key: _cleaned(part) for key, part in value.items()}
        case list() | tuple():
            return [_cleaned(part) for part in value]
        case _:
            return value


@cache
def _template() -> bytes:
    return (resources.files("trienkhai.documents") / "pdf.typ").read_bytes()


def _block(block: Block, profile: Profile) -> dict[str, object]:
    match block:
        case Heading():
            style = profile.heading.at(block.level)
            return {"kind": "heading", "text": style.shown(block.text), "style": asdict(style)}
        case Paragraph():
            return {"kind": "paragraph", "runs": _runs(block.runs), "align": block.align, "indent": block.indent}
        case Bullet():
            return {"kind": "bullet", "runs": _runs(block.runs), "level": max(block.level, 1)}
        case Table():
            return _table(block)
        case PageBreak():
            return {"kind": "page-break"}
        case _:
            assert_never(block)


def _table(table: Table) -> dict[str, object]:
    return {
        "kind": "table",
        "columns": [asdict(column) for column in table.columns],
        "rows": [table.filled(row) for row in table.rows],
        "caption": table.caption,
        "row_height_mm": table.row_height_mm,
        "bold_rows": sorted(table.bold_rows),
    }


def _runs(runs: tuple[Run, ...]) -> list[dict[str, object]]:
    return [asdict(run) for run in runs]
