"""Plans of ward and cells, the ward's second version, a cell that applies it; tasks, programmes, indicators."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial

from trienkhai.directives.models import Provision
from trienkhai.plans import actions as plans
from trienkhai.plans.actions import tasks
from trienkhai.plans.models import Plan, PlanVersion, Task
from trienkhai.plans.queries import lines_of
from trienkhai.plans.rules import Adopted, Coordinator, Head, Line, Treatment
from trienkhai.plans.rules.tasks import Asked, Done
from trienkhai.programmes.actions import add_programme
from trienkhai.programmes.models import Programme
from trienkhai.programmes.rules import Facts, ProgrammeKind
from trienkhai.simulation.hoalac.carrying_out import RESOLUTION
from trienkhai.simulation.hoalac.organising import BEGINNING
from trienkhai.simulation.hoalac.reading import day, register, text_at
from trienkhai.simulation.hoalac.ward import WARD, Event, Ward, moment

type Row = dict[str, str]
KINDS = {"phong trào": ProgrammeKind.MOVEMENT, "học tập, làm theo gương": ProgrammeKind.EXAMPLE}


def programmes(ward: Ward) -> Iterator[Event]:
    """What the ward's measures are tied to, from the first day on."""
    for minute, row in enumerate(register("ke-hoach/chuong-trinh.csv")):
        yield Event(moment(BEGINNING, 16, minute), partial(_programme, ward, row))


def _programme(ward: Ward, row: Row, at: datetime) -> None:
    facts = Facts(KINDS[row["Loại"]], row["Tên"], day(row["Từ ngày"]), note=row["Ghi chú"])
    add_programme(owner=ward.unit(WARD), facts=facts, actor=ward.clerk(at), at=at)


def first_plans(ward: Ward) -> Iterator[Event]:
    """Each unit's plan with its measures, on the day it was entered."""
    for row in register("ke-hoach/so-ke-hoach.csv"):
        yield Event(moment(day(row["Vào sổ"]), 10, 30), partial(_plan, ward, row))


def _plan(ward: Ward, row: Row, at: datetime) -> None:
    unit, clerk = ward.unit(row["Đơn vị"]), ward.clerk(at)
    head = Head(row["Tên"], *_prose()) if row["Đơn vị"] == WARD else Head(row["Tên"])
    plan = plans.draft_plan(rollout=ward.rollout, unit=unit, head=head, actor=clerk, at=at)
    above = {} if row["Đơn vị"] == WARD else _measures(ward)
    lines = [_line(ward, each, above) for each in register(f"ke-hoach/{row['Nhiệm vụ']}")]
    plans.set_measures(plan=plan, lines=lines, actor=clerk, at=at)
    plans.adopt_plan(plan=plan, adopted=_adopted(row), actor=clerk, at=at)


def _prose() -> tuple[str, str]:
    """Purpose and requirements, and how the work is organised, of the ward's plan."""
    _mark, purpose, organising = text_at("ke-hoach/loi-van-phuong.md").split("# ")
    return purpose.split("\n", 1)[1].strip(), organising.split("\n", 1)[1].strip()


def _adopted(row: Row) -> Adopted:
    return Adopted(on=day(row["Ngày"]), number=row["Số"], signer=row["Người ký"], signer_post="Bí thư")


def _line(ward: Ward, row: Row, above: Mapping[int, int]) -> Line:
    """One measure of a list; columns a list does not have say nothing."""
    target = row.get("Số", "")
    return Line(
        text=row["Nhiệm vụ"],
        lead=row["Chủ trì"],
        lead_unit=ward.unit_id(row["Chủ trì"]),
        deadline_on=day(row["Thời hạn"]),
        product=row["Sản phẩm"],
        is_urgent=bool(row.get("Cấp bách")),
        is_recurring=bool(row.get("Thường xuyên")),
        provision=_provisions(ward)[row["Điểm của nghị quyết"]] if row.get("Điểm của nghị quyết") else None,
        coordinators=tuple(_helper(ward, name) for name in row.get("Phối hợp", "").split(",") if name),
        programmes=tuple(Programme.objects.filter(name=row.get("Chương trình")).values_list("pk", flat=True)),
        answers=above.get(int(row.get("Nhiệm vụ của phường") or 0)),
        indicator=row.get("Chỉ tiêu", ""),
        target=Decimal(target) if target else None,
        target_unit=row.get("Đơn vị tính", ""),
    )


def _helper(ward: Ward, name: str) -> Coordinator:
    unit = ward.unit_id(name)
    return Coordinator(name=name) if unit is None else Coordinator(unit=unit)


def _provisions(ward: Ward) -> dict[str, int]:
    """The resolution's parts by the labels on the way to them: "II/1/a"."""
    paths: dict[int | None, str] = {None: ""}
    for part in Provision.objects.filter(directive=ward.directives[RESOLUTION]).order_by("position"):
        paths[part.pk] = f"{paths[part.parent_id]}/{part.label.rstrip('.)')}"
    return {path.lstrip("/"): pk for pk, path in paths.items() if pk is not None}


def plan_of(ward: Ward, unit: str) -> Plan:
    """A unit's plan in the roll-out."""
    return Plan.objects.get(rollout=ward.rollout, unit=ward.unit(unit))


