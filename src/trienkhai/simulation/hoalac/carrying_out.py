"""The roll-out: documents, receipts, study, papers, the report."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from trienkhai.directives.actions import register_directive, relate, set_provisions
from trienkhai.directives.rules import RelationKind
from trienkhai.files.actions import store
from trienkhai.ledger.clock import local_day
from trienkhai.meetings import actions as meetings
from trienkhai.meetings.models import RosterEntry
from trienkhai.meetings.rules import Mark, Presence, Source
from trienkhai.papers import actions as papers
from trienkhai.papers.queries import paper_for
from trienkhai.programmes.models import Programme
from trienkhai.progress.actions import ReportText, create_report, edit_report, freeze_report
from trienkhai.rollouts.actions import open_rollout, record_receipts
from trienkhai.rollouts.queries import obligations
from trienkhai.rollouts.rules import PaperForm, RolloutPlan, StepKind, default_steps
from trienkhai.simulation.hoalac.reading import (
    Document,
    Signed,
    SignInSheet,
    birth,
    day,
    documents,
    folder,
    register,
    sign_in_sheets,
    text_at,
)
from trienkhai.simulation.hoalac.ward import CELL_5, CLERK, SECRETARY, WARD, Event, Ward, born, moment

RESOLUTION = "12-NQ/TW"
OPENED, OPENS_ON = date(2012, 3, 12), date(2012, 2, 13)
AS_OF, FROZEN = date(2012, 10, 31), date(2012, 11, 5)
TITLE = "Học tập, quán triệt và thực hiện Nghị quyết Trung ương 4 (khoá XI)"
QUESTIONS = (
    "Đồng chí hiểu thế nào về ba vấn đề cấp bách mà nghị quyết nêu?",
    "Liên hệ với chức trách, đạo đức và lối sống của bản thân: điều gì đã làm được, điều gì chưa?",
    "Từ nay đến cuối năm, đồng chí nhận làm việc gì, đến bao giờ?",
)
DEADLINES = {
    StepKind.RECEIVE: date(2012, 3, 15),
    StepKind.PLAN: date(2012, 5, 31),
    StepKind.STUDY: AS_OF,
    StepKind.PAPER: AS_OF,
}

type Row = dict[str, str]
type Accepted = dict[str, dict[str, list[Row]]]
"""Lines of the cells' lists by the day of entering and the cell."""


# --- documents, receipts ----------------------------------------------------------------------------------------------


def directives(ward: Ward) -> Iterator[Event]:
    """Each document on the day it came, and the roll-out when the city's guidance was there."""
    for document in documents():
        came = document.facts.received_on or document.facts.issued_on
        yield Event(moment(came, 8, 15), partial(_register, ward, document))
    yield Event(moment(OPENED, 9), partial(_open, ward))
    by_day: dict[date, dict[str, date]] = defaultdict(dict)
    for row in register("van-ban/so-cong-van-den.csv"):
        by_day[day(row["Vào sổ"])][row["Đơn vị"]] = day(row["Ngày nhận"])
    for entered, received in by_day.items():
        yield Event(moment(entered, 10), partial(_receive, ward, received))


def _register(ward: Ward, document: Document, at: datetime) -> None:
    clerk = ward.clerk(at)
    made = register_directive(owner=ward.unit(WARD), facts=document.facts, actor=clerk, at=at)
    set_provisions(directive=made, text=document.outline, actor=clerk, at=at)
    for number in document.guides:
        relate(source=made, target=ward.directives[number], kind=RelationKind.GUIDES, actor=clerk, at=at)
    ward.directives[document.facts.number] = made


def _open(ward: Ward, at: datetime) -> None:
    plan = RolloutPlan(title=TITLE, opens_on=OPENS_ON, steps=default_steps(DEADLINES), paper_questions=QUESTIONS)
    ward.rollout = open_rollout(
        plan=plan,
        lead=ward.unit(WARD),
        directives=[ward.directives[RESOLUTION]],
        guiding=[each for number, each in ward.directives.items() if number != RESOLUTION],
        actor=ward.clerk(at),
        at=local_day(at),
    )


def _receive(ward: Ward, received: dict[str, date], at: datetime) -> None:
    days = {ward.unit(name).pk: on for name, on in received.items()}
    record_receipts(rollout=ward.rollout, days=days, actor=ward.clerk(at), at=local_day(at))


# --- study ------------------------------------------------------------------------------------------------------------


