"""The file around a Word document: an empty package without the library's traces, and bytes that do not vary."""

import io
import zipfile
from datetime import UTC, datetime
from functools import cache

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE as RT

from trienkhai.documents.characters import allowed
from trienkhai.documents.word_styles import element

_KEPT = {RT.STYLES, RT.SETTINGS, RT.CORE_PROPERTIES, RT.OFFICE_DOCUMENT}
_WHEN = (1980, 1, 1, 0, 0, 0)
_COMPATIBILITY = {"compatibilityMode": "15", "overrideTableStyleFontSizeAndJustification": "1"}
_COMPATIBILITY_URI = "http://schemas.microsoft.com/office/word"


def empty_document() -> WordDocument:
    """A new Word document with no styles, no theme and nothing in it."""
    return docx.Document(io.BytesIO(_empty_package()))


def describe(word: WordDocument, *, title: str, author: str, language: str, created: datetime) -> None:
    """Set the file's properties; no program and no machine is named."""
    naive = created.astimezone(UTC).replace(tzinfo=None) if created.tzinfo else created
    properties = word.core_properties
    properties.title = allowed(title)[:255]
    properties.author = properties.last_modified_by = allowed(author)[:255]
    properties.language, properties.comments, properties.keywords, properties.revision = language, "", "", 1
    properties.created = properties.modified = naive


def to_bytes(word: WordDocument) -> bytes:
    """The finished file, with fixed times and order inside."""
    saved = io.BytesIO()
    word.save(saved)
    out = io.BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            info = zipfile.ZipInfo(name, _WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return out.getvalue()


@cache
def _empty_package() -> bytes:
    word = docx.Document()
    for relationships in (word.part.rels, word.part.package.rels):
        for key in [key for key, relationship in relationships.items() if relationship.reltype not in _KEPT]:
            del relationships[key]
    word.styles.element.clear()
    settings = word.settings.element
    settings.clear()
    settings.extend(
        [
            element("zoom", percent=100),
            element("defaultTabStop", val=720),
            element(
                "compat",
                element("doNotExpandShiftReturn"),
                *(
                    element("compatSetting", name=name, uri=_COMPATIBILITY_URI, val=value)
                    for name, value in _COMPATIBILITY.items()
                ),
            ),
            element("decimalSymbol", val=","),
            element("listSeparator", val=";"),
        ]
    )
    saved = io.BytesIO()
    word.save(saved)
    return saved.getvalue()
