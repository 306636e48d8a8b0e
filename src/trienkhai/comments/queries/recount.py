"""Figures of calls counted again from raw facts, in plain SQL.

Shares no code with how they are posted, nor with the closure: it reads who was asked, submissions, points, answers and
the box's participations, through both times. ``trienkhai check`` and the property test compare it with the figures.
The group a point lay in on an earlier day is found from what was done with it since. Clauses are compared as known now
alone: what a draft said before it was written anew is in the ledger only.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from trienkhai.comments.models import Call
from trienkhai.figures.queries import totals
from trienkhai.ledger.models import Entry

FAR = date(9999, 12, 30)
CODES = (
    "comments_asked",
    "comments_taken_part",
    "comments_submissions",
    "comments_points",
    "comments_answered",
    "comments_answered_on_time",
    "clauses_changed",
)


@dataclass(frozen=True)
class CallDisagreement:
    """A figure of a call that is not what its facts say."""

    call: str
    unit: int
    code: str
    as_of: date
    known_at: date | None
    figure: int
    facts: int


@dataclass(frozen=True)
class FigureFault:
    """What ``check`` prints."""

    code: str
    at: str


def recount(*, call: Call, unit: int, as_of: date, known_at: date | None = None) -> dict[str, int]:
    """Each figure of the unit and all below on ``as_of``, as known at ``known_at``, from the facts alone."""
    known = (known_at or FAR).isoformat()
    values: dict[str, int | str] = {"call": call.pk, "unit": unit, "day": as_of.isoformat(), "known": known}
    found = {}
    with connection.cursor() as cursor:
        for code in CODES:
            cursor.execute(UNDER + STATEMENTS[code], values)
            found[code] = int(cursor.fetchone()[0] or 0)
    return found


def disagreements(*, call: Call, unit: int, as_of: date, known_at: date | None = None) -> list[CallDisagreement]:
    """Where the figures of the unit are not what their facts say."""
    shown = totals(scope=call.scope, codes=CODES, unit=unit, as_of=as_of, known_at=known_at)
    true = recount(call=call, unit=unit, as_of=as_of, known_at=known_at)
    if known_at is not None:
        true["clauses_changed"] = shown["clauses_changed"]
    return [
        CallDisagreement(str(call.key), unit, code, as_of, known_at, shown[code], true[code])
        for code in CODES
        if shown[code] != true[code]
    ]


def check_figures() -> list[FigureFault]:
    """Figures of every call, at the unit that asks, that the facts do not say.

    Today and on the day answers are due, as known now; and that day as it was known then.
    """
    newest = Entry.objects.order_by("-seq").values_list("recorded_on", flat=True).first()
    return [
        FigureFault("figure_differs", f"{one.code} of call {one.call}, {one.as_of}: {one.figure}, not {one.facts}")
        for call in Call.objects.select_related("scope").order_by("pk")
        for day, known_at in ((newest or call.opens_on, None), (call.answer_by, None), (call.answer_by, call.answer_by))
        for one in disagreements(call=call, unit=call.unit_id, as_of=day, known_at=known_at)
    ]


def _known(row: str) -> str:
    """The row was known at the end of the day asked for."""
    return f"{row}.recorded_on <= %(known)s AND ({row}.superseded_on IS NULL OR {row}.superseded_on > %(known)s)"


def _entered(seq: str) -> str:
    """The entry had been made by the end of the day asked for."""
    return f"EXISTS (SELECT 1 FROM ledger_entry made WHERE made.seq = {seq} AND made.recorded_on <= %(known)s)"  # noqa: S608


# The unit and all below it on the day, by walking down from parent to child.
UNDER = f"""
WITH RECURSIVE under (unit) AS (
    SELECT CAST(%(unit)s AS bigint)
    UNION
    SELECT state.unit_id FROM organisation_unitstate state JOIN under ON state.parent_id = under.unit
    WHERE {_known("state")} AND state.starts_on <= %(day)s AND (state.ends_on IS NULL OR state.ends_on > %(day)s)
)
, the_call AS (
    SELECT call.id, call.unit_id, call.round_key, call.opens_on,
           CASE WHEN {_entered("call.released_seq")} THEN call.released_on END AS released_on,
           coalesce((SELECT more.answer_from FROM comments_extension more
                     WHERE more.call_id = call.id AND more.recorded_on > %(known)s
                     ORDER BY more.recorded_seq LIMIT 1), call.answer_by) AS answer_by
    FROM comments_call call WHERE call.id = %(call)s AND {_entered("call.opened_seq")}
)
, said AS (
    SELECT told.id, told.person_id, told.received_on,
           CASE WHEN EXISTS (SELECT 1 FROM comments_asked asked
                             WHERE asked.call_id = told.call_id AND asked.unit_id = told.unit_id)
                THEN told.unit_id ELSE the_call.unit_id END AS unit,
           coalesce(told.received_on, the_call.released_on) AS day
    FROM comments_submission told JOIN the_call ON the_call.id = told.call_id
    WHERE {_known("told")}
)
, placed AS (
    SELECT point.id, said.unit, said.day AS said_on,
           coalesce((SELECT step.to_group_id FROM comments_regrouping step
                     WHERE step.point_id = point.id AND {_entered("step.seq")} ORDER BY step.seq DESC LIMIT 1),
                    (SELECT step.from_group_id FROM comments_regrouping step
                     WHERE step.point_id = point.id ORDER BY step.seq LIMIT 1),
                    point.group_id) AS home
    FROM comments_point point
    JOIN said ON said.id = point.submission_id
    WHERE point.about <> 'person'
)
, pointed AS (
    SELECT placed.*, reply.answered_on, reply.kind, reply.version_id, reply.measure_id
    FROM placed
    LEFT JOIN comments_disposition reply ON reply.group_id = placed.home AND {_known("reply")}
)
"""  # noqa: S608 - every statement here is made of this module's own words; values are parameters

_HERE = "unit IN (SELECT unit FROM under)"
_ANSWERED = "CASE WHEN answered_on > said_on THEN answered_on ELSE said_on END"

TAKEN_PART = """
SELECT
  (SELECT count(*) FROM comments_asked asked JOIN the_call ON the_call.id = asked.call_id
   WHERE the_call.round_key IS NULL AND asked.unit_id IN (SELECT unit FROM under)
     AND EXISTS (SELECT 1 FROM said WHERE said.person_id = asked.person_id AND said.day <= %(day)s))
  +
  (SELECT count(*) FROM said JOIN the_call ON the_call.released_on <= %(day)s
   WHERE the_call.round_key IS NOT NULL AND said.received_on IS NULL AND said.person_id IS NOT NULL
     AND said.unit IN (SELECT unit FROM under))
  +
  (SELECT count(*) FROM sealed_participation sent
   JOIN sealed_sealedround box ON box.id = sent.sealed_round_id
   JOIN the_call ON the_call.round_key = box.key
   WHERE the_call.released_on <= %(day)s AND the_call.unit_id IN (SELECT unit FROM under))
  -
  (SELECT count(*) FROM said JOIN the_call ON the_call.released_on <= %(day)s
   WHERE the_call.round_key IS NOT NULL AND said.received_on IS NULL AND said.person_id IS NOT NULL
     AND the_call.unit_id IN (SELECT unit FROM under))
