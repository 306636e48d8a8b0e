"""Figures of a province: any unit on any day, the roll-out's page, and rebuilding everything.

    python benchmarks/figures.py [--scale province]

Uses the PostgreSQL database of ``TRIENKHAI_DATABASE`` (filled when it is empty), else starts a server of its own.

- *query*: every figure of a unit (root, commune, cell in turn) on a random day as known on a random day, called as the
  page calls it.
- *counting*: people who have studied at the root, by one SQL statement over obligations, places and attendance, joined
  with the closure; against every figure of the root read as above. Both on the same (day, known at).
- *page*: the roll-out's page through Django's test client: middleware, policies, statements, templates.
- *rebuild*: against ``CREATE TABLE AS`` of the sums of all deltas by (ancestor, series, valid_on, recorded_on), joined
  with the paths: no index, no months. The best of three of each, one after the other.
"""

import argparse
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import filling
import measuring

SECONDS = 40
FIRST, LAST = date(2025, 2, 15), date(2025, 11, 20)
SETTLED = date(2025, 10, 31)

COUNTING = """
WITH came AS (
    SELECT entry.person_id AS person
    FROM meetings_attendance mark
    JOIN meetings_rosterentry entry ON entry.id = mark.entry_id
    JOIN meetings_meeting meeting ON meeting.id = entry.meeting_id
    WHERE meeting.rollout_id = %(rollout)s AND mark.presence IN ('present', 'late', 'left_early')
      AND mark.valid_on <= %(day)s AND mark.recorded_on <= %(known)s
      AND (mark.superseded_on IS NULL OR mark.superseded_on > %(known)s)
    GROUP BY entry.person_id
)
SELECT count(came.person), count(*)
FROM rollouts_obligationplace place
JOIN rollouts_obligation duty ON duty.id = place.obligation_id
JOIN rollouts_step step ON step.id = duty.step_id
JOIN figures_path path ON path.descendant = place.unit_id
LEFT JOIN came ON came.person = duty.person_id
WHERE step.rollout_id = %(rollout)s AND step.kind = 'study' AND duty.person_id IS NOT NULL
  AND place.starts_on <= %(day)s AND (place.ends_on IS NULL OR place.ends_on > %(day)s)
  AND place.recorded_on <= %(known)s AND (place.superseded_on IS NULL OR place.superseded_on > %(known)s)
  AND path.ancestor = %(unit)s AND path.starts_on <= %(day)s AND path.ends_on > %(day)s
  AND path.recorded_on <= %(known)s AND path.superseded_on > %(known)s
"""

REFERENCE = """
CREATE TABLE benchmark_sums AS
SELECT delta.series_id, path.ancestor, delta.valid_on, delta.recorded_on, sum(delta.n) AS n
FROM figures_delta delta JOIN figures_path path ON path.descendant = delta.unit
GROUP BY delta.series_id, path.ancestor, delta.valid_on, delta.recorded_on
"""


class Province:
    """What is measured: the roll-out, its units, days drawn at random."""

    def __init__(self) -> None:
        from trienkhai.organisation.models import Unit  # noqa: PLC0415
        from trienkhai.rollouts.queries import newest_rollout  # noqa: PLC0415

        rollout = newest_rollout()
        assert rollout is not None
        self.rollout = rollout
        self.random = Random(1)  # noqa: S311 - days and units
        units = Unit.objects.order_by("pk")
        self.communes = list(units.filter(states__kind="base"))
        self.cells = list(units.filter(states__kind="cell"))

    def day(self) -> date:
        """Some day."""
        return FIRST + timedelta(days=self.random.randrange((LAST - FIRST).days))

    def asked(self) -> tuple[date, date | None]:
        """A day, and now or a day not long after it."""
        day = self.day()
        return day, self.random.choice([None, day, day + timedelta(days=self.random.randrange(40))])

    def reading(self, units: list[int]) -> Callable[[], object]:
        """Every figure of one of the units, on some day."""
        from trienkhai.progress.queries.values import figures  # noqa: PLC0415

        unit, (day, known) = self.random.choice(units), self.asked()
        return lambda: figures(rollout=self.rollout, unit=unit, as_of=day, known_at=known)


