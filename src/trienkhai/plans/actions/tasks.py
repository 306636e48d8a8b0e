"""Giving tasks, changing and withdrawing them, reporting that they were done, and what indicators showed."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from trienkhai.core.decisions import Invalid, Refused
from trienkhai.files.actions import store
from trienkhai.files.models import StoredFile
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import Actor
from trienkhai.plans.actions.adopting import Scan
from trienkhai.plans.models import (
    IndicatorValue,
    Measure,
    Plan,
    Summable,
    Task,
    TaskEvidence,
    TaskReport,
    TaskTerms,
)
from trienkhai.plans.policies import tasks as policies
from trienkhai.plans.queries.tasks import Stood, report_of, terms_of, words_of
from trienkhai.plans.rules.tasks import (
    MOST_EVIDENCE,
    Asked,
    Done,
    TaskError,
    TaskState,
    checked_value,
    must_fit,
)
from trienkhai.text import clean_line

_STATES = list(TaskState)


@transaction.atomic
def give_tasks(
    *, plan: Plan, measure: Measure | None, asked: Sequence[Asked], actor: Actor, at: datetime
) -> list[Task]:
    """Give the same work to several units or persons, each a task of its own: one ledger entry.

    Raises:
        Refused: the actor may not act for the plan's unit, or the plan was not adopted.
        Invalid: nobody to ask, somebody who is not of the plan's unit, or as :meth:`Asked.checked` says.
    """
    held = Plan.objects.select_for_update(of=("self",)).select_related("rollout").get(pk=plan.pk)
    policies.can_give(actor, held, at=local_day(at)).require()
    if not asked:
        raise Invalid(TaskError.NOBODY, on="units")
    if measure is not None and measure.plan_id != held.pk:
        raise Invalid(TaskError.NOT_ITS_MEASURE)
    checked = [one.checked() for one in asked]
    for one in checked:
        _must_be_below(held, one, actor=actor, at=at)
    tasks = [Task(plan=held, measure=measure) for _one in checked]
    entry = record(
        actor=actor.key,
        action="plans.give_tasks",
        subject=tasks[0].key if len(tasks) == 1 else held.key,
        detail={
            "measure": str(measure.key) if measure else "",
            "tasks": [{"key": str(t.key), **one.as_detail()} for t, one in zip(tasks, checked, strict=True)],
        },
        count=len(tasks),
    )
    for task in tasks:
        task.changed_seq = entry.seq
    Task.objects.bulk_create(tasks)
    TaskTerms.objects.bulk_create(
        [_terms(task, one, entry, given_on=one.starts_on) for task, one in zip(tasks, checked, strict=True)]
    )
    return tasks


@transaction.atomic
def change_task(*, task: Task, asked: Asked, actor: Actor, at: datetime, seen: int | None = None) -> TaskTerms:
    """Ask something else from ``asked.starts_on`` on; on the first day of the task, it was always so.

    Raises:
        Refused: not the actor's, withdrawn, done, or changed since it was ``seen``.
        Invalid: a day ahead of today and of the task's first, somebody not below, or as :meth:`Asked.checked` says.
    """
    held, terms = _held(task, actor=actor, at=at, seen=seen)
    checked = asked.checked()
    _must_be_below(held.plan, checked, actor=actor, at=at)
    if checked.starts_on > max(local_day(at), terms.given_on):
        raise Invalid(TaskError.IN_THE_FUTURE, on="starts_on")
    if replace(checked, starts_on=terms.starts_on) == _asked(terms) and checked.starts_on >= terms.starts_on:
        return terms
    before = {"before": _asked(terms).as_detail(), "after": checked.as_detail()}
    entry = _noted(held, "change_task", before, actor=actor)
    given_on = _cut(held, checked.starts_on, entry)
    fresh = _terms(held, checked, entry, given_on=given_on or checked.starts_on)
    fresh.save()
    return fresh


@transaction.atomic
def withdraw_task(*, task: Task, on: date, reason: str, actor: Actor, at: datetime, seen: int | None = None) -> None:
    """From ``on`` it is no longer to be done; on its first day or before, it was given by mistake.

    Raises:
        Refused: not the actor's, withdrawn already, done, or changed since it was ``seen``.
        Invalid: no reason, or a day ahead.
    """
    held, terms = _held(task, actor=actor, at=at, seen=seen)
    why = clean_line(reason)
    if not why:
        raise Invalid(TaskError.REASON_EMPTY, on="reason")
    must_fit("reason", why)
    if on > max(local_day(at), terms.given_on):
        raise Invalid(TaskError.IN_THE_FUTURE, on="on")
    entry = _noted(held, "withdraw_task", {"on": on.isoformat(), "reason": why}, actor=actor)
    _cut(held, on, entry, reason=why)


@transaction.atomic
def report_task(
    *,
    task: Task,
    done: Done,
    actor: Actor,
    at: datetime,
    evidence: Sequence[Scan] = (),
    without: Collection[UUID] = (),
    seen: int | None = None,
) -> TaskReport:
    """Say that it was done, or correct what was said; files shown before stay, ``without`` those of these keys.

    Raises:
        Refused: not the actor's to report, withdrawn, or changed since it was ``seen``.
        Invalid: a day that cannot be, nothing that shows it, too many files, one that cannot be taken, or something
            too long.
    """
    held, terms = _seen(task, at=at, seen=seen)
    policies.can_report(actor, terms, at=local_day(at)).require()
    if _STATES[terms.place] is TaskState.WITHDRAWN:
        raise Refused(TaskError.WITHDRAWN)
    checked = done.checked(starts_on=terms.given_on, today=local_day(at))
    before = report_of(held)
    shown = [row.file for row in before.evidence.order_by("position", "pk") if row.key not in without] if before else []
    if len(shown) + len(evidence) > MOST_EVIDENCE:
        raise Invalid(TaskError.TOO_MANY_FILES, on="file", limit=MOST_EVIDENCE)
    if not (checked.product or checked.note or shown or evidence):
        raise Invalid(TaskError.NOTHING_SHOWN, on="product")
    added = [store(content=content, name=name, actor_key=actor.key, at=at) for content, name in evidence]
    detail = {**checked.as_detail(), "files": [file.sha256 for file in (*shown, *added)]}
    entry = _noted(held, "correct_report" if before else "report_task", detail, actor=actor)
    return _written(held, checked, [*shown, *added], entry)


@transaction.atomic
def withdraw_report(*, task: Task, reason: str, actor: Actor, at: datetime, seen: int | None = None) -> None:
    """Take back that it was done: it is still to be done.

    Raises:
        Refused: nothing was reported, not the actor's, or changed since it was ``seen``.
        Invalid: no reason.
    """
    held, terms = _seen(task, at=at, seen=seen)
    policies.can_report(actor, terms, at=local_day(at)).require()
    if report_of(held) is None:
        raise Refused(TaskError.NOT_REPORTED)
    why = clean_line(reason)
    if not why:
        raise Invalid(TaskError.REASON_EMPTY, on="reason")
    must_fit("reason", why)
    entry = _noted(held, "withdraw_report", {"reason": why}, actor=actor)
    TaskReport.objects.filter(task=held).supersede(entry)


@transaction.atomic
def record_value(
    *, measure: Measure, unit: Unit, on: date, value: Decimal, actor: Actor, at: datetime, note: str = ""
) -> IndicatorValue:
    """Say what the indicator showed in the unit on a day; what was said of that day before is superseded.

    Raises:
        Refused: the actor may not act for the unit here, or the plan names no indicator.
        Invalid: a day ahead, or too many digits.
    """
    Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    policies.can_record_value(actor, measure, unit.pk, at=local_day(at)).require()
    words = words_of([measure.pk], local_day(at)).get(measure.pk)
    if words is None or not words.indicator:
        raise Refused(TaskError.NO_INDICATOR)
    if on > local_day(at):
        raise Invalid(TaskError.IN_THE_FUTURE, on="on")
    said, remark = checked_value(value), clean_line(note)
    must_fit("indicator_note", remark, on="note")
    entry = record(
        actor=actor.key,
        action="plans.record_value",
        subject=measure.key,
        detail={"unit": unit.pk, "on": on.isoformat(), "value": f"{said:f}", "note": remark},
    )
    IndicatorValue.objects.filter(measure=measure, unit=unit, valid_on=on).supersede(entry)
    return IndicatorValue.objects.create(
        measure=measure,
        unit=unit,
        valid_on=on,
        value=said,
        note=remark,
        recorded_seq=entry.seq,
        recorded_on=entry.recorded_on,
    )


@transaction.atomic
def withdraw_value(*, value: IndicatorValue, actor: Actor, at: datetime) -> None:
    """Take back a value entered by mistake."""
    policies.can_record_value(actor, value.measure, value.unit_id, at=local_day(at)).require()
    detail = {"unit": value.unit_id, "on": value.valid_on.isoformat()}
    entry = record(actor=actor.key, action="plans.withdraw_value", subject=value.measure.key, detail=detail)
    IndicatorValue.objects.filter(pk=value.pk).supersede(entry)


@transaction.atomic
def say_summable(*, measure: Measure, is_summable: bool, actor: Actor, at: datetime) -> None:
    """Say whether the values of units add up to one of the whole."""
    Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    policies.can_say_summable(actor, measure, at=local_day(at)).require()
    there = Summable.objects.current().filter(measure=measure)
    if there.exists() == is_summable:
        return
    detail = {"is_summable": is_summable}
    entry = record(actor=actor.key, action="plans.say_summable", subject=measure.key, detail=detail)
    there.supersede(entry)
    if is_summable:
        Summable.objects.create(measure=measure, recorded_seq=entry.seq, recorded_on=entry.recorded_on)


def _must_be_below(plan: Plan, asked: Asked, *, actor: Actor, at: datetime) -> None:
    day = local_day(at)
    if asked.unit is not None:
        found = policies.units_to_ask(plan, at=day).filter(pk=asked.unit).exists()
    else:
        found = policies.people_to_ask(actor, plan, at=day).filter(pk=asked.person or 0).exists()
    if not found:
        raise Invalid(TaskError.NOT_BELOW, on="unit" if asked.unit is not None else "person")


def _seen(task: Task, *, at: datetime, seen: int | None) -> tuple[Task, Stood]:
    """The task as it stands now, held until the transaction ends, and what it asks."""
    held = Task.objects.select_for_update(of=("self",)).select_related("plan__rollout").get(pk=task.pk)
    if seen is not None and seen != held.changed_seq:
        raise Refused(TaskError.CHANGED_MEANWHILE)
    terms = terms_of(held, local_day(at))
    if terms is None:
        raise Refused(TaskError.WITHDRAWN)
    return held, terms


def _held(task: Task, *, actor: Actor, at: datetime, seen: int | None) -> tuple[Task, Stood]:
    """A task still to be done, for whoever may change what it asks."""
    held, terms = _seen(task, at=at, seen=seen)
    policies.can_give(actor, held.plan, at=local_day(at)).require()
    if report_of(held) is not None:
        raise Refused(TaskError.ALREADY_DONE)
    if _STATES[terms.place] is TaskState.WITHDRAWN:
        raise Refused(TaskError.WITHDRAWN)
    return held, terms


def _noted(task: Task, verb: str, detail: object, *, actor: Actor) -> Entry:
    entry = record(actor=actor.key, action=f"plans.{verb}", subject=task.key, detail=detail)
    task.changed_seq = entry.seq
    task.save(update_fields=["changed_seq"])
    return entry


def _cut(task: Task, on: date, entry: Entry, *, reason: str = "") -> date | None:
    """End what the task asks at ``on``; its first day as far as it began before, else ``None``."""
    current = TaskTerms.objects.current().filter(task=task)
    reaching = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    former = list(current.filter(reaching).order_by("starts_on", "pk"))
    current.filter(reaching).supersede(entry)
    given_on = None
    for terms in former:
        if terms.starts_on >= on:
            continue
        shortened = _terms(task, _asked(terms), entry, given_on=terms.given_on)
        shortened.ends_on, shortened.reason = on, reason
        shortened.save()
        given_on = terms.given_on
    return given_on


def _terms(task: Task, asked: Asked, entry: Entry, *, given_on: date) -> TaskTerms:
    return TaskTerms(
        task=task,
        unit_id=asked.unit,
        person_id=asked.person,
        given_on=given_on,
        text=asked.text,
        product=asked.product,
        deadline_on=asked.deadline_on,
        is_urgent=asked.is_urgent,
        starts_on=asked.starts_on,
        recorded_seq=entry.seq,
        recorded_on=entry.recorded_on,
    )


def _asked(terms: TaskTerms) -> Asked:
    return Asked(
        text=terms.text,
        starts_on=terms.starts_on,
        unit=terms.unit_id,
        person=terms.person_id,
        product=terms.product,
        deadline_on=terms.deadline_on,
        is_urgent=terms.is_urgent,
    )


def _written(task: Task, done: Done, files: Sequence[StoredFile], entry: Entry) -> TaskReport:
    TaskReport.objects.filter(task=task).supersede(entry)
    report = TaskReport.objects.create(
        task=task,
        done_on=done.on,
        product=done.product,
        note=done.note,
        told_by=done.told_by,
        recorded_seq=entry.seq,
        recorded_on=entry.recorded_on,
    )
    TaskEvidence.objects.bulk_create(
        [TaskEvidence(report=report, file=file, position=place) for place, file in enumerate(files)]
    )
    return report
