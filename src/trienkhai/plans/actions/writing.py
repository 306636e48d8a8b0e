"""Writing a draft's measures: what changed, in the ledger and in the rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from uuid import UUID, uuid4

from django.db.models import F, ProtectedError, RestrictedError

from trienkhai.ledger.models import Entry
from trienkhai.plans.models import Measure, Plan, PlanVersion, Wording, WordingCoordinator, WordingProgramme
from trienkhai.plans.rules import Line

_ASIDE = 1_000_000  # positions move out of the way before they are given anew
_FIELDS = (
    "treatment",
    "text",
    "provision",
    "lead_unit",
    "lead",
    "deadline_on",
    "product",
    "indicator",
    "target",
    "target_unit",
    "is_urgent",
    "is_recurring",
    "reason",
)
_AT_ONCE = 500


@dataclass(frozen=True)
class Rewriting:
    """The difference between a draft's lines as they were and as they are to be; every line has its key."""

    before: Mapping[UUID, Line]
    after: Mapping[UUID, Line]

    @classmethod
    def of(cls, before: Sequence[Line], after: Sequence[Line]) -> "Rewriting":
        """Compare; lines without a key are new measures."""
        keyed = [line if line.key else replace(line, key=uuid4()) for line in after]
        return cls({line.key: line for line in before if line.key}, {line.key: line for line in keyed if line.key})

    @property
    def added(self) -> list[UUID]:
        """New in the draft."""
        return [key for key in self.after if key not in self.before]

    @property
    def removed(self) -> list[UUID]:
        """No longer in the draft."""
        return [key for key in self.before if key not in self.after]

    @property
    def changed(self) -> list[UUID]:
        """In it still, with other words."""
        return [key for key, line in self.after.items() if key in self.before and self.before[key] != line]

    @property
    def is_nothing(self) -> bool:
        """Neither words nor order differ."""
        return list(self.before) == list(self.after) and not self.changed

    def as_detail(self) -> dict[str, object]:
        """As the ledger keeps it: what differs, in words, and the order as it is now."""
        changed = [
            {"key": str(key), "before": self.before[key].as_detail(), "after": self.after[key].as_detail()}
            for key in self.changed
        ]
        detail: dict[str, object] = {
            "added": [{"key": str(key), **self.after[key].as_detail()} for key in self.added],
            "removed": [{"key": str(key), **self.before[key].as_detail()} for key in self.removed],
            "changed": changed,
        }
        if [key for key in self.before if key in self.after] != [key for key in self.after if key in self.before]:
            detail["order"] = [str(key) for key in self.after]
        return {name: value for name, value in detail.items() if value}

    @property
    def count(self) -> int:
        """How many measures it touches."""
        return max(len(self.added) + len(self.removed) + len(self.changed), 1)


def write(version: PlanVersion, change: Rewriting, entry: Entry) -> list[Measure]:
    """Bring the draft's rows in line; the measures in their order."""
    plan = version.plan
    measures = _measures(plan, change)
    rows = {wording.measure.key: wording for wording in version.wordings.select_related("measure")}
    version.wordings.filter(measure__key__in=change.removed).delete()
    _reposition(version, change, rows)
    fresh = [Wording(version=version, measure=measures[key]) for key in change.added]
    touched = dict(zip(change.added, fresh, strict=True)) | {key: rows[key] for key in change.changed}
    positions = {key: position for position, key in enumerate(change.after)}
    for key, wording in touched.items():
        _fill(wording, change.after[key])
        wording.position = positions[key]
    Wording.objects.bulk_create(fresh, batch_size=_AT_ONCE)
    Wording.objects.bulk_update([rows[key] for key in change.changed], _FIELDS, batch_size=_AT_ONCE)
    _write_helpers(touched, change.after)
    _write_ties(touched, change.after)
    _forget_unused(plan, change.removed)
    plan.changed_seq = entry.seq
    plan.save(update_fields=["changed_seq"])
    return [measures[key] for key in change.after]


def _measures(plan: Plan, change: Rewriting) -> dict[UUID, Measure]:
    """The identities, made where they are new; what they answer is as the lines say."""
    there = {measure.key: measure for measure in plan.measures.all()}
    new = [
        Measure(key=key, plan=plan, answers_id=line.answers) for key, line in change.after.items() if key not in there
    ]
    Measure.objects.bulk_create(new, batch_size=_AT_ONCE)
    there |= {measure.key: measure for measure in new}
    linked = [key for key, line in change.after.items() if there[key].answers_id != line.answers]
    for key in linked:
        there[key].answers_id = change.after[key].answers
    Measure.objects.bulk_update([there[key] for key in linked], ["answers"], batch_size=_AT_ONCE)
    return there


def _reposition(version: PlanVersion, change: Rewriting, rows: Mapping[UUID, Wording]) -> None:
    places = {key: place for place, key in enumerate(change.after) if key in rows}
    moved = [key for key, place in places.items() if rows[key].position != place]
    if not moved:
        return
    version.wordings.filter(pk__in=[rows[key].pk for key in moved]).update(position=F("position") + _ASIDE)
    for key in moved:
        rows[key].position = places[key]
    Wording.objects.bulk_update([rows[key] for key in moved], ["position"], batch_size=_AT_ONCE)


def _fill(wording: Wording, line: Line) -> None:
    wording.treatment, wording.text, wording.reason = line.treatment, line.text, line.reason
    wording.provision_id, wording.lead_unit_id, wording.lead = line.provision, line.lead_unit, line.lead
    wording.deadline_on, wording.product = line.deadline_on, line.product
    wording.indicator, wording.target, wording.target_unit = line.indicator, line.target, line.target_unit
    wording.is_urgent, wording.is_recurring = line.is_urgent, line.is_recurring


def _write_helpers(touched: Mapping[UUID, Wording], lines: Mapping[UUID, Line]) -> None:
    for some in batched(touched.values(), _AT_ONCE):
        WordingCoordinator.objects.filter(wording__in=some).delete()
    WordingCoordinator.objects.bulk_create(
        [
            WordingCoordinator(wording=wording, position=place, unit_id=helper.unit, name=helper.name)
            for key, wording in touched.items()
            for place, helper in enumerate(lines[key].coordinators)
        ],
        batch_size=_AT_ONCE,
    )


def _write_ties(touched: Mapping[UUID, Wording], lines: Mapping[UUID, Line]) -> None:
    ties = WordingProgramme.objects
    for some in batched(touched.values(), _AT_ONCE):
        ties.filter(wording__in=some).delete()
    ties.bulk_create(
        [
            WordingProgramme(wording=wording, programme_id=programme)
            for key, wording in touched.items()
            for programme in lines[key].programmes
        ],
        batch_size=_AT_ONCE,
    )


def _forget_unused(plan: Plan, keys: Collection[UUID]) -> None:
    """Delete identities no version words any longer, unless something holds on to them."""
    unused = plan.measures.filter(key__in=keys, wordings__isnull=True)
    try:
        unused.delete()
    except (ProtectedError, RestrictedError):
        for measure in unused:
            _forget(measure)


def _forget(measure: Measure) -> None:
    try:
        measure.delete()
    except (ProtectedError, RestrictedError):
        return
