"""The WSGI application."""

import atexit
import multiprocessing
import os
import signal
import sys
import threading

from django.core.wsgi import get_wsgi_application


def end_with_parent() -> None:
    """In a serving process: end when the one that started it asks, or is killed (else the port would stay taken).

    A terminal's Ctrl-C reaches every process at once; one asked twice hangs. So the asking is left to the parent.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
    atexit.register(leave)


def leave() -> None:
    """End without taking the interpreter down: the server's own threads still hold parts of it, and would abort."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trienkhai.config.settings")
application = get_wsgi_application()
end_with_parent()
