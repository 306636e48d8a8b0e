"""An upper unit's office sees counts of the units below: no name of theirs, no word said, no draft."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

import pytest
from django.test import Client

from tests.factories import organisation as made
from tests.factories.progress import Play, start_play
from trienkhai.core.decisions import Refused
from trienkhai.ledger import clock
from trienkhai.meetings import actions as meetings
from trienkhai.meetings.actions import MeetingFacts
from trienkhai.meetings.models import RosterEntry
from trienkhai.meetings.rules import Mark, Presence, Source
from trienkhai.organisation.models import Person, Unit
from trienkhai.organisation.rules import SYSTEM, Actor, UnitKind
from trienkhai.papers import actions as papers
from trienkhai.papers.rules import PaperError
from trienkhai.progress import actions, policies
from trienkhai.progress.actions import ReportText
from trienkhai.progress.models import Report
from trienkhai.rollouts import actions as rollouts
from trienkhai.rollouts.actions import organisation
from trienkhai.rollouts.queries import obligations
from trienkhai.rollouts.rules import PaperForm, StepKind

pytestmark = pytest.mark.django_db
TYPIST, GUEST, TOLD, TOLD_MEETING, BROUGHT = (
    "Lưu Thị Nhập Liệu",
    "Khổng Văn Khách",
    "Mạc Thị Gọi Điện",
    "Tống Văn Báo Danh",
    "Ngô Văn Mang Đến",
)
REASON, NOTES, ANSWER = "mổ ruột thừa ở viện", "ý kiến gay gắt về đất đai", "điều tôi day dứt"
KEY, FEW = re.compile(r"[0-9a-f-]{36}"), 3
DRAFT = "nhận định chưa ai duyệt"


@pytest.fixture
def play() -> Iterator[Play]:
    """A ward under a city, with everything said and noted that could leak; the clock stands still."""
    play = start_play()
    with clock.simulated(play.moment):
        city = made.make_unit("Đảng bộ thành phố", kind=UnitKind.UPPER)
        organisation.move_unit(unit=play.ward, to_parent=city, on=play.today, actor=SYSTEM, at=play.moment)
        _fill(play, _typist(play))
        yield play


def _typist(play: Play) -> Actor:
    """The ward's clerk, a person with a name, who types everything in."""
    person = made.make_person(TYPIST, unit=play.units(UnitKind.CELL)[0])
    user = made.make_user("typist", person=person, office_of=play.ward)
    return made.office_of(play.ward).__class__(key=user.key, person_id=person, grants=made.office_of(play.ward).grants)


def _fill(play: Play, typist: Actor) -> None:
    cells = play.units(UnitKind.CELL)
    first = Unit.objects.get(pk=cells[0])
    facts = MeetingFacts(title="Học tập", held_on=play.today, seats=cells[:2])
    meeting = meetings.plan_meeting(rollout=play.rollout, host=first, facts=facts, actor=typist, at=play.moment)
    meetings.add_guest(meeting=meeting, name=GUEST, actor=typist, at=play.moment)
    rows = RosterEntry.objects.current().filter(meeting=meeting).order_by("pk")
    marks = {row.key: Mark(Presence.ABSENT_EXCUSED, REASON) for row in rows[:1]}
    marks |= {row.key: Mark(Presence.PRESENT) for row in rows[1:]}
    meetings.call_roll(
        meeting=meeting, marks=marks, actor=typist, at=play.moment, source=Source.TELEPHONE, told_by=TOLD_MEETING
    )
    meeting.refresh_from_db()
    meetings.set_notes(meeting=meeting, text=NOTES, seen=meeting.notes_seq, actor=typist, at=play.moment)
    rollouts.record_receipt(
        rollout=play.rollout, unit=first, on=play.today, actor=typist, at=play.today, note=f"{BROUGHT} mang đến"
    )
    rollouts.declare(
        rollout=play.rollout,
        unit=first,
        figures={"persons_studied": (2, 3)},
        on=play.today,
        actor=typist,
        at=play.today,
        told_by=TOLD,
    )
    owed = obligations(rollout=play.rollout, step=StepKind.PAPER, people=play.people())
    mine = list(owed.values())
    papers.hand_in(
        rollout=play.rollout,
        papers={one.pk: play.today for one in mine[:3]},
        form=PaperForm.HANDWRITTEN,
        actor=typist,
        at=play.today,
        told_by=TOLD,
    )
    author = Actor(key=None, person_id=mine[4].person_id, grants=())
    papers.submit_typed(obligation=mine[4], answers=[ANSWER], version=0, actor=author, at=play.moment)
    for is_frozen in (False, True):
        report = actions.create_report(
            rollout=play.rollout,
            unit=Unit.objects.get(pk=play.ward),
            as_of=play.today,
            language="vi",
            actor=typist,
            at=play.moment,
        )
        text = ReportText(**{**vars(ReportText.of(report)), "body": "Kết quả." if is_frozen else DRAFT})
        report = actions.edit_report(report=report, text=text, version=report.version, actor=typist, at=play.moment)
        if is_frozen:
            actions.freeze_report(report=report, version=report.version, actor=typist, at=play.moment)
    second = Unit.objects.get(pk=cells[1])  # a correction after freezing
    rollouts.record_receipt(rollout=play.rollout, unit=second, on=play.today, actor=typist, at=play.today)