def query(province: Province) -> None:
    kinds = {
        "the root": [province.rollout.lead_id],
        "a commune": [unit.pk for unit in province.communes],
        "a cell": [unit.pk for unit in province.cells],
    }
    for name, units in kinds.items():
        times = measuring.samples([province.reading(units) for _n in range(400)], seconds=SECONDS / 8)
        met = measuring.percentile(times, 0.5) <= 5
        measuring.row(f"query: every figure of {name}, any (D, K)", "≤ 5 ms", measuring.spread(times), met=met)


def counting(province: Province) -> None:
    from django.db import connection  # noqa: PLC0415

    from trienkhai.progress.queries.values import figures  # noqa: PLC0415

    rollout, known = province.rollout, LAST
    asked = {"rollout": rollout.pk, "unit": rollout.lead_id, "day": SETTLED, "known": known}

    def by_counting() -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(COUNTING, asked)
            return cursor.fetchone()  # type: ignore[no-any-return]

    def by_reading() -> tuple[int, int | None]:
        values = figures(rollout=rollout, unit=rollout.lead_id, as_of=SETTLED, known_at=known)
        return next((v.numerator, v.denominator) for v in values if v.code == "persons_studied")

    assert by_counting() == by_reading(), (by_counting(), by_reading())
    counted = measuring.samples([by_counting] * 5, seconds=SECONDS, warm_up=1)
    read = measuring.samples([by_reading] * 100, seconds=SECONDS / 8)
    ratio = measuring.percentile(counted, 0.5) / measuring.percentile(read, 0.5)
    told = f"{ratio:.0f} × ({measuring.percentile(counted, 0.5):.0f} ms : {measuring.percentile(read, 0.5):.1f} ms)"
    measuring.row("root, counting one figure : reading them all", "≥ 20 ×", told, met=ratio >= 20)


def page(province: Province) -> None:
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from trienkhai.accounts.models import User  # noqa: PLC0415
    from trienkhai.organisation.models import Delegation  # noqa: PLC0415

    user, made = User.objects.get_or_create(username="benchmark-office")
    if made:
        Delegation.objects.create(user=user, unit_id=province.rollout.lead_id, role="office", starts_on=FIRST)
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    address = reverse("progress:rollout", args=[province.rollout.key])

    def opening(unit: object, *, then: bool) -> Callable[[], object]:
        day, known = province.asked()
        asked = {"unit": str(unit), "as_of": day.isoformat()} if then else {"unit": str(unit)}
        if then and known:
            asked["known_at"] = known.isoformat()

        def work() -> None:
            answer = client.get(address, asked)
            assert answer.status_code == 200, answer.status_code

        return work

    root = [province.rollout.lead.key]
    for name, keys, then in (
        (f"page: the root with {len(province.communes)} units below, today", root, False),
        ("page: the root, any (D, K)", root, True),
        ("page: a commune, any (D, K)", [unit.key for unit in province.communes], True),
    ):
        works = [opening(province.random.choice(keys), then=then) for _n in range(100)]
        times = measuring.samples(works, seconds=SECONDS / 4)
        met = measuring.percentile(times, 0.95) <= 100
        measuring.row(name, "p95 ≤ 100 ms", measuring.spread(times), met=met)


def rebuilding() -> None:
    from django.db import connection  # noqa: PLC0415

    from trienkhai.figures.actions import rebuild  # noqa: PLC0415

    def reference() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS benchmark_sums")
            cursor.execute(REFERENCE)

    plain, ours = [], []
    for _round in range(3):
        plain.append(measuring.timed(reference))
        ours.append(measuring.timed(rebuild))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE benchmark_sums")
        cursor.execute("VACUUM ANALYZE figures_rollup")
    ratio = min(ours) / min(plain)
    told = f"{ratio:.1f} × ({min(ours) / 1000:.1f} s : {min(plain) / 1000:.1f} s, best of 3)"
    measuring.row("rebuild : CREATE TABLE AS … GROUP BY", "≤ 3 ×", told, met=ratio <= 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", choices=("city", "province"), default="province")
    options = parser.parse_args()
    with measuring.postgresql() as url:
        measuring.use(url)
        filling.ensure(options.scale)
        measuring.heading(f"Figures of a {options.scale}: {filling.counted()}\n{measuring.machine()}")
        province = Province()
        query(province)
        counting(province)
        page(province)
        rebuilding()
        measuring.finish()


if __name__ == "__main__":
    main()
