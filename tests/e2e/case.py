"""The Hoà Lạc case with something of everything under way in it, so that every page has something to show."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

from django.core.files.base import ContentFile

from tests.e2e import comment_case
from tests.imports.lists import builders
from trienkhai.accounts.models import User
from trienkhai.directives import actions as directives
from trienkhai.directives.models import Directive, DirectiveFile
from trienkhai.files.actions import store
from trienkhai.files.models import StoredFile
from trienkhai.imports import actions as imports
from trienkhai.imports.models import ImportBatch
from trienkhai.ledger.clock import local_day, now
from trienkhai.meetings import actions as meetings
from trienkhai.meetings.models import Material, Meeting
from trienkhai.meetings.rules import MaterialKind, MeetingState
from trienkhai.organisation.actions import importing
from trienkhai.organisation.models import BodyState, Person, Post, Unit, UnitState
from trienkhai.organisation.queries import actor_for
from trienkhai.organisation.rules import Actor
from trienkhai.papers.models import Paper
from trienkhai.plans import actions as plans
from trienkhai.plans.actions import sheets, tasks
from trienkhai.plans.models import Measure, Plan, TaskEvidence, Wording
from trienkhai.plans.queries import lines_of
from trienkhai.plans.rules import Adopted, Head, Line, Treatment
from trienkhai.plans.rules.tasks import Asked, Done
from trienkhai.programmes import actions as programmes
from trienkhai.programmes.models import Programme
from trienkhai.programmes.rules import Facts, ProgrammeKind
from trienkhai.progress import actions as progress
from trienkhai.progress.models import Report, Scan
from trienkhai.rollouts.actions import open_rollout
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.rules import RolloutPlan, StepKind, default_steps
from trienkhai.simulation.hoalac import load

CLERK, SECRETARY, MEMBER, CITY = "vanphong", "bithu-khu5", "nguyet", "thanhuy"
INSTALLER = "quantri"
PDF = b"%PDF-1.7\n%%EOF\n"
APPLYING = "Chi bộ Khu 3"
MOVEMENT = "Phong trào xây dựng xã, phường lành mạnh"
TODAY_TITLE = "Triển khai Chỉ thị về chuyển đổi số"


def make() -> None:
    """Load the case, and begin what is still open today."""
    load()
    at = now()
    User.objects.create_superuser(INSTALLER, "dang nhap quan tri")
    actor = actor_for(User.objects.get(username=CLERK), on=local_day(at))
    ward = unit("Đảng bộ phường Hoà Lạc")
    rollout = _open_a_second(ward, actor, at)
    _plans(rollout, ward, actor, at)
    _programmes(ward, actor, at)
    _tasks(ward, actor, at)
    _table(rollout, ward, actor, at)
    _meetings(rollout, actor, at)
    progress.create_report(rollout=first(), unit=ward, as_of=local_day(at), language="vi", actor=actor, at=at)
    scan = store(content=BytesIO(PDF), name="bao-cao-da-ky.pdf", actor_key=actor.key, at=at)
    progress.attach_scan(report=Report.objects.get(frozen_at__isnull=False), file=scan, actor=actor, at=at)
    comment_case.make(ward, person_of(MEMBER), actor, at)
    _lists(ward, actor, at)


def _open_a_second(ward: Unit, actor: Actor, at: datetime) -> Rollout:
    head = Directive.objects.order_by("pk").first()
    assert head is not None
    directives.add_file(directive=head, content=ContentFile(PDF), name="12-NQ-TW.pdf", actor=actor, at=at)
    day = local_day(at)
    steps = default_steps({StepKind.STUDY: day + timedelta(days=20), StepKind.PAPER: day + timedelta(days=40)})
    plan = RolloutPlan(title=TODAY_TITLE, opens_on=day - timedelta(days=20), steps=steps)
    return open_rollout(plan=plan, lead=ward, directives=[head], actor=actor, at=day)


def _programmes(ward: Unit, actor: Actor, at: datetime) -> None:
    facts = Facts(ProgrammeKind.MOVEMENT, MOVEMENT, local_day(at) - timedelta(days=90))
    programmes.add_programme(owner=ward, facts=facts, actor=actor, at=at)


def _tasks(ward: Unit, actor: Actor, at: datetime) -> None:
    """One task late, one done with a file."""
    plan = Plan.objects.get(rollout=first(), unit=ward)
    began, cell = local_day(at) - timedelta(days=30), unit("Chi bộ Khu 5").pk
    measure = _first_measure(ward)
    late = Asked(
        "Tổng hợp ý kiến của cán bộ, đảng viên và nhân dân trong khu về công trình thoát nước, gửi văn phòng Đảng uỷ",
        began,
        unit=cell,
        product="Báo cáo tổng hợp",
        deadline_on=began + timedelta(days=20),
        is_urgent=True,
    )
    done = Asked("Mở lớp học tập cho đảng viên mới", began, unit=cell, deadline_on=local_day(at))
    _late, reported = (
        tasks.give_tasks(plan=plan, measure=measure, asked=[asked], actor=actor, at=at)[0] for asked in (late, done)
    )
    said = Done(began + timedelta(days=9), "Danh sách lớp")
    tasks.report_task(task=reported, done=said, actor=actor, at=at, evidence=[(PDF, "danh-sach-lop.pdf")])


def _table(rollout: Rollout, ward: Unit, actor: Actor, at: datetime) -> None:
    """A table of measures looked at, not yet brought in; one row is to be mended."""
    plan = Plan.objects.get(rollout=rollout, unit=ward)
    rows = "Nhiệm vụ,Chủ trì,Thời hạn\nMở lớp học tập,Chi bộ Khu 5,30/6/2030\nViết tin bài,Văn phòng,hết quý\n"
    sheets.keep_table(plan=plan, content=BytesIO(rows.encode()), name="nhiem-vu.csv", actor=actor, at=at)


def _first_measure(ward: Unit) -> Measure:
    words = Wording.objects.filter(version__plan__rollout=first(), version__plan__unit=ward, version__number=1)
    return words.select_related("measure").order_by("position")[0].measure


def _plans(rollout: Rollout, ward: Unit, actor: Actor, at: datetime) -> None:
    head = Head("Kế hoạch thực hiện chuyển đổi số")
    plans.draft_plan(rollout=rollout, unit=ward, head=head, actor=actor, at=at)
    plan = plans.draft_plan(rollout=rollout, unit=unit("Chi bộ Khu 1"), head=head, actor=actor, at=at)
    plans.adopt_plan(plan=plan, adopted=Adopted(on=local_day(at)), actor=actor, at=at, scan=(PDF, "ke-hoach-da-ky.pdf"))
    _revise(ward, actor, at)


def _revise(ward: Unit, actor: Actor, at: datetime) -> None:
    """Next versions of the ward's plan and of a cell's, which then applies the ward's."""
    above, below = (Plan.objects.get(rollout=first(), unit=one) for one in (ward, unit(APPLYING)))
    drafts = [plans.revise_plan(plan=plan, actor=actor, at=at) for plan in (above, below)]
    lines = lines_of(drafts[0])
    own = Line("Thăm đảng viên ốm mỗi tháng một lần", lead="Chi uỷ", product="Sổ sinh hoạt chi bộ")
    plans.set_measures(plan=below, lines=[own], actor=actor, at=at)
    changed = [replace(lines[0], text=lines[0].text + " Báo cáo hằng tháng."), *lines[2:], lines[1]]
    plans.set_measures(plan=above, lines=changed, actor=actor, at=at)
    plans.apply_upper(plan=below, base=above.versions.get(number=2), actor=actor, at=at)
    said = Line("Chi bộ học tập trong hai buổi", treatment=Treatment.CHANGED)
    plans.treat_measure(plan=below, upper=worded(above, 1).pk, line=said, actor=actor, at=at)
    out = Line("", treatment=Treatment.LEFT_OUT, reason="Chi bộ không có việc này")
    plans.treat_measure(plan=below, upper=worded(above, 1, 1).pk, line=out, actor=actor, at=at)


