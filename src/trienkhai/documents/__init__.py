"""Documents from facts: Word, PDF and Excel by layout profile, charts as SVG. Knows no app."""

from trienkhai.documents.layout import PARTY, Profile, ProfileError, load_profile
from trienkhai.documents.model import (
    Align,
    Block,
    Bullet,
    Column,
    Document,
    Header,
    Heading,
    PageBreak,
    Paragraph,
    Run,
    Signature,
    Table,
)
from trienkhai.documents.pdf import write_pdf
from trienkhai.documents.sheets import Cell, Kind, Sheet, SheetColumn, write_xlsx
from trienkhai.documents.svg import Labels, Markup, burn_up
from trienkhai.documents.word import write_docx

__all__ = [
    "PARTY",
    "Align",
    "Block",
    "Bullet",
    "Cell",
    "Column",
    "Document",
    "Header",
    "Heading",
    "Kind",
    "Labels",
    "Markup",
    "PageBreak",
    "Paragraph",
    "Profile",
    "ProfileError",
    "Run",
    "Sheet",
    "SheetColumn",
    "Signature",
    "Table",
    "burn_up",
    "load_profile",
    "write_docx",
    "write_pdf",
    "write_xlsx",
]
