"""Asking, saying, releasing, names; grouping and answering."""

from trienkhai.comments.actions.calls import close_call, extend_call, hand_out_slips, open_call
from trienkhai.comments.actions.codes import draw_codes, send_by_code
from trienkhai.comments.actions.intake import enter, strike
from trienkhai.comments.actions.names import answer_asking, ask_for_name, open_name, withdraw
from trienkhai.comments.actions.releasing import (
    change_passphrase,
    choose_passphrase,
    give_up_lost,
    make_key_file,
    release_call,
)
from trienkhai.comments.actions.writing import Letter, Told, enter_slips, send, write_openly

__all__ = [
    "Letter",
    "Told",
    "answer_asking",
    "ask_for_name",
    "change_passphrase",
    "choose_passphrase",
    "close_call",
    "draw_codes",
    "enter",
    "enter_slips",
    "extend_call",
    "give_up_lost",
    "hand_out_slips",
    "make_key_file",
    "open_call",
    "open_name",
    "release_call",
    "send",
    "send_by_code",
    "strike",
    "withdraw",
    "write_openly",
]
