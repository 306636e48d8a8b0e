"""A plan of 5,000 measures: written, out as an Excel file and in again, changed by a tenth, and its pages.

    python benchmarks/plans.py [--measures 5000] [--seconds 20]

A ward of 40 cells on SQLite. Every measure has a lead unit, two that help, a deadline, a product and a provision, one
in ten a programme and an indicator; one in five gets a task; half of the cells apply it. Pages are opened by the office
clerk with Django's test client: middleware, policies, statements, templates.
"""

import argparse
import io
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import measuring

CELLS = 40
MOST_EACH = 30
TEXT = (
    "Tổ chức học tập, quán triệt nội dung thứ {number} tới toàn thể cán bộ, đảng viên; phân công người phụ trách từng "
    "việc, kiểm tra hằng tháng và báo cáo kết quả về văn phòng Đảng uỷ trước ngày 25."
)


def measures(world: Any, programme: int, count: int) -> list[Any]:
    """The lines of the plan."""
    from tests.factories.tasks import GIVEN  # noqa: PLC0415
    from trienkhai.plans.rules import Coordinator, Line  # noqa: PLC0415

    cells, provision = world.ward.cells, world.provision("Ở chi bộ")
    return [
        Line(
            TEXT.format(number=number),
            lead_unit=cells[number % CELLS],
            coordinators=(Coordinator(cells[(number + 1) % CELLS]), Coordinator(name="Hội Cựu chiến binh phường")),
            deadline_on=GIVEN + timedelta(days=number % 200),
            product=f"Báo cáo {number}",
            provision=provision,
            is_urgent=number % 50 == 0,
            programmes=(programme,) if number % 10 == 0 else (),
            indicator="Số lớp" if number % 10 == 0 else "",
            target=Decimal(number) / 4 if number % 10 == 0 else None,
        )
        for number in range(1, count + 1)
    ]


def once(what: str, target: str, work: Callable[[], Any], *, most: float | None = None) -> Any:
    """Do it once and say how long it took."""
    begun, own = time.perf_counter(), measuring.processor_seconds()
    result = work()
    took, used = time.perf_counter() - begun, measuring.processor_seconds() - own
    measuring.row(what, target, f"{took:.2f} s, processor {used:.2f} s", met=None if most is None else took <= most)
    return result


def out_and_in(plan: Any, count: int) -> None:
    """The file written, read, and brought in with a tenth of it changed."""
    from tests.factories.plans import AT, version_of  # noqa: PLC0415
    from trienkhai.documents import Sheet, write_xlsx  # noqa: PLC0415
    from trienkhai.organisation.rules import SYSTEM  # noqa: PLC0415
    from trienkhai.plans.actions import sheets  # noqa: PLC0415
    from trienkhai.plans.queries import lines_of  # noqa: PLC0415
    from trienkhai.plans.queries import sheets as queries  # noqa: PLC0415
    from trienkhai.plans.rules.sheets import written  # noqa: PLC0415

    draft, day = version_of(plan), AT.date()
    made = once(
        f"{count:,} measures out, .xlsx",
        "≤ 5 s",
        lambda: queries.measures_sheet(draft, on=day, created=AT, language="vi", unit="Phường"),
        most=5,
    )
    print(f"  {'':<54} {'':<12} {len(made) / 1024:,.0f} KiB")
    same = once(
        "read against the draft: nothing changes",
        "≤ 5 s",
        lambda: queries.read_sheet(draft, io.BytesIO(made), on=day),
        most=5,
    )
    assert same.is_nothing and not same.faults and len(same.lines) == count  # noqa: PT018
    before = lines_of(draft)
    names = queries.names_for(draft, before, on=day)
    tenth = count // 10
    lines = [replace(line, product=f"{line.product} (sửa)") for line in before[:tenth]] + before[tenth:-tenth]
    lines += [replace(line, key=None, text=f"Mới: {line.text}") for line in before[:tenth]]
    rows = [list(written(line, number, names).values()) for number, line in enumerate(lines, start=1)]
    changed = write_xlsx([Sheet("Nhiệm vụ", queries.columns_of("vi"), rows)], created=AT)
    kept = once(
        f"looked at: {tenth} changed, {tenth} added, {tenth} taken out",
        "≤ 5 s",
        lambda: sheets.keep_table(plan=plan, content=io.BytesIO(changed), name="x.xlsx", actor=SYSTEM, at=AT),
        most=5,
    )
    change = once("brought in", "≤ 10 s", lambda: sheets.bring_in(plan=plan, file=kept, actor=SYSTEM, at=AT), most=10)
    assert (len(change.added), len(change.changed), len(change.removed)) == (tenth, tenth, tenth)


