"""Figures counted again from raw facts, in plain SQL.

Shares no code with how figures are posted: no effects, no milestones, no deltas, no roll-up, not even the closure. It
reads units' states, obligations and the places they belong to, attendance, papers' events, adoptions, receipts and
declarations, through both times, and counts. Slow and simple; ``trienkhai check`` and the property test compare it with
:mod:`trienkhai.figures`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection

from trienkhai.figures.queries import paths_on
from trienkhai.ledger.models import Entry
from trienkhai.organisation.models import Unit
from trienkhai.progress.queries.values import figures_of_units
from trienkhai.progress.rules.figures import CODES, COUNTS
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.rules import FIGURE_BY_CODE, CellStudyRule, StepKind, Subject

FAR = date(9999, 12, 30)


@dataclass(frozen=True)
class Recounted:
    """A figure counted by hand, part for part as in :class:`~trienkhai.progress.rules.figures.FigureValue`."""

    code: str
    numerator: int
    denominator: int | None
    declared_numerator: int
    declared_denominator: int
    leaders_numerator: int | None
    leaders_denominator: int | None


@dataclass(frozen=True)
class Disagreement:
    """A figure that is not what its facts say."""

    rollout: str
    unit: str
    code: str
    as_of: date
    known_at: date | None
    part: str
    figure: int | None
    facts: int | None


def recount(*, rollout: Rollout, unit: Unit | int, as_of: date, known_at: date | None = None) -> tuple[Recounted, ...]:
    """Each figure of ``unit`` and all below on ``as_of``, as known at ``known_at``, from the facts alone."""
    key = unit if isinstance(unit, int) else unit.pk
    known = known_at or FAR
    values: Values = {
        "rollout": rollout.pk,
        "unit": key,
        "day": as_of.isoformat(),
        "known": known.isoformat(),
        "quorum": rollout.quorum_percent,
        "deadline": _deadline_then(rollout, known_at),
    }
    declared = _declared(values)
    found = []
    for code in CODES:
        if code in COUNTS:
            (numerator,) = _one(COUNT_STATEMENTS[code], values)
            found.append(Recounted(code, numerator, None, 0, 0, None, None))
            continue
        row = _one(_share_statement(code, CellStudyRule(rollout.cell_study_rule)), values)
        is_about_people = FIGURE_BY_CODE[code].subject is Subject.PERSON
        leaders = (row[2], row[3]) if is_about_people else (None, None)
        found.append(Recounted(code, row[0], row[1], *declared.get(code, (0, 0)), *leaders))
    return tuple(found)


def disagreements(
    *, rollout: Rollout, units: Collection[Unit], as_of: date, known_at: date | None = None
) -> list[Disagreement]:
    """Where the figures of these units are not what their facts say."""
    values = figures_of_units(rollout=rollout, units=[unit.pk for unit in units], as_of=as_of, known_at=known_at)
    found = []
    for unit in units:
        counted = recount(rollout=rollout, unit=unit, as_of=as_of, known_at=known_at)
        for value, fact in zip(values[unit.pk], counted, strict=True):
            for part in PARTS:
                shown, true = getattr(value, part), getattr(fact, part)
                if shown != true:
                    about = (str(rollout.key), str(unit.key), value.code, as_of, known_at, part)
                    found.append(Disagreement(*about, shown, true))
    return found


@dataclass(frozen=True)
class FigureFault:
    """A figure ``check`` found that its facts do not say."""

    code: str
    at: str


MOST_UNITS = 100
"""As many units of a roll-out are recounted by ``check``: the lead first, then level by level."""


def check_figures() -> list[FigureFault]:
    """Figures of every roll-out’s upper units, of today and of frozen reports’ days, that the facts do not say."""
    newest = Entry.objects.order_by("-seq").values_list("recorded_on", flat=True).first()
    return [
        FigureFault(
            "figure_differs",
            f"{fault.code}.{fault.part} of unit {fault.unit}, {fault.as_of}: {fault.figure}, not {fault.facts}",
        )
        for rollout in Rollout.objects.select_related("scope", "lead").order_by("pk")
        for day in sorted({newest or rollout.opens_on, *rollout.reports.values_list("as_of", flat=True)})
        for fault in disagreements(rollout=rollout, units=_upper_units(rollout, day), as_of=day)
    ]


def _upper_units(rollout: Rollout, day: date) -> list[Unit]:
    paths = paths_on(day).filter(ancestor=rollout.lead_id).order_by("depth", "descendant")
    found = Unit.objects.in_bulk(list(paths.values_list("descendant", flat=True)[:MOST_UNITS]))
    return list(found.values())


type Values = dict[str, str | int | None]

PARTS = (
    "numerator",
    "denominator",
    "declared_numerator",
    "declared_denominator",
    "leaders_numerator",
    "leaders_denominator",
)


def _known(row: str) -> str:
    """The row was known at the end of the day asked for."""
    return f"{row}.recorded_on <= %(known)s AND ({row}.superseded_on IS NULL OR {row}.superseded_on > %(known)s)"


def _holds(row: str) -> str:
    """The row was known then and holds on the day asked for."""
    return f"{_known(row)} AND {row}.starts_on <= %(day)s AND ({row}.ends_on IS NULL OR {row}.ends_on > %(day)s)"


# The unit and all below it on the day, by walking down from parent to child.
UNDER = f"""
WITH RECURSIVE under (unit) AS (
    SELECT CAST(%(unit)s AS bigint)
    UNION
    SELECT state.unit_id FROM organisation_unitstate state JOIN under ON state.parent_id = under.unit
    WHERE {_holds("state")}
)
"""  # noqa: S608 - every statement here is made of this module's own words; values are parameters

# Whoever owes the step on the day, somewhere under the unit.
OWED = f"""
, owed AS (
    SELECT duty.id, duty.person_id, duty.unit_id, place.is_leader
    FROM rollouts_obligation duty
    JOIN rollouts_step step ON step.id = duty.step_id
    JOIN rollouts_obligationplace place ON place.obligation_id = duty.id
    WHERE step.rollout_id = %(rollout)s AND step.kind = '{{step}}' AND duty.{{subject}}_id IS NOT NULL
      AND place.unit_id IN (SELECT unit FROM under) AND {_holds("place")}
)
"""  # noqa: S608

SHARE = """
SELECT count(CASE WHEN {done} THEN 1 END), count(*),
       count(CASE WHEN is_leader AND {done} THEN 1 END), count(CASE WHEN is_leader THEN 1 END)