def _version(ward: Ward, unit: str) -> PlanVersion:
    return plan_of(ward, unit).versions.order_by("-number")[0]


def _measures(ward: Ward) -> dict[int, int]:
    """Measures of the ward's plan by their number in its newest version."""
    words = _version(ward, WARD).wordings.order_by("position").values_list("measure", flat=True)
    return dict(enumerate(words, 1))


# --- second versions --------------------------------------------------------------------------------------------------


def second_plans(ward: Ward) -> Iterator[Event]:
    """The ward's plan as it was changed by comments; a cell that from then on applies it, with its own changes."""
    for row in register("ke-hoach/so-sua-doi.csv"):
        revise = _apply if row["Áp dụng kế hoạch của"] else _revise
        yield Event(moment(day(row["Dự thảo từ"]), 9), partial(revise, ward, row))
        yield Event(moment(day(row["Ngày"]), 16), partial(_adopt, ward, row))


def _revise(ward: Ward, row: Row, at: datetime) -> None:
    plan, clerk = plan_of(ward, row["Đơn vị"]), ward.clerk(at)
    old = lines_of(plans.revise_plan(plan=plan, actor=clerk, at=at))
    lines = []
    for each in register(f"ke-hoach/{row['Nhiệm vụ']}"):
        line = _line(ward, each, {})
        before = old[int(each["TT cũ"]) - 1] if each["TT cũ"] else None
        lines.append(replace(line, key=before.key) if before else line)
    plans.set_measures(plan=plan, lines=lines, actor=clerk, at=at)


def _apply(ward: Ward, row: Row, at: datetime) -> None:
    """One page: the ward's plan, with what the cell changes, leaves out and adds."""
    plan, clerk = plan_of(ward, row["Đơn vị"]), ward.clerk(at)
    plans.revise_plan(plan=plan, actor=clerk, at=at)
    plans.set_measures(plan=plan, lines=[], actor=clerk, at=at)
    plans.apply_upper(plan=plan, base=_version(ward, row["Áp dụng kế hoạch của"]), actor=clerk, at=at)
    above = _measures(ward)
    for each in register(f"ke-hoach/{row['Nhiệm vụ']}"):
        if each["Cách làm"] == "thêm":
            plans.add_measure(plan=plan, line=_line(ward, each, {}), actor=clerk, at=at)
            continue
        out = Line("", treatment=Treatment.LEFT_OUT, reason=each["Lý do"])
        line = out if each["Cách làm"] == "không làm" else _changed(ward, each)
        plans.treat_measure(plan=plan, upper=above[int(each["Nhiệm vụ của phường"])], line=line, actor=clerk, at=at)


def _changed(ward: Ward, row: Row) -> Line:
    return replace(_line(ward, row, {}), treatment=Treatment.CHANGED)


def _adopt(ward: Ward, row: Row, at: datetime) -> None:
    plans.adopt_plan(plan=plan_of(ward, row["Đơn vị"]), adopted=_adopted(row), actor=ward.clerk(at), at=at)


# --- tasks and indicators ---------------------------------------------------------------------------------------------


def tasks_and_values(ward: Ward) -> Iterator[Event]:
    """Parts of measures given to units, what was reported of them, and values of indicators as they came."""
    for minute, row in enumerate(register("ke-hoach/so-giao-viec.csv")):
        given: list[Task] = []
        yield Event(moment(day(row["Giao ngày"]), 9, minute), partial(_give, ward, row, given))
        if row["Xong ngày"]:
            yield Event(moment(day(row["Vào sổ"]), 10, minute), partial(_report, ward, row, given))
    for row in register("ke-hoach/chi-tieu.csv"):
        yield Event(moment(day(row["Ngày"]), 17), partial(_value, ward, row))


def _give(ward: Ward, row: Row, given: list[Task], at: datetime) -> None:
    plan = plan_of(ward, WARD)
    asked = Asked(
        row["Việc"],
        day(row["Giao ngày"]),
        unit=ward.unit(row["Đơn vị"]).pk,
        product=row["Sản phẩm"],
        deadline_on=day(row["Thời hạn"]),
        is_urgent=bool(row["Cấp bách"]),
    )
    measure = plan.measures.get(pk=_measures(ward)[int(row["Nhiệm vụ"])])
    given.extend(tasks.give_tasks(plan=plan, measure=measure, asked=[asked], actor=ward.clerk(at), at=at))


def _report(ward: Ward, row: Row, given: list[Task], at: datetime) -> None:
    done = Done(day(row["Xong ngày"]), row["Sản phẩm"], row["Ghi chú"], told_by=f"Báo cáo của {row['Đơn vị']}")
    tasks.report_task(task=given[0], done=done, actor=ward.clerk(at), at=at)


def _value(ward: Ward, row: Row, at: datetime) -> None:
    tasks.record_value(
        measure=plan_of(ward, WARD).measures.get(pk=_measures(ward)[int(row["Nhiệm vụ"])]),
        unit=ward.unit(row["Đơn vị"]),
        on=day(row["Ngày"]),
        value=Decimal(row["Số"]),
        actor=ward.clerk(at),
        at=at,
        note=row["Ghi chú"],
    )