def give(plan: Any, world: Any) -> None:
    """One task for every fifth measure."""
    from tests.factories.plans import AT, version_of  # noqa: PLC0415
    from tests.factories.tasks import asked  # noqa: PLC0415
    from trienkhai.organisation.rules import SYSTEM  # noqa: PLC0415
    from trienkhai.plans.actions import tasks  # noqa: PLC0415

    for wording in version_of(plan).wordings.select_related("measure").order_by("position")[::5]:
        unit = world.ward.cells[wording.position % CELLS]
        given = asked(wording.text, unit=unit, deadline_on=None)
        tasks.give_tasks(plan=plan, measure=wording.measure, asked=[given], actor=SYSTEM, at=AT)


def apply_below(plan: Any, world: Any, count: int) -> Any:
    """Plans of cells that apply it as it is, in force; the first of them."""
    from tests.factories.plans import AT, version_of  # noqa: PLC0415
    from trienkhai.organisation.rules import SYSTEM  # noqa: PLC0415
    from trienkhai.plans import actions  # noqa: PLC0415
    from trienkhai.plans.rules import Adopted, Head  # noqa: PLC0415

    base, head, day = version_of(plan), Head("Kế hoạch của chi bộ"), AT.date() - timedelta(days=40)
    made = []
    for number in range(count):
        unit = world.cell(number)
        made.append(actions.draft_applying(rollout=world.rollout, unit=unit, base=base, head=head, actor=SYSTEM, at=AT))
        actions.adopt_plan(plan=made[-1], adopted=Adopted(on=day), actor=SYSTEM, at=AT)
    return made[0]


def pages_of(plan: Any, below: Any, programme: Any, clerk: Any, *, seconds: float) -> None:
    """The pages, opened again and again."""
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    client = Client(headers={"host": "localhost"})
    client.force_login(clerk)
    addresses = {
        "the plan": (reverse("plans:one", args=[plan.key]), 500),
        "its measures as an Excel file": (reverse("plans:sheet", args=[plan.key, 1]), 5000),
        "its tasks": (reverse("plans:tasks", args=[plan.key]), 100),
        "who took up what below": (reverse("plans:cascade", args=[plan.key]), 500),
        "a cell's plan that applies it": (reverse("plans:one", args=[below.key]), 500),
        "the programme": (reverse("programmes:one", args=[programme.key]), 100),
        "to do": ("/", 100),
    }
    for what, (address, most) in addresses.items():

        def opened(address: str = address) -> None:
            assert client.get(address).status_code == 200, address

        times = measuring.samples([opened] * MOST_EACH, seconds=seconds / len(addresses), warm_up=1)
        met = measuring.percentile(times, 0.95) <= most
        measuring.row(what, f"p95 ≤ {most} ms", measuring.spread(times), met=met)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measures", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=20)
    told = parser.parse_args()
    measuring.use("")
    from tests.factories.organisation import make_user  # noqa: PLC0415
    from tests.factories.plans import AT, make_plan, make_world  # noqa: PLC0415
    from tests.factories.programmes import make_programme  # noqa: PLC0415
    from trienkhai.organisation.rules import SYSTEM  # noqa: PLC0415
    from trienkhai.plans import actions  # noqa: PLC0415
    from trienkhai.plans.rules import Adopted  # noqa: PLC0415

    print(measuring.machine())
    world = make_world(cells=CELLS)
    programme, clerk = make_programme(world.ward.unit), make_user(office_of=world.ward.unit)
    lines, plan = measures(world, programme.pk, told.measures), make_plan(world)
    measuring.heading(f"A plan of {told.measures:,} measures")
    once("written", "", lambda: actions.set_measures(plan=plan, lines=lines, actor=SYSTEM, at=AT))
    out_and_in(plan, told.measures)
    actions.adopt_plan(plan=plan, adopted=Adopted(on=AT.date() - timedelta(days=60)), actor=SYSTEM, at=AT)
    once("one task for every fifth measure", "", lambda: give(plan, world))
    below = apply_below(plan, world, CELLS // 2)
    pages_of(plan, below, programme, clerk, seconds=told.seconds)
    measuring.finish()


if __name__ == "__main__":
    main()
