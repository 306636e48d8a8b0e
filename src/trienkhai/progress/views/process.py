"""Whether the roll-out went by the rules, in their order."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from trienkhai.core.pages import Text
from trienkhai.ledger.clock import today
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.progress.queries import process as queries
from trienkhai.progress.rules.process import Checked, Item
from trienkhai.progress.texts import EARLY_FOR, PROCESS_ITEMS, VERDICTS
from trienkhai.progress.views.asking import visible_rollout
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.policies import can_manage


@dataclass(frozen=True)
class ProcessLine:
    """One thing asked, in words."""

    number: int
    name: Text
    checked: Checked
    sign: str
    word: Text
    early: tuple[tuple[int, Text], ...]
    url: str


@signed_in
def process(request: ActorRequest, key: UUID) -> HttpResponse:
    """What the rules ask for in which order, what is there, what is missing; for whoever runs the roll-out."""
    rollout, day = visible_rollout(request, key), today()
    can_manage(request.actor, rollout, at=day).require()
    lines = [_line(number, checked, rollout) for number, checked in enumerate(queries.process_of(rollout, day=day), 1)]
    context = {"rollout": rollout, "lines": lines, "version": queries.rules().version, "today": day}
    return render(request, "progress/process.html", context)


def _line(number: int, checked: Checked, rollout: Rollout) -> ProcessLine:
    sign, word = VERDICTS[checked.verdict]
    return ProcessLine(
        number=number,
        name=PROCESS_ITEMS[checked.rule.item],
        checked=checked,
        sign=sign,
        word=word,
        early=tuple((count, EARLY_FOR[code]) for code, count in checked.early.items()),
        url=_url(checked.rule.item, rollout),
    )


def _url(item: Item, rollout: Rollout) -> str:
    """Where it is seen or done."""
    name, is_of_rollout = _PLACES[item]
    return reverse(name, args=[rollout.key] if is_of_rollout else [])


_PLACES = {
    Item.DIRECTIVE: ("rollouts:settings", True),
    Item.GUIDANCE: ("rollouts:settings", True),
    Item.RECEIVED: ("rollouts:receipts", True),
    Item.PLAN: ("plans:index", True),
    Item.PLANS_BELOW: ("plans:index", True),
    Item.STUDIED: ("meetings:of_rollout", True),
    Item.PAPERS: ("papers:index", True),
    Item.COMMENTS_ASKED: ("comments:index", False),
    Item.COMMENTS_ANSWERED: ("comments:index", False),
    Item.PLAN_REVISED: ("plans:index", True),
    Item.REPORTED: ("progress:reports", False),
}
