"""Boxes that nobody can read before they are released, nor tie to anybody afterwards.

For the app above, in the order of a round's life. Participants, holders' owners and actors are opaque keys.

Before: ``enrol`` gives somebody a key pair under a passphrase of their own (``enrol_key_file``: for an office of one
person), ``change_passphrase`` wraps it anew.

``open_round`` opens a box. ``send`` takes one submission of one participant and returns the receipt: show it in the
answer to the very request, keep it nowhere, and mark the view ``sensitive_post_parameters()``. Not inside a transaction
that writes anything else.

``unlock`` needs two holders; ``release`` gives the texts, shuffled, to the caller's ``write`` in its transaction,
deletes the boxes and destroys the key. Store each text with its ``answer`` and ``kept_name``, in the order given,
under random keys, with nothing that says when, from where, or of what kind its author is. ``write`` must take whatever
``send`` took: one text it refuses holds up all of them. ``discard`` ends a round unread. ``renew_key`` goes on after
the key was lost. ``destroy_leftovers`` is for the worker and for starting.

Kept names: ``ask_to_open``, then the author's ``answer_asking`` or ``withdraw``, then ``open_name``.
"""

from trienkhai.sealed.actions.holders import change_passphrase, enrol, enrol_key_file
from trienkhai.sealed.actions.keys import destroy_leftovers
from trienkhai.sealed.actions.names import answer_asking, ask_to_open, open_name, withdraw
from trienkhai.sealed.actions.releasing import Release, Unlocked, release, unlock
from trienkhai.sealed.actions.rounds import discard, open_round, renew_key
from trienkhai.sealed.actions.sending import send

__all__ = [
    "Release",
    "Unlocked",
    "answer_asking",
    "ask_to_open",
    "change_passphrase",
    "destroy_leftovers",
    "discard",
    "enrol",
    "enrol_key_file",
    "open_name",
    "open_round",
    "release",
    "renew_key",
    "send",
    "unlock",
    "withdraw",
]