FROM owed
"""

THERE = f"""
meetings_attendance mark
JOIN meetings_rosterentry entry ON entry.id = mark.entry_id
JOIN meetings_meeting meeting ON meeting.id = entry.meeting_id
JOIN meetings_holding holding ON holding.meeting_id = meeting.id
WHERE meeting.rollout_id = %(rollout)s AND mark.presence IN ('present', 'late', 'left_early')
  AND {_known("mark")} AND {_known("entry")} AND {_known("holding")}
"""

PERSON_STUDIED = f"""
EXISTS (SELECT 1 FROM {THERE} AND entry.person_id = owed.person_id AND holding.valid_on <= %(day)s)
"""  # noqa: S608

PAPER_FIRST_ON = f"""
(SELECT min(event.valid_on) FROM papers_paperevent event JOIN papers_paper paper ON paper.id = event.paper_id
 WHERE paper.obligation_id = owed.id AND event.kind = 'submitted' AND {_known("event")})
"""  # noqa: S608

PAPER_SUBMITTED = f"coalesce({PAPER_FIRST_ON} <= %(day)s, FALSE)"

PAPER_ON_TIME = f"""
coalesce({PAPER_FIRST_ON} <= %(day)s
 AND (CAST(%(deadline)s AS date) IS NULL OR {PAPER_FIRST_ON} <= %(deadline)s), FALSE)