def _meetings(rollout: Rollout, actor: Actor, at: datetime) -> None:
    cell, day = unit("Chi bộ Khu 5"), local_day(at)
    _held, put_off = (
        meetings.plan_meeting(
            rollout=rollout,
            host=cell,
            facts=meetings.MeetingFacts(
                title=title, held_on=day - timedelta(days=1), programmes=[Programme.objects.get(name=MOVEMENT).pk]
            ),
            actor=actor,
            at=at,
        )
        for title in ("Học tập chuyên đề", "Hội nghị đã hoãn")
    )
    meetings.cancel_meeting(meeting=put_off, because="Mưa bão", actor=actor, at=at)
    material = store(content=BytesIO(PDF), name="tai-lieu.pdf", actor_key=actor.key, at=at)
    meetings.add_material(
        meeting=planned_meeting(), file=material, kind=MaterialKind.DOCUMENT, caption="", actor=actor, at=at
    )


def _lists(ward: Unit, actor: Actor, at: datetime) -> None:
    """One list for each screen of the import."""
    for name in ("cot.xlsx", "don-vi.xlsx", "xong.xlsx"):
        imports.take_in(
            content=builders.grouped(),
            name=name,
            unit=ward.key,
            holds_from=local_day(at),
            actor_key=actor.key,
            at=at,
        )
    for batch in ImportBatch.objects.filter(file_name__in=["don-vi.xlsx", "xong.xlsx"]):
        imports.read_batch(key=batch.key, today=local_day(at))
        importing.suggest_units(key=batch.key, actor=actor, at=at)
    importing.compare_rows(key=list_named("xong.xlsx").key, actor=actor, at=at)


