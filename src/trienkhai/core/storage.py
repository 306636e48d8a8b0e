"""Static files under names that carry their digest, so that browsers keep them for ever."""

from typing import Any

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Hashed and compressed at ``collectstatic``; while developing and in tests, plain names."""

    manifest_strict = False
    support_js_module_import_aggregation = True

    def url(self, name: str, force: bool = False) -> str:  # noqa: FBT001, FBT002 - Django's signature
        """The address of a static file; the plain one where nothing has been collected yet."""
        if not force and (settings.DEBUG or not self.hashed_files):
            return self.plain_url(name)
        return str(super().url(name, force))

    def plain_url(self, name: str) -> str:
        """The address without a digest."""
        base: Any = self.base_url or settings.STATIC_URL
        return f"{base}{name}"
