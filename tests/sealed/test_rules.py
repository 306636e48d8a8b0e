import json
from itertools import combinations
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey, PublicKey, SealedBox

from trienkhai.core.decisions import Invalid
from trienkhai.sealed.rules import (
    BOX_BYTES,
    LEAST,
    LONGEST_AUTHOR,
    RECEIPT_LENGTH,
    Below,
    CannotOpen,
    Fate,
    Mode,
    SealedError,
    Submission,
    Unlock,
    answer_of,
    fate_of,
    holders_of,
    new_envelope,
    new_pair,
    new_receipt,
    normalised,
    open_as_pair,
    open_envelope,
    pairs_part,
    proof_of,
    room,
    seal,
    shown,
    unseal,
    unwrap,
    wrap,
    wrap_for_pairs,
)

PRIVATE, PUBLIC = new_pair()
ANSWER = answer_of("A" * RECEIPT_LENGTH)
KEEPERS = {UUID(int=number): new_pair() for number in range(1, 6)}
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300)


def keepers(count: int) -> dict[UUID, bytes]:
    return {key: public for key, (_, public) in list(KEEPERS.items())[:count]}


def sealed(submission: Submission, *, names: int = 3, box_bytes: int = BOX_BYTES) -> bytes:
    return seal(submission, answer=ANSWER, public_key=PUBLIC, box_bytes=box_bytes, keepers=keepers(names))


@given(
    mode=st.sampled_from(Mode), text=WORDS, below=st.sampled_from(Below), author=st.text("aă ", min_size=8, max_size=40)
)
@settings(max_examples=60)
def test_every_box_is_of_one_size_and_gives_back_what_went_in(mode: Mode, text: str, below: Below, author: str) -> None:
    signed = mode in {Mode.NAMED, Mode.KEPT}
    submission = Submission(mode, {"text": text, "on": [1, None, True]}, author if signed else "", below)
    box = sealed(submission)
    assert len(box) == BOX_BYTES + 48
    opened = unseal(box, PrivateKey(PRIVATE))
    assert (opened.mode, opened.content, opened.below) == (mode, submission.content, below)
    assert opened.answer == ANSWER
    assert opened.author == (author if mode is Mode.NAMED else "")
    assert bool(opened.envelope) == (mode is Mode.KEPT)
    if mode is Mode.KEPT:
        assert author.encode() not in opened.envelope


