"""Words for codes of boxes, keys and kept names."""

from django.utils.translation import gettext_lazy as _

from trienkhai.core.pages import Text
from trienkhai.sealed.rules import Below, Custody, Fate, KeyState, Mode, NameState, SealedError

MODE_NAMES: dict[Mode, Text] = {
    Mode.NAMED: _("with my name"),
    Mode.KEPT: _("name kept"),
    Mode.NAMELESS: _("without a name"),
    Mode.NOTHING: _("no comment"),
}

BELOW_NAMES: dict[Below, Text] = {
    Below.RELEASE: _("release it all the same"),
    Below.DESTROY: _("destroy it unread"),
}

CUSTODY_NAMES: dict[Custody, Text] = {
    Custody.TWO_HOLDERS: _("Two holders with passphrases of their own must open it together."),
    Custody.KEY_FILE: _("One person opens it, with a passphrase and a key file: nobody has to be there as a second."),
}

FATE_NAMES: dict[Fate, Text] = {
    Fate.WAITING: _("in the box, unread"),
    Fate.RELEASED: _("released"),
    Fate.DESTROYED: _("destroyed unread, as its author chose"),
    Fate.NO_COMMENT: _("no comment"),
}

KEY_STATE_NAMES: dict[KeyState, Text] = {
    KeyState.PRESENT: _("the key is in its place"),
    KeyState.LOST: _("the key is lost: everybody is asked to send again"),
    KeyState.DESTROYED: _("the key has been destroyed"),
    KeyState.LEFT: _("the key is about to be destroyed"),
}

NAME_STATE_NAMES: dict[NameState, Text] = {
    NameState.SEALED: _("sealed"),
    NameState.ASKED: _("somebody has asked for it"),
    NameState.CONSENTED: _("the author agrees to its being opened"),
    NameState.WITHDRAWN: _("withdrawn by the author"),
    NameState.OPENED: _("opened"),
}

ERRORS: dict[str, Text] = {
    SealedError.ALREADY_SENT: _(
        "Something has been sent for you already. What is in the box can no longer be changed."
    ),
    SealedError.NOT_IN_ELECTORATE: _("You are not among those who are asked here."),
    SealedError.ROUND_CLOSED: _("The box has been closed. Nothing was sent."),
    SealedError.KEY_LOST: _(
        "The key of this box is lost, so what is in it cannot be read by anybody. Once the office has given it a new "
        "key, everybody is asked to send again."
    ),
    SealedError.KEY_THERE: _("The key of this box is in its place: there is nothing to renew."),
    SealedError.NAMELESS_NOT_ALLOWED: _("Nothing without a name is taken here."),
    SealedError.NAMES_NOT_KEPT: _("Names are not kept here: sign it, or send it without a name."),
    SealedError.TOO_LONG: _("This is longer than a box can hold. Shorten it; nothing was sent."),
    SealedError.UNREADABLE: _("There are signs in this text that cannot be kept. Nothing was sent."),
    SealedError.NO_AUTHOR: _("A signed text needs its author’s name."),
    SealedError.AUTHOR_GIVEN: _("A text without a name must not carry one."),
    SealedError.RECEIPT_MALFORMED: _("That is no receipt: it has sixteen signs, letters and the digits 2 to 7."),
    SealedError.RECEIPT_UNKNOWN: _("No such receipt is known here."),
    SealedError.TOO_FEW_PEOPLE: _(
        "Fewer than %(at_least)s people are asked: too few for texts without a name. Ask more people, or take signed "
        "texts alone."
    ),
    SealedError.NUMBER_OF_RELEASERS: _("Choose %(at_least)s to %(at_most)s holders to open the box."),
    SealedError.NUMBER_OF_KEEPERS: _("Choose %(at_least)s to %(at_most)s people to keep names."),
    SealedError.NOT_ENROLLED: _("One of the holders has no passphrase yet. Let them choose one first."),
    SealedError.ONE_KEY_FILE: _("A key file goes with one person, not with several, nor with another file."),
    SealedError.NOT_A_HOLDER: _("This person is not among the holders."),
    SealedError.TWO_NEEDED: _("Two different holders are needed."),
    SealedError.PASSPHRASE_WRONG: _("One of the passphrases is wrong. Nothing was opened."),
    SealedError.TOO_MANY_TRIES: _(
        "Too many wrong passphrases were typed for this holder. Wait an hour; what was tried is in the record."
    ),
    SealedError.PASSPHRASE_SHORT: _(
        "A passphrase has at least %(at_least)s signs: four or five words are easy to keep."
    ),
    SealedError.BATCH_CHANGED: _("The box was emptied by others meanwhile. Try again."),
    SealedError.BATCH_SMALL: _("Too little is in the box to release a part of it."),
    SealedError.KEY_NOT_SAVED: _("The key could not be saved: is the disk full? Nothing was opened."),
    SealedError.NAME_NOT_ASKED: _("Nobody has asked for this name."),
    SealedError.NAME_ENDED: _("This name has been asked for, withdrawn or opened already."),
    SealedError.NAME_DAMAGED: _("This envelope is damaged: the name in it cannot be read any more."),
    SealedError.NAME_TOO_EARLY: _("Its author still has time to answer."),
    SealedError.HOLDER_FORBIDDEN: _(
        "Whoever is criticised, and who works under them, may not open the name of the one who criticises."
    ),
    SealedError.TOO_FEW_KEEPERS: _("Fewer than two keepers are left who may open this name."),
}