def study(ward: Ward) -> Iterator[Event]:
    """Each meeting planned a week ahead, and its roll on the day the sheet was entered."""
    for sheet in sign_in_sheets():
        yield Event(moment(sheet.on - timedelta(days=7), 8, 30), partial(_plan_meeting, ward, sheet))
        yield Event(moment(sheet.entered, 11), partial(_call_roll, ward, sheet))


def _runs(sheet: SignInSheet) -> str:
    """Cell 5 keeps its own meetings; the office enters the others'."""
    return SECRETARY if sheet.host == CELL_5 else CLERK


def _plan_meeting(ward: Ward, sheet: SignInSheet, at: datetime) -> None:
    ward.meetings[sheet.number] = meetings.plan_meeting(
        rollout=ward.rollout,
        host=ward.unit(sheet.host),
        facts=meetings.MeetingFacts(
            title=sheet.title,
            held_on=sheet.on,
            begins_at=sheet.hour,
            minutes=sheet.minutes,
            venue=sheet.venue,
            presenter=sheet.presenter,
            seats=[ward.unit(name).pk for name in sheet.seats if name != sheet.host],
            programmes=list(Programme.objects.filter(name__in=sheet.programmes).values_list("pk", flat=True)),
        ),
        actor=ward.actor(_runs(sheet), at),
        at=at,
        makes_up_for=ward.meetings.get(sheet.makes_up_for),
    )


def _call_roll(ward: Ward, sheet: SignInSheet, at: datetime) -> None:
    meeting, actor = ward.meetings[sheet.number], ward.actor(_runs(sheet), at)
    meetings.draw_roster(meeting=meeting, actor=actor, at=at)
    marks = {
        meetings.add_guest(meeting=meeting, name=name, actor=actor, at=at).key: Mark(Presence.PRESENT)
        for name in sheet.guests
    }
    places = {
        (place.person.full_name, born(place.person), place.unit_id): place.key
        for place in RosterEntry.objects.current().filter(meeting=meeting).select_related("person")
        if place.person is not None
    }
    for line in sheet.people:
        marks[places[line.name, line.birth, ward.unit(line.unit).pk]] = _mark(line)
    source = Source.ROLL_CALL if sheet.host == CELL_5 else Source.SHEET
    meetings.call_roll(meeting=meeting, marks=marks, actor=actor, at=at, source=source)
    if sheet.notes:
        meetings.set_notes(meeting=meeting, text=sheet.notes, actor=actor, at=at)


def _mark(line: Signed) -> Mark:
    if line.is_there:
        remarks = {"muộn": Presence.LATE, "về": Presence.LEFT_EARLY}
        return Mark(remarks.get(line.remark.split(" ")[0], Presence.PRESENT), line.remark)
    if not line.reason or line.reason.startswith("không"):
        return Mark(Presence.ABSENT)
    return Mark(Presence.ABSENT_EXCUSED, line.reason)


# --- papers -----------------------------------------------------------------------------------------------------------

FORMS = {"viết tay": PaperForm.HANDWRITTEN, "trình bày miệng": PaperForm.SPOKEN}


def written(ward: Ward) -> Iterator[Event]:
    """The cells' tick lists, each line on the day the office entered it; and what people typed themselves."""
    accepted: Accepted = defaultdict(lambda: defaultdict(list))
    for cell, name in CELLS.items():
        rows = register(f"thu-hoach/{cell}.csv")
        yield from _ticked(ward, name, rows)
        for row in rows:
            accepted[row["Vào sổ đạt"]][name].append(row)
    for on, by_cell in accepted.items():
        yield Event(moment(day(on), 15), partial(_accept, ward, by_cell))
    for row in register("thu-hoach/tu-nop.csv"):
        yield Event(moment(day(row["Ngày"]), 20), partial(_own, ward, row))


def _ticked(ward: Ward, cell: str, rows: list[Row]) -> Iterator[Event]:
    for hour, minute, what, entered in ((14, 0, "Ngày nộp", "Vào sổ"), (14, 30, "Ngày nộp lại", "Vào sổ nộp lại")):
        batches: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            if row[what]:
                batches[row[entered], row["Hình thức"]].append(row)
        for (on, form), lines in batches.items():
            yield Event(moment(day(on), hour, minute), partial(_hand_in, ward, cell, lines, what, FORMS[form]))
    for row in rows:
        if row["Ngày trả lại"]:
            yield Event(moment(day(row["Ngày trả lại"]), 19), partial(_return, ward, cell, row))


