"""Add a user who can sign in, or give a user a new password."""

import argparse
import getpass
import sys

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from trienkhai.config.faults import CannotRun


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("verb", choices=["add", "password"])
    parser.add_argument("name", help="what the person types to sign in")
    parser.add_argument("--superuser", action="store_true", help="with add: may do everything")
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


def run(args: argparse.Namespace) -> int:
    """Do what the verb says."""
    users = get_user_model().objects
    with transaction.atomic():
        user = users.filter(username=args.name).first()
        if args.verb == "add":
            if user is not None:
                msg = f"There is a user {args.name} already."
                raise CannotRun(msg)
            user = users.create_superuser(args.name) if args.superuser else users.create_user(args.name)
        if user is None:
            msg = f"There is no user {args.name}."
            raise CannotRun(msg)
        user.set_password(read_password(from_input=args.password_stdin))
        user.save(update_fields=["password"])
    print(f"{args.name} can sign in now.")
    return 0


def read_password(*, from_input: bool) -> str:
    """A password that passes the rules.

    Raises:
        CannotRun: it does not, or the two typed differ.
    """
    if from_input:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass("Password: ")
        if getpass.getpass("Again: ") != password:
            msg = "The two differ."
            raise CannotRun(msg)
    try:
        validate_password(password)
    except ValidationError as fault:
        raise CannotRun(" ".join(fault.messages)) from fault
    return password
