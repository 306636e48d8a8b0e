"""Content-addressed files: the database knows what, the folder holds the bytes."""

from uuid import uuid4

from django.db import models


class StoredFile(models.Model):
    """One upload under the name it came with. Equal bytes are kept once."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    uploaded_by = models.UUIDField(null=True)
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