CELLS = {
    "co-quan-phuong": "Chi bộ Cơ quan phường",
    "truong-tieu-hoc": "Chi bộ Trường Tiểu học",
    "truong-mam-non": "Chi bộ Trường Mầm non",
    "cong-an-quan-su": "Chi bộ Công an – Quân sự",
    **{f"khu-{number}": f"Chi bộ Khu {number}" for number in range(1, 7)},
}


def _days(ward: Ward, cell: str, lines: list[Row], what: str) -> dict[int, date]:
    """``{obligation: day}`` of some lines of a cell's list."""
    people = ward.people_of(cell)
    days = {people[row["Họ và tên"], birth(row["Ngày sinh"])]: day(row[what]) for row in lines}
    owed = obligations(rollout=ward.rollout, step=StepKind.PAPER, people=days)
    return {owed[person].pk: on for person, on in days.items()}


def _hand_in(  # noqa: PLR0917 - bound one by one
    ward: Ward, cell: str, lines: list[Row], what: str, form: PaperForm, at: datetime
) -> None:
    papers.hand_in(
        rollout=ward.rollout,
        papers=_days(ward, cell, lines, what),
        form=form,
        actor=ward.clerk(at),
        at=local_day(at),
        told_by=f"Danh sách nộp bài của {cell}",
    )


def _return(ward: Ward, cell: str, row: Row, at: datetime) -> None:
    person = ward.person(row["Họ và tên"], birth(row["Ngày sinh"]), cell)
    paper = paper_for(ward.paper_of(person))
    papers.return_paper(paper=paper, note=row["Lý do trả lại"], actor=ward.actor(SECRETARY, at), at=local_day(at))


def _accept(ward: Ward, by_cell: dict[str, list[Row]], at: datetime) -> None:
    days = {pk: on for cell, lines in by_cell.items() for pk, on in _days(ward, cell, lines, "Ngày đạt").items()}
    papers.note_accepted(rollout=ward.rollout, papers=days, actor=ward.clerk(at), at=local_day(at))


def _own(ward: Ward, row: Row, at: datetime) -> None:
    """What somebody did with their own sign-in: typed, handed in a file, gave back, accepted."""
    actor = ward.actor(row["Tài khoản"], at)
    owed = ward.paper_of(ward.person(row["Họ và tên"], birth(row["Ngày sinh"]), row["Đơn vị"]))
    paper = paper_for(owed)
    match row["Việc"]:
        case "đánh máy":
            answers = [part.strip() for part in text_at(f"thu-hoach/{row['Tệp']}").split("\n\n")]
            papers.submit_typed(obligation=owed, answers=answers, version=paper.version, actor=actor, at=at)
        case "tệp":
            content = (folder() / "thu-hoach" / row["Tệp"]).read_bytes()
            file = store(content=content, name=Path(row["Tệp"]).name, actor_key=actor.key, at=at)
            papers.submit_file(obligation=owed, file=file, actor=actor, at=at)
        case "trả lại":
            papers.return_paper(paper=paper, note=row["Ghi chú"], actor=actor, at=local_day(at))
        case _ if row["Tài khoản"] == CLERK:
            papers.note_accepted(rollout=ward.rollout, papers={owed.pk: local_day(at)}, actor=actor, at=local_day(at))
        case _:
            papers.accept_papers(papers=[paper.pk], on=local_day(at), actor=actor, at=local_day(at))


# --- the report -------------------------------------------------------------------------------------------------------


JUDGED = "# II."
"""Where the draft's figures end and the ward's own judgement begins."""


def report(ward: Ward) -> Iterator[Event]:
    """The report as of the end of October, frozen on the fifth of November."""
    yield Event(moment(FROZEN, 16), partial(_report, ward))


def _report(ward: Ward, at: datetime) -> None:
    clerk = ward.clerk(at)
    drafted = create_report(rollout=ward.rollout, unit=ward.unit(WARD), as_of=AS_OF, language="vi", actor=clerk, at=at)
    draft = ReportText.of(drafted)
    text = replace(
        draft,
        body=draft.body.split(JUDGED)[0] + text_at("bao-cao/nhan-dinh.md"),
        organ="Đảng uỷ phường Hoà Lạc",
        number="38-BC/ĐU",
        place="Hoà Lạc",
        dated_on=FROZEN,
        recipients="Thành uỷ Móng Cái\nCác chi bộ trực thuộc\nLưu Văn phòng Đảng uỷ",
        signer_post="Phó Bí thư Thường trực",
        signer="Vũ Thị Hồng Nhung",
    )
    edited = edit_report(report=drafted, text=text, version=drafted.version, actor=clerk, at=at)
    freeze_report(report=edited, version=edited.version, actor=clerk, at=at)