"""

PAPER_ACCEPTED = f"""
EXISTS (
    SELECT 1 FROM papers_paperevent event JOIN papers_paper paper ON paper.id = event.paper_id
    WHERE paper.obligation_id = owed.id AND event.kind = 'accepted' AND {_known("event")}
      AND event.valid_on <= %(day)s
      AND NOT EXISTS (
        SELECT 1 FROM papers_paperevent later
        WHERE later.paper_id = event.paper_id AND {_known("later")}
          AND (later.valid_on, later.recorded_seq, later.id) > (event.valid_on, event.recorded_seq, event.id)
      )
)
"""  # noqa: S608

# A unit's own fact: one row (unit, day) each. What a unit that came after others did not do itself, it has done when
# every predecessor had: it has not when some line of predecessors without a fact of their own ends in one that owes,
# or in a fact of a later day.
UNIT_DONE = f"""
, own (unit, day) AS ({{own}})
, lacking (unit, came_from) AS (
    SELECT unit_id, unit_id FROM owed
    UNION
    SELECT lacking.unit, before.predecessor_id
    FROM lacking
    JOIN organisation_succession before ON before.successor_id = lacking.came_from
     AND before.predecessor_id <> before.successor_id AND {_known("before")}
    WHERE NOT EXISTS (SELECT 1 FROM own WHERE own.unit = lacking.came_from)
      AND EXISTS (
        SELECT 1 FROM rollouts_obligation duty JOIN rollouts_step step ON step.id = duty.step_id
        WHERE step.rollout_id = %(rollout)s AND step.kind = '{{step}}' AND duty.unit_id = before.predecessor_id)
)
, undone (unit) AS (
    SELECT lacking.unit FROM lacking
    LEFT JOIN own ON own.unit = lacking.came_from
    WHERE own.day > %(day)s
       OR (own.unit IS NULL AND NOT EXISTS (
            SELECT 1 FROM organisation_succession before
            JOIN rollouts_obligation duty ON duty.unit_id = before.predecessor_id
            JOIN rollouts_step step ON step.id = duty.step_id
            WHERE before.successor_id = lacking.came_from AND before.predecessor_id <> before.successor_id
              AND {_known("before")} AND step.rollout_id = %(rollout)s AND step.kind = '{{step}}'))
)
"""  # noqa: S608

UNIT_IS_DONE = "owed.unit_id NOT IN (SELECT unit FROM undone)"

RECEIVED = f"""
SELECT receipt.unit_id, receipt.valid_on FROM rollouts_receipt receipt
WHERE receipt.rollout_id = %(rollout)s AND {_known("receipt")}
"""  # noqa: S608

PLANNED = f"""
SELECT plan.unit_id, adoption.valid_on FROM plans_plan plan
JOIN plans_planversion version ON version.plan_id = plan.id AND version.number = 1
JOIN plans_adoption adoption ON adoption.version_id = version.id
WHERE plan.rollout_id = %(rollout)s AND {_known("adoption")}
"""  # noqa: S608

SEATED = f"""
SELECT seat.unit_id, min(holding.valid_on)
FROM meetings_seat seat
JOIN meetings_meeting meeting ON meeting.id = seat.meeting_id
JOIN meetings_holding holding ON holding.meeting_id = meeting.id
WHERE meeting.rollout_id = %(rollout)s AND {_known("seat")} AND {_known("holding")} AND {{which}}
GROUP BY seat.unit_id
"""  # noqa: S608

# The days on which a sitting could complete the quorum, and those on which it had: members of the first meeting's
# roster who by then were at it or at a session making up for it. A cell's groups are part of the cell.
QUORATE = f"""
SELECT sitting.unit, min(sitting.day) FROM (
    SELECT seat.unit_id AS unit, coalesce(meeting.makes_up_for_id, meeting.id) AS course, holding.valid_on AS day
    FROM meetings_seat seat
    JOIN meetings_meeting meeting ON meeting.id = seat.meeting_id
    JOIN meetings_holding holding ON holding.meeting_id = meeting.id
    WHERE meeting.rollout_id = %(rollout)s AND {_known("seat")} AND {_known("holding")}
) sitting
WHERE (SELECT count(*) FROM ({{roster}}) listed) > 0
  AND 100 * (SELECT count(*) FROM ({{roster}}) listed WHERE listed.person_id IN (
        SELECT entry.person_id FROM {THERE}
          AND entry."group" = 'member' AND coalesce(meeting.makes_up_for_id, meeting.id) = sitting.course
          AND holding.valid_on <= sitting.day AND {{of_unit}}
          AND EXISTS (SELECT 1 FROM meetings_seat seat
                      WHERE seat.meeting_id = meeting.id AND seat.unit_id = sitting.unit AND {_known("seat")})))
      >= %(quorum)s * (SELECT count(*) FROM ({{roster}}) listed)
GROUP BY sitting.unit
"""  # noqa: S608

OF_UNIT = f"""
(entry.unit_id = sitting.unit OR EXISTS (
    SELECT 1 FROM organisation_unitstate part
    WHERE part.unit_id = entry.unit_id AND part.parent_id = sitting.unit AND part.kind = 'group' AND {_known("part")}))
