"""What stops the program, said to the person who started it instead of a traceback."""

import errno
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


GONE = "The database has gone away. Nothing half-written was kept; start again when it is back."


class CannotRun(Exception):
    """The message is for the person at the keyboard."""


def explain(fault: BaseException) -> str | None:
    """What to tell the person; none for a fault of the program itself, which deserves its traceback.

    Args:
        fault: what was raised; its causes are looked at too.
    """
    return next((text for one in _causes(fault) if (text := _explain_one(one))), None)


def _causes(fault: BaseException | None) -> "Iterator[BaseException]":
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        yield fault
        fault = fault.__cause__ or fault.__context__


def _explain_one(fault: BaseException) -> str | None:
    if isinstance(fault, CannotRun):
        return str(fault)
    if isinstance(fault, OSError):
        return _explain_system(fault)
    kind = type(fault).__name__
    if kind in {"OperationalError", "DatabaseError", "InterfaceError"}:
        return _explain_database(str(fault).strip())
    return None


def _explain_system(fault: OSError) -> str | None:
    where = f": {fault.filename}" if fault.filename else ""
    if fault.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}:
        return f"The disk is full{where}. Nothing was changed; make room and start again."
    if fault.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"No permission to read or write{where}."
    if fault.filename is not None and str(fault.filename) == os.environ.get("TRIENKHAI_DATA"):
        return f"The data folder cannot be used{where}: {fault.strerror}."
    return None


def _explain_database(text: str) -> str | None:
    signs = {
        "disk is full": "The disk is full. Nothing was changed; make room and start again.",
        "unable to open database file": "The database file cannot be opened: is the data folder readable and writable?",
        "readonly database": "The database file cannot be written: who owns it?",
        "not a database": "The database file is damaged or not one of ours. Restore the newest backup.",
        "malformed": "The database file is damaged. Restore the newest backup.",
        "database is locked": "Another process holds the database. Try again when it has finished.",
        "no such table": "The database has not been set up: run `trienkhai migrate`.",
        'database "': "TRIENKHAI_DATABASE names a database that does not exist: create it first.",
        "does not exist": "The database has not been set up: run `trienkhai migrate`.",
        "password authentication failed": "PostgreSQL refused the name or password in TRIENKHAI_DATABASE.",
        "server closed the connection": GONE,
        "terminating connection": GONE,
        "connection": f"The database cannot be reached: {text.splitlines()[0] if text else 'no reason given'}",
    }
    return next((said for sign, said in signs.items() if sign in text), None)
