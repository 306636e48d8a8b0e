"""The desk of a call with 100,000 comments: server time of its pages, and the search for those that say the same.

Run: python benchmarks/desk.py [--points 100000] [--without-search]   (TRIENKHAI_DATABASE: another database)

A ward's call, opened through its action; comments are the planted ones of ``grouping.py``, written as rows, on a plan's
measures, a body, and nothing in particular. Server time is that of Django's test client as the ward's office clerk.
Then the search as the worker does it, the pages again with groups in all sizes and a third of them answered, and
merging and answering fifty groups at once.
"""

import argparse
import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import measuring

TARGET_MS = 50
MOST_EACH = 40
AT = datetime(2012, 6, 1, 3, tzinfo=UTC)
DAY = date(2012, 6, 2)
AT_ONCE = 5_000


def opened_call() -> Any:
    """A ward of ten cells, its plan of forty measures, a call on it."""
    from tests.factories.comments import make_body, make_call  # noqa: PLC0415
    from tests.factories.plans import AT as THEN  # noqa: PLC0415
    from tests.factories.plans import make_plan, make_world, version_of  # noqa: PLC0415
    from trienkhai.comments.rules import About, Subject  # noqa: PLC0415
    from trienkhai.organisation.rules import SYSTEM  # noqa: PLC0415
    from trienkhai.plans import actions as plans  # noqa: PLC0415
    from trienkhai.plans.models import Wording  # noqa: PLC0415
    from trienkhai.plans.rules import Adopted, Line  # noqa: PLC0415

    world = make_world(cells=10)
    plan = make_plan(world, None, *[Line(text=f"Nhiệm vụ, giải pháp thứ {n}") for n in range(1, 41)])
    plans.adopt_plan(plan=plan, adopted=Adopted(on=date(2012, 3, 1), number="05-KH/ĐU"), actor=SYSTEM, at=THEN)
    version = version_of(plan, 1)
    body = make_body(world.ward.unit)
    about = [Subject(About.PLAN, version=version.pk), Subject(About.BODY, body=body.pk), Subject(About.FREE)]
    call = make_call(world.ward, subjects=about, rollout=world.rollout.pk)
    measures = Wording.objects.filter(version=version).order_by("position").values_list("measure", flat=True)
    return call, [*about, *(Subject(About.MEASURE, version=version.pk, measure=one) for one in measures)]


def write_points(call: Any, subjects: list[Any], count: int) -> None:
    """Comments of residents, one point each, as rows; then what they count."""
    from grouping import planted  # noqa: PLC0415

    from trienkhai.comments.actions.storing import write  # noqa: PLC0415
    from trienkhai.comments.models import Submission  # noqa: PLC0415
    from trienkhai.comments.rules import AuthorKind, Channel, Said  # noqa: PLC0415
    from trienkhai.ledger.actions import record  # noqa: PLC0415

    texts, meant = planted(count, seed=count)
    begun = time.perf_counter()
    for start in range(0, count, AT_ONCE):
        rows = [
            (
                Submission(
                    call=call,
                    book_id=call.unit_id,
                    year=2012,
                    number=at + 1,
                    channel=Channel.LETTER,
                    author_kind=AuthorKind.RESIDENT,
                    author="Một người dân",
                    received_on=DAY,
                ),
                [Said(subjects[hash_of(meant[at]) % len(subjects)], texts[at])],
            )
            for at in range(start, min(count, start + AT_ONCE))
        ]
        write(rows, entry=record(actor=None, action="comments.enter", subject=call.key, count=len(rows)))
    print(f"{count:,} comments written in {time.perf_counter() - begun:.0f} s")


def hash_of(meant: Any) -> int:
    """The same for the same meaning, in every process."""
    return meant.matter * 31 + meant.number * 7 + len(meant.where)