"""  # noqa: S608

ROSTER = f"""
SELECT entry.person_id FROM meetings_rosterentry entry
JOIN meetings_holding held ON held.meeting_id = entry.meeting_id AND {_known("held")}
WHERE entry.meeting_id = sitting.course AND entry."group" = 'member' AND {_known("entry")} AND {OF_UNIT}
"""  # noqa: S608

OTHERS = f"""
{UNDER}, first AS (
    SELECT entry.unit_id AS unit,
           row_number() OVER (PARTITION BY entry.person_id ORDER BY holding.valid_on, meeting.id) AS place,
           holding.valid_on AS day
    FROM {THERE} AND entry."group" = 'other'
)
SELECT count(*) FROM first WHERE place = 1 AND day <= %(day)s AND unit IN (SELECT unit FROM under)
"""  # noqa: S608

VISITS = f"""
{UNDER} SELECT count(*) FROM {THERE}
  AND entry."group" <> 'guest' AND holding.valid_on <= %(day)s AND entry.unit_id IN (SELECT unit FROM under)
"""  # noqa: S608

HELD = f"""
{UNDER} SELECT count(*) FROM meetings_meeting meeting JOIN meetings_holding holding ON holding.meeting_id = meeting.id
WHERE meeting.rollout_id = %(rollout)s AND {_known("holding")} AND holding.valid_on <= %(day)s
  AND meeting.host_id IN (SELECT unit FROM under)
"""  # noqa: S608

COUNT_STATEMENTS = {"others_studied": OTHERS, "attendances": VISITS, "meetings_held": HELD}

DONE_BY_PERSON = {
    "persons_studied": PERSON_STUDIED,
    "papers_submitted": PAPER_SUBMITTED,
    "papers_on_time": PAPER_ON_TIME,
    "papers_accepted": PAPER_ACCEPTED,
}

DECLARED = f"""
{UNDER}
SELECT told.code, sum(told.numerator), sum(told.denominator) FROM rollouts_declaration told
WHERE told.rollout_id = %(rollout)s AND told.unit_id IN (SELECT unit FROM under) AND {_known("told")}
  AND told.valid_on = (
    SELECT max(last.valid_on) FROM rollouts_declaration last
    WHERE last.rollout_id = told.rollout_id AND last.unit_id = told.unit_id AND last.code = told.code
      AND last.valid_on <= %(day)s AND {_known("last")})
GROUP BY told.code
"""  # noqa: S608


def _share_statement(code: str, rule: CellStudyRule) -> str:
    figure = FIGURE_BY_CODE[code]
    base = UNDER + OWED.format(step=figure.step, subject=figure.subject)
    if figure.subject is Subject.PERSON:
        return base + SHARE.format(done=DONE_BY_PERSON[code])
    own = {"units_received": RECEIVED, "units_planned": PLANNED}.get(code) or _studied(rule)
    return base + UNIT_DONE.format(own=own, step=figure.step) + SHARE.format(done=UNIT_IS_DONE)


def _studied(rule: CellStudyRule) -> str:
    if rule is CellStudyRule.QUORUM:
        return QUORATE.format(roster=ROSTER, of_unit=OF_UNIT)
    return SEATED.format(which="meeting.host_id = seat.unit_id" if rule is CellStudyRule.OWN_ONLY else "TRUE")


def _deadline_then(rollout: Rollout, known_at: date | None) -> str | None:
    """The papers' deadline as it was set at the end of ``known_at``: read from the record of its changes."""
    step = rollout.steps.filter(kind=StepKind.PAPER).first()
    if step is None:
        return None
    deadline = step.deadline_on.isoformat() if step.deadline_on else None
    if known_at is None:
        return deadline
    changes = Entry.objects.filter(subject=rollout.key, action="rollouts.change_deadline", recorded_on__gt=known_at)
    for entry in changes.select_related("detail").order_by("-seq"):
        if entry.detail.content["step"] == StepKind.PAPER:
            deadline = entry.detail.content["from"]
    return deadline


def _declared(values: Values) -> dict[str, tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(DECLARED, values)
        return {code: (int(numerator), int(denominator)) for code, numerator, denominator in cursor.fetchall()}


def _one(statement: str, values: Values) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {name: value for name, value in values.items() if f"%({name})s" in statement})
        return tuple(int(value) for value in cursor.fetchone())
