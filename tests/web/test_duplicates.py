"""Two entries that were one person: nothing either did is lost, and nothing counts twice."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client

from tests.factories import organisation as made
from tests.factories.progress import Play, start_play
from trienkhai.core.decisions import Refused
from trienkhai.ledger import clock
from trienkhai.ledger.models import Entry
from trienkhai.meetings import actions as meetings
from trienkhai.meetings.actions import MeetingFacts
from trienkhai.meetings.models import Attendance, Meeting, RosterEntry
from trienkhai.meetings.rules import Mark, MeetingState, Presence, Source
from trienkhai.organisation.actions import Change, NewPerson, NewTie, Particulars
from trienkhai.organisation.models import Person, Unit
from trienkhai.organisation.rules import SYSTEM, Actor, Grant, Role, UnitKind
from trienkhai.papers import actions as papers
from trienkhai.papers.models import Paper, PaperEvent
from trienkhai.papers.queries import paper_rows, standing_of
from trienkhai.papers.rules import PaperState
from trienkhai.progress.queries.recount import disagreements
from trienkhai.progress.queries.values import figures
from trienkhai.rollouts.actions import organisation
from trienkhai.rollouts.models import Milestone, Obligation
from trienkhai.rollouts.queries import obligations
from trienkhai.rollouts.rules import CellStudyRule, PaperForm, StepKind
from trienkhai.web.actions import merge_duplicate, undo

pytestmark = pytest.mark.django_db
type Shares = dict[str, tuple[int, int | None]]


@pytest.fixture(params=[(CellStudyRule.OWN_OR_SEATS, 0), (CellStudyRule.QUORUM, 100)], ids=["seats", "quorum"])
def play(request: pytest.FixtureRequest) -> Iterator[Play]:
    """A roll-out under way; the clock stands still."""
    rule, quorum = request.param
    play = start_play(rule, quorum)
    with clock.simulated(play.moment):
        yield play


@pytest.fixture
def pair(play: Play) -> tuple[int, int]:
    """The one to be kept, of cell 1, and another entry of theirs, in cell 2."""
    cells = play.units(UnitKind.CELL)[:2]
    found: list[int] = []
    for cell in cells:
        tie = NewTie(unit=cell, on=date(2012, 1, 1))
        person = NewPerson(Particulars(full_name="Lê Văn Trùng"), (tie,))
        found += organisation.add_person(person=person, actor=SYSTEM, at=play.moment).made
    return found[0], found[1]


def shares(play: Play, unit: int | None = None) -> Shares:
    found = figures(rollout=play.rollout, unit=unit or play.ward, as_of=play.today)
    return {value.code: (value.numerator, value.denominator) for value in found}


def agree(play: Play) -> None:
    """Every figure is what its facts say, everywhere."""
    units = list(Unit.objects.all())
    assert disagreements(rollout=play.rollout, units=units, as_of=play.today) == []


def meet(play: Play, marks: dict[int, Presence], *, cell: int = 0) -> Meeting:
    """The cell meets; who is named is marked so, everybody else was there."""
    host = Unit.objects.get(pk=play.units(UnitKind.CELL)[cell])
    facts = MeetingFacts(title="Học tập", held_on=play.today, seats=play.units(UnitKind.CELL)[:2])
    meeting = meetings.plan_meeting(rollout=play.rollout, host=host, facts=facts, actor=SYSTEM, at=play.moment)
    rows = RosterEntry.objects.current().filter(meeting=meeting)
    said = {row.key: Mark(marks.get(row.person_id or 0, Presence.PRESENT)) for row in rows}
    meetings.call_roll(meeting=meeting, marks=said, actor=SYSTEM, at=play.moment, source=Source.SHEET)
    return meeting


def merge(play: Play, pair: tuple[int, int]) -> Change:
    keep, drop = pair
    change = merge_duplicate(keep=keep, drop=drop, actor=SYSTEM, at=play.moment)
    agree(play)
    return change


def take_back(play: Play, change: Change) -> None:
    undo(entry=change.entry.seq, actor=SYSTEM, at=play.moment)
    agree(play)


def presence_of(meeting: Meeting, person: int) -> list[str]:
    rows = Attendance.objects.current().filter(entry__meeting=meeting, entry__person=person)
    return list(rows.filter(entry__superseded_seq__isnull=True).values_list("presence", flat=True))


def owed(play: Play, person: int) -> Obligation:
    return obligations(rollout=play.rollout, step=StepKind.PAPER, people=[person])[person]


def hand_in(play: Play, person: int, back: int = 0) -> None:
    papers.hand_in(
        rollout=play.rollout,
        papers={owed(play, person).pk: play.today - timedelta(days=back)},
        form=PaperForm.HANDWRITTEN,
        actor=SYSTEM,
        at=play.today,
        told_by="Tổ trưởng",
    )


def author(person: int) -> Actor:
    return Actor(key=None, person_id=person, grants=())


def reader(play: Play) -> Actor:
    return Actor(key=None, person_id=-1, grants=tuple(Grant(Role.SECRETARY, unit) for unit in play.every_unit()))


@pytest.mark.parametrize("mine", [Presence.ABSENT, Presence.PRESENT])
@pytest.mark.parametrize("theirs", [Presence.ABSENT_EXCUSED, Presence.LATE])
def test_who_was_there_under_either_name_was_there_once(
    play: Play, pair: tuple[int, int], mine: Presence, theirs: Presence
) -> None:
    keep, drop = pair
    meeting = meet(play, {keep: mine, drop: theirs})
    before = shares(play)
    change = merge(play, pair)
    was_there = [there for there in (mine, theirs) if there in {Presence.PRESENT, Presence.LATE}]
    after = shares(play)
    assert presence_of(meeting, drop) == []
    assert presence_of(meeting, keep) == [was_there[0] if was_there else mine]
    assert after["persons_studied"] == (
        before["persons_studied"][0] - max(0, len(was_there) - 1),
        (before["persons_studied"][1] or 0) - 1,
    )
    assert after["attendances"][0] == before["attendances"][0] - max(0, len(was_there) - 1)
    take_back(play, change)
    assert shares(play) == before
    assert (presence_of(meeting, keep), presence_of(meeting, drop)) == ([mine], [theirs])


def test_a_meeting_only_the_other_name_was_at(play: Play, pair: tuple[int, int]) -> None:
    keep, drop = pair
    cells = play.units(UnitKind.CELL)
    facts = MeetingFacts(title="Học tập", held_on=play.today, seats=[cells[1]])
    host = Unit.objects.get(pk=cells[1])
    meeting = meetings.plan_meeting(rollout=play.rollout, host=host, facts=facts, actor=SYSTEM, at=play.moment)
    places = RosterEntry.objects.current().filter(meeting=meeting)
    marks = {row.key: Mark(Presence.LATE if row.person_id == drop else Presence.PRESENT, "mưa") for row in places}
    told = meetings.call_roll(
        meeting=meeting, marks=marks, actor=SYSTEM, at=play.moment, source=Source.TELEPHONE, told_by="Bà Tư"
    )
    assert told.written == len(marks)
    before = shares(play), shares(play, cells[0]), shares(play, cells[1])
    change = merge(play, pair)
    mark = Attendance.objects.current().get(entry__meeting=meeting, entry__person=keep)
    assert (mark.presence, mark.reason, mark.source, mark.told_by) == ("late", "mưa", Source.TELEPHONE, "Bà Tư")
    assert mark.entry.unit_id == cells[0]
    assert not RosterEntry.objects.current().filter(person=drop).exists()
    assert shares(play)["persons_studied"][0] == before[0]["persons_studied"][0]
    assert shares(play, cells[0])["attendances"][0] == before[1]["attendances"][0] + 1
    assert shares(play, cells[1])["attendances"][0] == before[2]["attendances"][0] - 1
    studied = Milestone.objects.current().filter(obligation__person__in=pair, code="studied")
    assert list(studied.values_list("obligation__person", flat=True)) == [keep]
    take_back(play, change)
    assert (shares(play), shares(play, cells[0]), shares(play, cells[1])) == before
    assert presence_of(meeting, drop) == ["late"]


def test_a_place_nobody_has_marked_goes_one_given_by_hand_stays(play: Play, pair: tuple[int, int]) -> None:
    keep, drop = pair
    cells = play.units(UnitKind.CELL)
    by_lot, by_hand = (
        meetings.plan_meeting(
            rollout=play.rollout,
            host=Unit.objects.get(pk=cells[host]),
            facts=MeetingFacts(title="Học tập", held_on=play.today + timedelta(days=1), seats=[cells[host]]),
            actor=SYSTEM,
            at=play.moment,
        )
        for host in (1, 2)
    )
    meetings.add_person(meeting=by_hand, person=Person.objects.get(pk=drop), actor=SYSTEM, at=play.moment)
    change = merge(play, pair)
    listed = RosterEntry.objects.current()
    assert not listed.filter(meeting=by_lot, person__in=pair).exists()
    assert list(listed.filter(meeting=by_hand, person__in=pair).values_list("person", "is_added")) == [(keep, True)]
    take_back(play, change)
    assert list(listed.filter(person__in=pair).order_by("meeting").values_list("meeting", "person")) == [
        (by_lot.pk, drop),
        (by_hand.pk, drop),
    ]


def test_a_paper_only_the_other_entry_handed_in(play: Play, pair: tuple[int, int]) -> None:
    keep, drop = pair
    hand_in(play, drop, back=2)
    papers.note_accepted(rollout=play.rollout, papers={owed(play, drop).pk: play.today}, actor=SYSTEM, at=play.today)
    before = shares(play)
    change = merge(play, pair)
    after = shares(play)
    for code in ("papers_submitted", "papers_on_time", "papers_accepted"):
        assert after[code] == (before[code][0], (before[code][1] or 0) - 1)
    events = PaperEvent.objects.current().filter(paper__obligation__person=keep).order_by("pk")
    assert [(event.kind, event.valid_on, event.told_by) for event in events] == [
        ("submitted", play.today - timedelta(days=2), "Tổ trưởng"),
        ("accepted", play.today, ""),
    ]
    assert not PaperEvent.objects.current().filter(paper__obligation__person=drop).exists()
    take_back(play, change)
    assert shares(play) == before
    assert standing_of(Paper.objects.get(obligation=owed(play, drop))).state is PaperState.ACCEPTED
    assert standing_of(Paper.objects.get(obligation=owed(play, keep))).state is PaperState.OWED


@pytest.mark.parametrize(("mine", "theirs", "counts"), [(0, 2, 2), (2, 0, 2), (1, 1, 1)])
def test_of_two_papers_the_earlier_counts(
    play: Play, pair: tuple[int, int], mine: int, theirs: int, counts: int
) -> None:
    keep, drop = pair
    hand_in(play, keep, back=mine)
    hand_in(play, drop, back=theirs)
    before = shares(play)
    change = merge(play, pair)
    after = shares(play)
    assert after["papers_submitted"][0] == before["papers_submitted"][0] - 1
    stands = standing_of(Paper.objects.get(obligation=owed(play, keep)))
    assert stands.submitted_on == play.today - timedelta(days=counts)
    take_back(play, change)
    assert shares(play) == before
    for person, back in ((keep, mine), (drop, theirs)):
        stands = standing_of(Paper.objects.get(obligation=owed(play, person)))
        assert stands.submitted_on == play.today - timedelta(days=back)


def test_an_accepted_paper_outweighs_one_only_handed_in(play: Play, pair: tuple[int, int]) -> None:
    keep, drop = pair
    hand_in(play, keep, back=3)
    hand_in(play, drop, back=1)
    paper = Paper.objects.get(obligation=owed(play, drop))
    papers.accept_papers(papers=[paper.pk], on=play.today, actor=reader(play), at=play.today)
    merge(play, pair)
    assert shares(play)["papers_accepted"][0] == 1


def test_words_go_over_where_there_are_none_and_come_back(play: Play, pair: tuple[int, int]) -> None:
    keep, drop = pair
    papers.save_draft(
        obligation=owed(play, drop), answers=["Điều tôi nghĩ"], version=0, actor=author(drop), at=play.moment
    )
    change = merge(play, pair)
    paper = Paper.objects.get(obligation=owed(play, keep))
    assert paper.answers == ["Điều tôi nghĩ"]
    take_back(play, change)
    paper.refresh_from_db()
    assert (paper.answers, paper.saved_at) == ([], None)
    assert standing_of(paper).state is PaperState.OWED  # nobody is writing it
    units = play.units(UnitKind.CELL)
    rows = paper_rows(rollout=play.rollout, units=units, day=play.today, today=play.today)
    states = {row.person_id: row.state for row in rows}
    assert (states[keep], states[drop]) == (PaperState.OWED, PaperState.DRAFT)
    assert Paper.objects.get(obligation=owed(play, drop)).answers == ["Điều tôi nghĩ"]


def test_own_words_are_never_written_over(play: Play, pair: tuple[int, int]) -> None:
    keep, drop = pair
    for person, words in ((keep, "của tôi"), (drop, "cũng của tôi")):
        papers.save_draft(
            obligation=owed(play, person), answers=[words], version=0, actor=author(person), at=play.moment
        )
    hand_in(play, drop)
    change = merge(play, pair)
    paper = Paper.objects.get(obligation=owed(play, keep))
    assert paper.answers == ["của tôi"]
    assert standing_of(paper).state is PaperState.SUBMITTED
    take_back(play, change)
    paper.refresh_from_db()
    assert paper.answers == ["của tôi"]


@pytest.mark.parametrize("since", ["roll", "paper"])
def test_what_has_been_built_upon_is_not_taken_back(play: Play, pair: tuple[int, int], since: str) -> None:
    keep, drop = pair
    meeting = meet(play, {keep: Presence.ABSENT, drop: Presence.LATE})
    hand_in(play, drop)
    change = merge(play, pair)
    place = RosterEntry.objects.current().get(meeting=meeting, person=keep)
    if since == "roll":
        meetings.call_roll(meeting=meeting, marks={place.key: Mark(Presence.PRESENT)}, actor=SYSTEM, at=play.moment)
    else:
        papers.note_accepted(
            rollout=play.rollout, papers={owed(play, keep).pk: play.today}, actor=SYSTEM, at=play.today
        )
    with pytest.raises(Refused, match="undo_overtaken"):
        take_back(play, change)
    assert Person.objects.get(pk=drop).merged_into_id == keep


def test_what_was_known_before_stays_known(play: Play, pair: tuple[int, int]) -> None:
    keep, drop = pair
    meet(play, {keep: Presence.ABSENT})
    hand_in(play, drop)
    then, before = play.today, shares(play)
    play.moment += timedelta(days=3)
    with clock.simulated(play.moment):
        merge(play, pair)
    known = figures(rollout=play.rollout, unit=play.ward, as_of=then, known_at=then)
    assert {value.code: (value.numerator, value.denominator) for value in known} == before
    assert disagreements(rollout=play.rollout, units=list(Unit.objects.all()), as_of=then, known_at=then) == []


def test_a_cancelled_meeting_counts_nothing_afterwards_either(play: Play, pair: tuple[int, int]) -> None:
    keep, drop = pair
    meeting = meet(play, {keep: Presence.ABSENT, drop: Presence.PRESENT})
    meetings.cancel_meeting(meeting=meeting, because="mưa bão", actor=SYSTEM, at=play.moment)
    merge(play, pair)
    assert shares(play)["persons_studied"][0] == 0
    meetings.restore_meeting(meeting=Meeting.objects.get(pk=meeting.pk), actor=SYSTEM, at=play.moment)
    agree(play)
    if Meeting.objects.get(pk=meeting.pk).state == MeetingState.HELD:
        assert presence_of(meeting, keep) == ["present"]


def test_the_screen_says_beforehand_what_it_does_and_carries_the_facts_over(
    client: Client, play: Play, pair: tuple[int, int]
) -> None:
    keep, drop = pair
    meet(play, {keep: Presence.ABSENT})
    hand_in(play, drop)
    client.force_login(made.make_user("clerk", office_of=play.ward))
    key = Person.objects.get(pk=drop).key
    address, typed = f"/people/{key}/change/duplicate/", {"keep": str(Person.objects.get(pk=keep).key)}
    before = shares(play)
    effect = client.post(address, typed).context["effect"]
    assert shares(play) == before
    said = {figure.code: figure.after for figure in effect.figures}
    assert client.post(address, {**typed, "confirm": "1"}).status_code == 302
    after = shares(play)
    assert after["papers_submitted"] == (1, (before["papers_submitted"][1] or 0) - 1)
    assert after["persons_studied"][0] == before["persons_studied"][0]
    assert all(after[code] == share for code, share in said.items())
    assert {"papers_submitted", "persons_studied"} <= said.keys()
    agree(play)
    slip = Entry.objects.filter(action="organisation.merge_duplicate").latest("pk")
    client.post("/organisation/undo/", {"entry": slip.pk, "next": "/"})
    assert shares(play) == before
    agree(play)
