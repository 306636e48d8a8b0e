"""Content-addressed files: the database knows what, the folder holds the bytes."""

from typing import ClassVar
from uuid import uuid4

from django.db import models


class StoredFile(models.Model):
    """One upload under the name it came with. Equal bytes are kept once.

    Whoever owns an upload refers to it by a foreign key that protects it; a row nothing refers to is collected.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    uploaded_by = models.UUIDField(null=True)
    uploaded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["uploaded_at"], name="storedfile_uploaded")]

    def __str__(self) -> str:
        return self.name
