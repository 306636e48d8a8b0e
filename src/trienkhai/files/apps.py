from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Registers the app and says in words what its codes mean."""

    name = "trienkhai.files"
    label = "files"

    def ready(self) -> None:
        """Register texts."""
        from trienkhai.core import pages  # noqa: PLC0415 - after the apps are ready
        from trienkhai.files.rules import FileFault  # noqa: PLC0415

        pages.register_texts(
            {
                FileFault.EMPTY: _("The file is empty."),
                FileFault.TOO_LARGE: _("The file is too large. At most %(megabytes)s MB can be taken."),
                FileFault.WRONG_KIND: _("This kind of file cannot be taken here. Choose one of: %(kinds)s."),
                FileFault.WITH_MACROS: _("The file holds macros (small programs). Save it without them and try again."),
                FileFault.ENCRYPTED: _("The file is locked with a password. Save it without one and try again."),
                FileFault.DAMAGED_UPLOAD: _(
                    "The file is damaged. Open it on your machine, save it again and try once more."
                ),
                FileFault.UNPACKS_TOO_LARGE: _("The file would become far too large when opened. It was not taken."),
                FileFault.TOO_MANY_PIXELS: _("The picture is too large. Scan it with fewer dots (300 dpi is enough)."),
                FileFault.NOT_SAVED: _(
                    "The file could not be saved: the disk is full or not writable. Nothing was changed."
                ),
                FileFault.MISSING: _(
                    "The file “%(name)s” is not in the files folder any more. Restore it from a backup."
                ),
                FileFault.ALTERED: _(
                    "The file “%(name)s” has been changed on the disk and is not given out. Restore it from a backup."
                ),
            }
        )
        pages.register_statuses({FileFault.NOT_SAVED: 503, FileFault.MISSING: 500, FileFault.ALTERED: 500})