def pages_of(call: Any) -> dict[str, str]:
    """The desk's pages by name."""
    from trienkhai.comments.models import Group  # noqa: PLC0415
    from trienkhai.comments.queries.places import desk_of  # noqa: PLC0415

    groups = desk_of(call).groups().order_by("-size", "pk")
    last = groups.values_list("size", "pk")[groups.count() - 100]
    middle = groups.values_list("size", "pk")[groups.count() // 2]
    measure = Group.objects.filter(call=call, measure__isnull=False, size__gt=0).values_list("measure__key", flat=True)
    desk = f"/comments/desk/{call.key}/"
    return {
        "desk, first page": desk,
        "desk, in the middle": f"{desk}?after={middle[0]}.{middle[1]}",
        "desk, near the end": f"{desk}?after={last[0]}.{last[1]}",
        "desk, not answered yet": f"{desk}?state=waiting",
        "desk, answered": f"{desk}?state=answered",
        "desk, on a body": f"{desk}?about=body",
        "desk, on one measure": f"{desk}?measure={measure[0]}",
        "desk, words": f"{desk}?words=rac+thai",
        "the largest group": f"{desk}groups/{groups[0].key}/",
        "what was done": f"{desk}steps/",
        "the call": f"/comments/{call.key}/",
    }


def client_of(call: Any) -> Any:
    """The ward's office clerk."""
    from django.test import Client  # noqa: PLC0415

    from tests.factories.organisation import make_user  # noqa: PLC0415

    client = Client(headers={"host": "localhost"})
    client.force_login(make_user(office_of=call.unit_id))
    return client


def server_time(client: Any, pages: dict[str, str], seconds: float) -> None:
    """Each page several times."""

    def opening(address: str) -> Callable[[], object]:
        def work() -> None:
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)

        return work

    for name, address in pages.items():
        times = measuring.samples([opening(address)] * MOST_EACH, seconds=seconds, warm_up=1)
        own = measuring.percentile(times, 0.95)
        measuring.row(name, f"p95 ≤ {TARGET_MS} ms", measuring.spread(times), met=own <= TARGET_MS)


def search(call: Any) -> None:
    """As the worker does it."""
    from trienkhai.comments.jobs import find_alike  # noqa: PLC0415
    from trienkhai.comments.queries.places import desk_of  # noqa: PLC0415
    from trienkhai.organisation.rules import SYSTEM  # noqa: PLC0415

    for what in ("searching all of it", "searching again, nothing new"):
        begun, own = time.perf_counter(), time.process_time()
        read, moved = find_alike(desk_of(call), actor=SYSTEM, at=DAY)
        clock, own = time.perf_counter() - begun, time.process_time() - own
        groups = desk_of(call).groups().count()
        said = f"{clock:.0f} s, processor {own:.0f} s: {read:,} read, {moved:,} moved, {groups:,} groups"
        measuring.row(what, "", said, met=None)


def work(call: Any) -> None:
    """Answer a third; then merge and answer fifty at once."""
    from trienkhai.comments.actions import answering, grouping  # noqa: PLC0415
    from trienkhai.comments.queries.places import desk_of  # noqa: PLC0415
    from trienkhai.comments.rules import DispositionKind  # noqa: PLC0415
    from trienkhai.comments.rules.grouping import MOST_AT_ONCE, Reply  # noqa: PLC0415
    from trienkhai.organisation.rules import SYSTEM  # noqa: PLC0415

    desk = desk_of(call)
    every = list(desk.groups().order_by("pk").values_list("pk", flat=True))
    random.Random(1).shuffle(every)  # noqa: S311 - the same each time
    reply = Reply(DispositionKind.EXPLAINED, "Đã có trong kế hoạch.", DAY, summary="Về đời sống khu dân cư")
    third = every[: len(every) // 3]
    for start in range(0, len(third), MOST_AT_ONCE):
        some = third[start : start + MOST_AT_ONCE]
        answering.answer(desk=desk, groups=some, reply=reply, actor=SYSTEM, at=DAY)
    rest = every[len(third) :]
    fifties = [rest[start : start + 50] for start in range(0, 1_000, 50)]
    merges = [
        lambda some=some: grouping.merge(desk=desk, groups=some, into=some[0], actor=SYSTEM, at=DAY)
        for some in fifties[:10]
    ]
    answers = [
        lambda some=some: answering.answer(desk=desk, groups=some, reply=reply, actor=SYSTEM, at=DAY)
        for some in fifties[10:]
    ]
    measuring.row(
        "merging fifty groups", "", measuring.spread(measuring.samples(merges, seconds=20, warm_up=0)), met=None
    )
    said = measuring.spread(measuring.samples(answers, seconds=20, warm_up=0))
    measuring.row("answering fifty groups at once", "", said, met=None)


def main() -> None:
    """Fill, measure, search, measure again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=4, help="most for one page")
    parser.add_argument("--without-search", action="store_true")
    given = parser.parse_args()
    measuring.use(measuring.os.environ.get(measuring.GIVEN, ""))
    print(measuring.machine())
    call, subjects = opened_call()
    write_points(call, subjects, given.points)
    client = client_of(call)
    measuring.heading(f"The desk, {given.points:,} comments, each in a group of its own")
    server_time(client, pages_of(call), given.seconds)
    if not given.without_search:
        measuring.heading("Comments that say the same")
        search(call)
        work(call)
        measuring.heading("The desk afterwards, a third answered")
        server_time(client, pages_of(call), given.seconds)
    measuring.finish()


if __name__ == "__main__":
    main()