"""

_FACTS = {
    "treatment": "''",
    "text": "''",
    "reason": "''",
    "lead": "''",
    "product": "''",
    "indicator": "''",
    "target_unit": "''",
    "provision_id": "0",
    "lead_unit_id": "0",
    "target": "-1",
    "deadline_on": "'0001-01-01'",
}
_DIFFERS = " OR ".join(
    [f"coalesce(now.{name}, {nothing}) <> coalesce(old.{name}, {nothing})" for name, nothing in _FACTS.items()]
    + ["now.is_urgent <> old.is_urgent", "now.is_recurring <> old.is_recurring"]
)

# A clause counts when the adopted version named says something else of it than the one before, or one of them nothing.
CLAUSES = f"""
, helper AS (
    SELECT wording_id, position, coalesce(unit_id, 0) AS unit_id, name FROM plans_wordingcoordinator
)
SELECT count(*) FROM (
    SELECT pointed.measure_id,
           min(CASE WHEN pointed.answered_on > made.adopted_on THEN pointed.answered_on ELSE made.adopted_on END) AS day
    FROM pointed JOIN the_call ON the_call.unit_id IN (SELECT unit FROM under)
    JOIN plans_planversion made ON made.id = pointed.version_id AND made.adopted_on IS NOT NULL
    LEFT JOIN plans_planversion earlier ON earlier.plan_id = made.plan_id AND earlier.number = made.number - 1
    LEFT JOIN plans_wording now ON now.version_id = made.id AND now.measure_id = pointed.measure_id
    LEFT JOIN plans_wording old ON old.version_id = earlier.id AND old.measure_id = pointed.measure_id
    WHERE pointed.kind = 'accepted' AND pointed.measure_id IS NOT NULL
      AND ((now.id IS NULL AND old.id IS NOT NULL) OR (now.id IS NOT NULL AND old.id IS NULL)
           OR (now.id IS NOT NULL AND (
            {_DIFFERS}
            OR (SELECT count(*) FROM helper WHERE wording_id = now.id)
               <> (SELECT count(*) FROM helper WHERE wording_id = old.id)
            OR EXISTS (SELECT 1 FROM helper one WHERE one.wording_id = now.id AND NOT EXISTS (
                SELECT 1 FROM helper other WHERE other.wording_id = old.id AND other.position = one.position
                  AND other.unit_id = one.unit_id AND other.name = one.name)))))
    GROUP BY pointed.measure_id
) changed WHERE day <= %(day)s
"""  # noqa: S608

STATEMENTS = {
    "comments_asked": """
        SELECT (SELECT count(*) FROM comments_asked asked JOIN the_call ON the_call.id = asked.call_id
                WHERE asked.unit_id IN (SELECT unit FROM under) AND the_call.opens_on <= %(day)s)
             + (SELECT count(*) FROM comments_drawncode code JOIN the_call ON the_call.id = code.call_id
                WHERE the_call.unit_id IN (SELECT unit FROM under) AND the_call.opens_on <= %(day)s)
    """,
    "comments_taken_part": TAKEN_PART,
    "comments_submissions": f"SELECT count(*) FROM said WHERE day <= %(day)s AND {_HERE}",  # noqa: S608 - own words
    "comments_points": f"SELECT count(*) FROM pointed WHERE said_on <= %(day)s AND {_HERE}",  # noqa: S608
    "comments_answered": f"""
        SELECT count(*) FROM pointed WHERE answered_on IS NOT NULL AND {_ANSWERED} <= %(day)s AND {_HERE}
    """,  # noqa: S608
    "comments_answered_on_time": f"""
        SELECT count(*) FROM pointed JOIN the_call ON {_ANSWERED} <= the_call.answer_by
        WHERE answered_on IS NOT NULL AND {_ANSWERED} <= %(day)s AND pointed.{_HERE}
    """,  # noqa: S608
    "clauses_changed": CLAUSES,
}
