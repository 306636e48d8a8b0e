"""Figures of calls counted again from raw facts, in plain SQL.

Shares no code with how they are posted, nor with the closure: it reads who was asked, submissions, points, answers and
the box's participations, through both times. ``trienkhai check`` and the property test compare it with the figures.
A point's group is known as it is now: the past of groupings is not asked.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from trienkhai.comments.models import Call
from trienkhai.figures.queries import totals
from trienkhai.ledger.models import Entry

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
    figure: int
    facts: int


@dataclass(frozen=True)
class FigureFault:
    """What ``check`` prints."""

    code: str
    at: str


def recount(*, call: Call, unit: int, as_of: date) -> dict[str, int]:
    """Each figure of the unit and all below on ``as_of``, as known now, from the facts alone."""
    values: dict[str, int | str] = {"call": call.pk, "unit": unit, "day": as_of.isoformat()}
    found = {}
    with connection.cursor() as cursor:
        for code in CODES:
            cursor.execute(UNDER + STATEMENTS[code], values)
            found[code] = int(cursor.fetchone()[0] or 0)
    return found


def disagreements(*, call: Call, unit: int, as_of: date) -> list[CallDisagreement]:
    """Where the figures of the unit are not what their facts say."""
    shown = totals(scope=call.scope, codes=CODES, unit=unit, as_of=as_of)
    true = recount(call=call, unit=unit, as_of=as_of)
    return [
        CallDisagreement(str(call.key), unit, code, as_of, shown[code], true[code])
        for code in CODES
        if shown[code] != true[code]
    ]


def check_figures() -> list[FigureFault]:
    """Figures of every call, at the unit that asks, that the facts do not say; today and on the day answers are due."""
    newest = Entry.objects.order_by("-seq").values_list("recorded_on", flat=True).first()
    return [
        FigureFault("figure_differs", f"{one.code} of call {one.call}, {one.as_of}: {one.figure}, not {one.facts}")
        for call in Call.objects.select_related("scope").order_by("pk")
        for day in sorted({newest or call.opens_on, call.answer_by})
        for one in disagreements(call=call, unit=call.unit_id, as_of=day)
    ]


# The unit and all below it on the day, by walking down from parent to child.
UNDER = """
WITH RECURSIVE under (unit) AS (
    SELECT CAST(%(unit)s AS bigint)
    UNION
    SELECT state.unit_id FROM organisation_unitstate state JOIN under ON state.parent_id = under.unit
    WHERE state.superseded_seq IS NULL AND state.starts_on <= %(day)s
      AND (state.ends_on IS NULL OR state.ends_on > %(day)s)
)
, the_call AS (SELECT * FROM comments_call WHERE id = %(call)s)
, said AS (
    SELECT told.id, told.person_id, told.received_on,
           CASE WHEN EXISTS (SELECT 1 FROM comments_asked asked
                             WHERE asked.call_id = told.call_id AND asked.unit_id = told.unit_id)
                THEN told.unit_id ELSE the_call.unit_id END AS unit,
           coalesce(told.received_on, the_call.released_on) AS day
    FROM comments_submission told JOIN the_call ON the_call.id = told.call_id
    WHERE told.superseded_seq IS NULL
)
, pointed AS (
    SELECT point.id, said.unit, said.day AS said_on, reply.answered_on
    FROM comments_point point
    JOIN said ON said.id = point.submission_id
    LEFT JOIN comments_disposition reply ON reply.group_id = point.group_id AND reply.superseded_seq IS NULL
    WHERE point.about <> 'person'
)
"""

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

CLAUSES = """
SELECT count(*) FROM (
    SELECT reply.measure_id, min(reply.answered_on) AS day
    FROM comments_disposition reply
    JOIN comments_group own ON own.id = reply.group_id
    JOIN the_call ON the_call.id = own.call_id
    WHERE reply.superseded_seq IS NULL AND reply.kind = 'accepted' AND reply.measure_id IS NOT NULL
      AND the_call.unit_id IN (SELECT unit FROM under)
      AND EXISTS (SELECT 1 FROM comments_point point JOIN comments_submission told ON told.id = point.submission_id
                  WHERE point.group_id = own.id AND told.superseded_seq IS NULL)
    GROUP BY reply.measure_id
) changed WHERE day <= %(day)s
"""

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