def test_the_same_words_never_give_the_same_box() -> None:
    one, other = (sealed(Submission(Mode.NOTHING)) for _ in range(2))
    assert not {one[at : at + 8] for at in range(len(one) - 7)} & {other[at : at + 8] for at in range(len(other) - 7)}


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("names", [0, 3, 5])
def test_what_fits_does_not_depend_on_the_mode(mode: Mode, names: int) -> None:
    if mode is Mode.KEPT and not names:
        return
    author = "ă" * (LONGEST_AUTHOR // 2) if mode in {Mode.NAMED, Mode.KEPT} else ""
    most = room(2 * BOX_BYTES, names) - len(json.dumps({"text": ""}, separators=(",", ":")))
    sealed(Submission(mode, {"text": "x" * most}, author), names=names, box_bytes=2 * BOX_BYTES)
    with pytest.raises(Invalid, match=SealedError.TOO_LONG):
        sealed(Submission(mode, {"text": "x" * (most + 1)}, author), names=names, box_bytes=2 * BOX_BYTES)


@pytest.mark.parametrize(
    ("submission", "code"),
    [
        (Submission(Mode.NAMELESS, {"text": "a\0b"}), SealedError.UNREADABLE),
        (Submission(Mode.NAMELESS, {"text": "\ud83d"}), SealedError.UNREADABLE),
        (Submission(Mode.NAMELESS, {"n": float("nan")}), SealedError.UNREADABLE),
        (Submission(Mode.NAMED, {"text": "a"}), SealedError.NO_AUTHOR),
        (Submission(Mode.KEPT, {"text": "a"}), SealedError.NO_AUTHOR),
        (Submission(Mode.NAMELESS, {"text": "a"}, "ai"), SealedError.AUTHOR_GIVEN),
        (Submission(Mode.NAMED, {}, "a" * (LONGEST_AUTHOR + 1)), SealedError.TOO_LONG),
    ],
)
def test_what_would_stop_a_release_is_not_taken(submission: Submission, code: SealedError) -> None:
    with pytest.raises(Invalid, match=code):
        sealed(submission)


def test_a_backslash_is_no_zero() -> None:
    text = {"text": r"viết \u0000 và \\u0000"}
    assert unseal(sealed(Submission(Mode.NAMELESS, {**text})), PrivateKey(PRIVATE)).content == text


def test_another_key_and_damage_open_nothing() -> None:
    box = sealed(Submission(Mode.NOTHING))
    with pytest.raises(CannotOpen):
        unseal(box, PrivateKey.generate())
    with pytest.raises(CannotOpen):
        unseal(box[:-1] + bytes([box[-1] ^ 1]), PrivateKey(PRIVATE))
    forged = {"mode": "named", "below": "release", "content": {}, "author": "ai", "answer": "x" * 65}
    for words in (b"", b"[]", b"{}", json.dumps(forged).encode(), json.dumps(forged | {"answer": 5}).encode()):
        within = len(words).to_bytes(4, "big") + words + bytes(4)
        with pytest.raises(CannotOpen):
            unseal(SealedBox(PublicKey(PUBLIC)).encrypt(within), PrivateKey(PRIVATE))
    with pytest.raises(CannotOpen):
        unseal(b"", PrivateKey(PRIVATE))


def test_any_two_holders_open_and_no_one_alone() -> None:
    secret = bytes(range(32))
    for count in (2, 3, 5):
        blob = wrap_for_pairs(secret, keepers(count))
        keys = list(keepers(count))
        assert holders_of(blob) == keys
        for pair in combinations(keys, 2):
            assert open_as_pair(blob, {key: KEEPERS[key][0] for key in pair}) == secret
        for key in keys:
            with pytest.raises(CannotOpen):
                open_as_pair(blob, {key: KEEPERS[key][0]})
            with pytest.raises(CannotOpen):
                open_as_pair(blob, {key: KEEPERS[key][0], uuid4(): KEEPERS[key][0]})
        wrong = {keys[0]: KEEPERS[keys[0]][0], keys[1]: KEEPERS[keys[0]][0]}
        with pytest.raises(CannotOpen):
            open_as_pair(blob, wrong)
        with pytest.raises(CannotOpen):
            open_as_pair(blob[:-1], {key: KEEPERS[key][0] for key in keys})


@given(st.text("Nguyễn Văn ", min_size=1, max_size=60))
@settings(max_examples=20)
def test_envelopes_are_of_one_size_and_open_for_two(author: str) -> None:
    envelope = new_envelope(author, keepers(3))
    assert len(envelope) == len(new_envelope("x", keepers(3)))
    keys = holders_of(pairs_part(envelope))
    for pair in combinations(keys, 2):
        assert open_envelope(envelope, {key: KEEPERS[key][0] for key in pair}) == author
    with pytest.raises(CannotOpen):
        open_envelope(envelope, {keys[0]: KEEPERS[keys[0]][0]})
    with pytest.raises(CannotOpen):
        open_envelope(bytes([envelope[0] ^ 1]) + envelope[1:], {key: KEEPERS[key][0] for key in keys})


def test_a_passphrase_is_taken_however_it_was_typed() -> None:
    blob = wrap(b"x" * 32, "mưa dầm thấm lâu", LEAST)
    assert unwrap(blob, " mưa dầm  thấm lâu ") == b"x" * 32  # marks typed apart
    with pytest.raises(CannotOpen):
        unwrap(blob, "mưa dầm thấm mau")
    for damaged in (b"", b"\2" + blob[1:], blob[:-1], blob[:20]):
        with pytest.raises(CannotOpen):
            unwrap(damaged, "mưa dầm thấm lâu")


def test_a_receipt_is_read_as_people_write_it() -> None:
    receipt = new_receipt()
    assert len(receipt) == RECEIPT_LENGTH
    assert normalised(f" {shown(receipt).lower()} ") == receipt
    assert normalised("O0I1B8ABCDEFGHIJ") == "OOIIBBABCDEFGHIJ"
    for wrong in ("", "ABCD", "A" * 17, "Đ" * 16, "9" * 16):
        with pytest.raises(Invalid, match=SealedError.RECEIPT_MALFORMED):
            normalised(wrong)


def test_the_two_signs_of_a_receipt_share_nothing() -> None:
    receipts = [new_receipt() for _ in range(100)]
    assert len(set(receipts)) == 100
    assert not {proof_of(one) for one in receipts} & {answer_of(one) for one in receipts}


@pytest.mark.parametrize(
    ("mode", "below", "nameless", "fate"),
    [
        (Mode.NAMELESS, Below.DESTROY, 4, Fate.DESTROYED),
        (Mode.NAMELESS, Below.DESTROY, 5, Fate.RELEASED),
        (Mode.NAMELESS, Below.RELEASE, 1, Fate.RELEASED),
        (Mode.NAMED, Below.DESTROY, 0, Fate.RELEASED),
        (Mode.KEPT, Below.DESTROY, 0, Fate.RELEASED),
        (Mode.NOTHING, Below.RELEASE, 9, Fate.NO_COMMENT),
    ],
)
def test_below_the_threshold_the_authors_choice_counts(mode: Mode, below: Below, nameless: int, fate: Fate) -> None:
    assert fate_of(mode, below, nameless=nameless, threshold=5) is fate


def test_nothing_secret_is_shown_by_accident() -> None:
    assert "thật" not in repr(Submission(Mode.NAMED, {"text": "nói thật"}, "thật"))
    assert "thật" not in repr(Unlock(uuid4(), "thật"))
    assert "thật" not in repr(unseal(sealed(Submission(Mode.NAMELESS, {"text": "thật"})), PrivateKey(PRIVATE)))
