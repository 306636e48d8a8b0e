"""Whether a roll-out went by the rules: what they ask in which order, what is there, what is missing.

What is asked is data (``rule_sets/process.toml``), because it changes every few years and differs between places.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from trienkhai.core.decisions import Invalid

SHIPPED = Path(__file__).resolve().parent.parent / "rule_sets" / "process.toml"


class Item(StrEnum):
    """What can be asked of a roll-out."""

    DIRECTIVE = "directive"
    GUIDANCE = "guidance"
    RECEIVED = "received"
    PLAN = "plan"
    PLANS_BELOW = "plans_below"
    STUDIED = "studied"
    PAPERS = "papers"
    COMMENTS_ASKED = "comments_asked"
    COMMENTS_ANSWERED = "comments_answered"
    PLAN_REVISED = "plan_revised"
    REPORTED = "reported"


class Before(StrEnum):
    """What something can come too early for, besides items."""

    LAST_DEADLINE = "last_deadline"


class Verdict(StrEnum):
    """How it stands with one thing asked."""

    THERE = "there"
    UNDER_WAY = "under_way"
    MISSING = "missing"
    OUT_OF_ORDER = "out_of_order"
    NOT_DUE = "not_due"
    NOT_DONE = "not_done"  # asked by custom alone
    NOTHING_ASKED = "nothing_asked"


@dataclass(frozen=True)
class Rule:
    """One thing asked. ``after``: codes of what should have come first. ``source``: where it is written."""

    item: Item
    after: tuple[str, ...] = ()
    is_required: bool = True
    source: str = ""


@dataclass(frozen=True)
class RuleSet:
    """What is asked, in its order, by which version of the rules."""

    version: str
    rules: Sequence[Rule]


@dataclass(frozen=True)
class Found:
    """What is there: ``done`` of ``owed``, from the first to the last day; what came too early, and for what."""

    done: int
    owed: int
    first_on: date | None = None
    last_on: date | None = None
    due_on: date | None = None
    early: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """One thing asked, what was found, and how it stands. ``early``: what came before what it should have followed."""

    rule: Rule
    found: Found
    verdict: Verdict
    early: Mapping[str, int]


def read_rules(own: Path | None = None) -> RuleSet:
    """The installation's own file where there is one, else what is shipped.

    Raises:
        Invalid: the file cannot be read, or says something without meaning.
    """
    path = own if own is not None and own.is_file() else SHIPPED
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise Invalid("process_rules_unreadable", file=path.name) from fault
    asked = told.get("asked")
    if not isinstance(told.get("version"), str) or not isinstance(asked, list) or set(told) > {"version", "asked"}:
        raise Invalid("process_rules_without_meaning", name="version")
    rules = tuple(_rule(entry) for entry in asked)
    if len({rule.item for rule in rules}) < len(rules):
        raise Invalid("process_rules_without_meaning", name="asked")
    return RuleSet(told["version"], rules)


_KINDS = {"item": str, "required": bool, "after": list, "source": str}
_KNOWN_AFTER = frozenset({*Item, *Before})


def _rule(entry: object) -> Rule:
    if not isinstance(entry, dict) or not {"item", "required"} <= set(entry):
        raise Invalid("process_rules_without_meaning", name="asked")
    for name, value in entry.items():
        if name not in _KINDS or not isinstance(value, _KINDS[name]):
            raise Invalid("process_rules_without_meaning", name=str(name))
    after = tuple(entry.get("after", ()))
    if entry["item"] not in set(Item) or not set(after) <= _KNOWN_AFTER:
        raise Invalid("process_rules_without_meaning", name=entry["item"])
    return Rule(Item(entry["item"]), after, entry["required"], entry.get("source", ""))


def check(rules: RuleSet, found: Mapping[Item, Found], *, day: date) -> list[Checked]:
    """How it stands with everything asked on the day, in the order of the rules."""
    return [_checked(rule, found.get(rule.item, Found(0, 0)), day) for rule in rules.rules]


def _checked(rule: Rule, found: Found, day: date) -> Checked:
    early = {code: number for code, number in found.early.items() if code in rule.after and number > 0}
    return Checked(rule, found, _verdict(rule, found, day, is_early=bool(early)), early)


def _verdict(rule: Rule, found: Found, day: date, *, is_early: bool) -> Verdict:
    if found.owed == 0 and found.done == 0:
        return Verdict.NOTHING_ASKED
    if is_early:
        return Verdict.OUT_OF_ORDER
    if found.done >= found.owed:
        return Verdict.THERE
    is_due = found.due_on is None or found.due_on < day
    if found.done:
        return Verdict.MISSING if is_due and found.due_on is not None else Verdict.UNDER_WAY
    if not is_due:
        return Verdict.NOT_DUE
    return Verdict.MISSING if rule.is_required else Verdict.NOT_DONE