def unit(name: str) -> Unit:
    """A unit by the name it has now."""
    return Unit.objects.get(pk=UnitState.objects.current().filter(name=name).latest("starts_on").unit_id)


def person_of(username: str) -> Person:
    """Whose sign-in it is."""
    return Person.objects.get(sign_in__user__username=username)


def worded(plan: Plan, version: int, position: int = 0) -> Measure:
    """A measure by its place in a version."""
    return Wording.objects.get(version__plan=plan, version__number=version, position=position).measure


def first() -> Rollout:
    """The roll-out of 2012."""
    return Rollout.objects.exclude(title=TODAY_TITLE).get()


def second() -> Rollout:
    """The one opened today."""
    return Rollout.objects.get(title=TODAY_TITLE)


def planned_meeting() -> Meeting:
    """The one still to be called."""
    return Meeting.objects.get(title="Học tập chuyên đề")


def list_named(name: str) -> ImportBatch:
    """A list under way."""
    return ImportBatch.objects.get(file_name=name)


@dataclass(frozen=True)
class Keys:
    """Keys of one thing of every kind."""

    rollout: UUID
    running: UUID
    ward: UUID
    cell: UUID
    person: UUID
    user: UUID
    directive: UUID
    directive_file: UUID
    programme: UUID
    tasks_of: UUID
    task: UUID
    done: UUID
    evidence: UUID
    indicated: UUID
    table: UUID
    draft_plan: UUID
    plan: UUID
    revised: UUID
    applying: UUID
    above: UUID
    own: UUID
    measure: UUID
    meeting: UUID
    planned: UUID
    cancelled: UUID
    material: UUID
    paper: UUID
    report: UUID
    draft: UUID
    scan: UUID
    body: UUID
    post: UUID
    columns: UUID
    units: UUID
    checked: UUID
    call_open: UUID
    call_sealed: UUID
    call_shut: UUID
    call_done: UUID
    letter: UUID
    kept: UUID
    said: UUID
    answered: UUID


def keys() -> Keys:
    """Where everything is."""
    body = BodyState.objects.current().filter(body__unit=unit("Chi bộ Khu 5")).latest("starts_on").body
    post = Post.objects.current().get(person=person_of(SECRETARY), unit=unit("Chi bộ Khu 5"))
    typed = Paper.objects.exclude(answers=[]).filter(obligation__person__sign_in__user__username=MEMBER).get()
    held = Meeting.objects.filter(state=MeetingState.HELD, host=unit("Chi bộ Khu 5")).order_by("pk").first()
    assert held is not None
    above, applying = (
        Plan.objects.get(rollout=first(), unit=unit(name)) for name in ("Đảng bộ phường Hoà Lạc", APPLYING)
    )
    return Keys(
        rollout=first().key,
        running=second().key,
        ward=unit("Đảng bộ phường Hoà Lạc").key,
        cell=unit("Chi bộ Khu 5").key,
        person=person_of(SECRETARY).key,
        user=User.objects.get(username=MEMBER).key,
        directive=DirectiveFile.objects.get().directive.key,
        directive_file=DirectiveFile.objects.get().key,
        programme=Programme.objects.get(name=MOVEMENT).key,
        tasks_of=TaskEvidence.objects.get().report.task.plan.key,
        task=TaskEvidence.objects.get().report.task.plan.tasks.filter(reports__isnull=True).latest("pk").key,
        done=TaskEvidence.objects.get().report.task.key,
        evidence=TaskEvidence.objects.get().key,
        table=StoredFile.objects.get(name="nhiem-vu.csv").key,
        indicated=_first_measure(unit("Đảng bộ phường Hoà Lạc")).key,
        draft_plan=Plan.objects.get(rollout=second(), adopted_on__isnull=True).key,
        plan=Plan.objects.get(rollout=second(), adopted_on__isnull=False).key,
        revised=above.key,
        applying=applying.key,
        above=worded(above, 1).key,
        own=worded(applying, 2, 2).key,
        measure=worded(above, 3).key,
        meeting=held.key,
        planned=planned_meeting().key,
        cancelled=Meeting.objects.get(title="Hội nghị đã hoãn").key,
        material=Material.objects.latest("pk").key,
        paper=typed.key,
        report=Report.objects.get(frozen_at__isnull=False).key,
        draft=Report.objects.get(frozen_at__isnull=True).key,
        scan=Scan.objects.get().file.key,
        body=body.key,
        post=post.key,
        columns=list_named("cot.xlsx").key,
        units=list_named("don-vi.xlsx").key,
        checked=list_named("xong.xlsx").key,
        call_open=comment_case.call_named(comment_case.OPEN),
        call_sealed=comment_case.call_named(comment_case.SEALED),
        call_shut=comment_case.call_named(comment_case.SHUT),
        call_done=comment_case.call_named(comment_case.DONE),
        letter=comment_case.letter(),
        kept=comment_case.kept(),
        said=comment_case.group(is_answered=False),
        answered=comment_case.group(is_answered=True),
    )
