"""A download, for the apps that own files to answer with."""

from django.http import FileResponse

from trienkhai.files.models import StoredFile
from trienkhai.files.queries import response_parts


def download(stored: StoredFile) -> FileResponse:
    """The file as something to save. Ask first whether the actor may: this does not."""
    parts = response_parts(stored)
    return FileResponse(
        parts.content, as_attachment=True, filename=parts.name, content_type=parts.media_type, headers=parts.headers
    )