@pytest.fixture
def city(play: Play, client: Client) -> Client:
    """The city's office, signed in."""
    unit = Unit.objects.get(states__name="Đảng bộ thành phố")
    client.force_login(made.make_user("city", office_of=unit.pk))
    assert play.ward != unit.pk
    return client


def pages(browser: Client, *begin: str) -> dict[str, str]:
    """Pages reached by links from these, a few of each kind; what is no page is left out, what is broken fails."""
    found: dict[str, str] = {}
    visited: Counter[str] = Counter()
    waiting = list(begin)
    while waiting:
        address = waiting.pop().partition("#")[0]
        elsewhere = not address.startswith("/") or address.startswith(("/static", "/accounts"))
        kind = KEY.sub("*", address)
        if elsewhere or address in found or "as_of" in address or visited[kind] >= FEW:
            continue
        visited[kind] += 1
        answer = browser.get(address, follow=True)
        assert answer.status_code == 200, address
        is_page = answer["Content-Type"].startswith("text/html")
        found[address] = unescape(answer.text) if is_page else ""
        waiting += [unescape(link) for link in re.findall(r'href="([^"]+)"', found[address])]
    return found


def begin(play: Play) -> list[str]:
    """Where one begins to look about."""
    cell = Unit.objects.get(pk=play.units(UnitKind.CELL)[0])
    of_rollout = f"/rollouts/{play.rollout.key}/"
    return [
        "/",
        of_rollout,
        f"{of_rollout}?unit={cell.key}",
        f"{of_rollout}figures/meetings_held/",
        f"{of_rollout}figures/attendances/",
        f"{of_rollout}figures/persons_studied/?which=declared",
        f"{of_rollout}figures/units_received/",
        f"{of_rollout}figures/units_received/?which=missing",
        "/organisation/",
        "/reports/",
    ]


def secrets() -> set[str]:
    names = set(Person.objects.values_list("full_name", flat=True))
    return {*names, TYPIST, GUEST, TOLD, TOLD_MEETING, BROUGHT, REASON, NOTES, ANSWER, DRAFT}


def test_whoever_is_of_the_ward_sees_all_this_so_it_could_leak(play: Play, client: Client) -> None:
    client.force_login(made.make_user("office", office_of=play.ward))
    text = "".join(pages(client, *begin(play)).values())
    assert {secret for secret in secrets() if secret in text} == secrets() - {ANSWER}


def test_the_city_follows_every_link_and_reads_no_name_and_no_word(play: Play, city: Client) -> None:
    read = pages(city, *begin(play))
    assert len(read) > 30
    leaks = {(address, secret) for address, text in read.items() for secret in secrets() if secret in text}
    assert leaks == set()
    assert any("/reports/" in address and "Kết quả." in text for address, text in read.items())


def test_drafts_are_seen_written_and_frozen_where_names_may_be_seen(play: Play, city: Client) -> None:
    draft, frozen = Report.objects.get(frozen_at=None), Report.objects.get(frozen_at__isnull=False)
    above = Unit.objects.get(states__name="Đảng bộ thành phố").pk
    office, of_ward = made.office_of(above), made.office_of(play.ward)
    for tail in ("", "edit/", "freeze/", "bao-cao.docx", "bao-cao.pdf"):
        assert city.get(f"/reports/{draft.key}/{tail}").status_code == 404, tail
    assert city.get(f"/reports/{frozen.key}/").status_code == 200
    assert set(policies.visible_reports(office, at=play.today)) == {frozen}
    assert set(policies.visible_reports(of_ward, at=play.today)) == {draft, frozen}
    assert policies.can_edit_report(of_ward, draft, at=play.today)
    assert not policies.can_edit_report(office, draft, at=play.today)
    assert not policies.can_attach_scan(office, frozen, at=play.today)
    with pytest.raises(Refused):
        actions.create_report(
            rollout=play.rollout,
            unit=Unit.objects.get(pk=play.ward),
            as_of=play.today,
            language="vi",
            actor=office,
            at=play.moment,
        )
    rollout_page = city.get(f"/rollouts/{play.rollout.key}/")
    assert not rollout_page.context["may_report"]
    assert f"/reports/{frozen.key}/" in rollout_page.text


def test_a_reader_of_papers_is_none_from_above(play: Play) -> None:
    office = made.office_of(Unit.objects.get(states__name="Đảng bộ thành phố").pk)
    owed = obligations(rollout=play.rollout, step=StepKind.PAPER, people=play.people())
    paper = next(one.paper for one in owed.values() if hasattr(one, "paper") and one.paper.answers)
    with pytest.raises(Refused, match=PaperError.NOT_THE_READER):
        papers.return_paper(paper=paper, note="viết lại đoạn hai", actor=office, at=play.today)
