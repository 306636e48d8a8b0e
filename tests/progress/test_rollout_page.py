"""The roll-out's page and the facts behind its figures."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.factories import organisation as made
from tests.factories.progress import BEGINS, Move, Play, start_play
from trienkhai.figures.actions import roll_up_all
from trienkhai.ledger import clock
from trienkhai.organisation.actions import NewPerson, NewTie, Particulars
from trienkhai.organisation.models import Person, Unit, UnitState
from trienkhai.organisation.rules import SYSTEM, UnitKind
from trienkhai.progress.queries.facts import Asked, Shelves, counts_by_unit, places, rows_of
from trienkhai.progress.queries.values import figures
from trienkhai.progress.rules.figures import CODES, Part
from trienkhai.rollouts.actions import organisation
from trienkhai.rollouts.rules import FIGURE_BY_CODE, FIGURES, Subject

pytestmark = pytest.mark.django_db


@pytest.fixture
def play() -> Play:
    """A roll-out under way: two cells have met, some papers are in, receipts and plans entered."""
    play = start_play()
    for move in (
        Move("receive", a=0),
        Move("receive", a=2),
        Move("adopt", a=0, b=1),
        Move("meet", wait=1, a=0, b=0),
        Move("meet", wait=1, a=1, b=0),
        Move("meet", wait=1, a=5, b=0),
        Move("hand_in_many", wait=1, a=1),
        Move("declare", a=1, b=3, c=4),
        Move("note_accepted", wait=1),
    ):
        play.play(move)
    assert play.refused == []
    return play


@pytest.fixture
def office(play: Play, client: Client) -> Client:
    """The ward's clerk, signed in."""
    with clock.simulated(play.moment):
        client.force_login(made.make_user("clerk", office_of=play.ward))
    return client


def url(play: Play, tail: str = "", **query: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/rollouts/{play.rollout.key}/{tail}" + (f"?{asked}" if asked else "")


def unit_key(unit: int) -> str:
    return str(Unit.objects.get(pk=unit).key)


def name_of(unit: int) -> str:
    return str(UnitState.objects.current().get(unit=unit).name)


def test_steps_figures_and_units_are_there(office: Client, play: Play) -> None:
    response = office.get(url(play))
    assert response.status_code == 200
    shown = response.context
    assert [step.title for step in shown["steps"]][-1] == "Báo cáo" or len(shown["steps"]) == 5
    by_code = {share.value.code: share.value for share in shown["shares"]}
    for value in figures(rollout=play.rollout, unit=play.ward, as_of=clock.today()):
        if value.code in by_code:
            assert by_code[value.code] == value
    keys = {unit_key(unit) for unit in play.every_unit()}
    linked = re.findall(r'class="row-link" href="[^"]*unit=([0-9a-f-]+)"', shown["below"])
    assert set(linked) <= keys
    assert len(linked) == 5
    states = [state.replace("waiting", "not_due") for state in re.findall(r'class="state state-(\w+)', shown["below"])]
    assert states[:5] == sorted(states[:5], key=["late", "not_due", "running", "done", "none"].index)


def test_declared_figures_stand_apart(office: Client, play: Play) -> None:
    shown = office.get(url(play)).context
    declared = [share.value for share in shown["declared"]]
    assert [(v.code, v.declared_numerator, v.declared_denominator) for v in declared] == [("persons_studied", 4, 6)]
    counted = next(s.value for s in shown["shares"] if s.value.code == "persons_studied")
    assert counted.denominator == 11


def test_days_typed_the_local_way_are_put_into_the_address(office: Client, play: Play) -> None:
    response = office.get(url(play, as_of="25/02/2012", known_at="26.2.2012"))
    assert response.status_code == 302
    assert response["Location"] == url(play, as_of="2012-02-25", known_at="2012-02-26")


def test_a_day_that_is_none_is_said(office: Client, play: Play) -> None:
    response = office.get(url(play, as_of="31/02/2012"))
    assert response.status_code == 422
    assert "31/02/2012" in response.content.decode()


def test_an_earlier_day_shows_less(office: Client, play: Play) -> None:
    def studied(**query: str) -> int:
        shares = office.get(url(play, **query)).context["shares"]
        return next(int(s.value.numerator) for s in shares if s.value.code == "persons_studied")

    assert studied(as_of=BEGINS.date().isoformat()) == 0
    assert studied() > 0
    assert studied(known_at=BEGINS.date().isoformat()) == 0


def test_a_day_before_the_unit_was_open(office: Client, play: Play) -> None:
    response = office.get(url(play, as_of="1950-01-01"))
    assert response.status_code == 200
    assert "rows" not in response.context


def test_a_cell_secretary_sees_the_own_cell_and_the_leads_totals_only(client: Client, play: Play) -> None:
    cells = play.units(UnitKind.CELL)
    own, others = cells[0], cells[1:]
    secretary = Person.objects.filter(posts__unit=own, posts__superseded_seq__isnull=True).order_by("pk")[0]
    client.force_login(made.make_user("secretary", person=secretary.pk))
    response = client.get(url(play))
    page = response.content.decode()
    assert name_of(own) in page
    for other in others:
        assert name_of(other) not in page
    assert all(not share.url for share in response.context["shares"])
    assert client.get(url(play, unit=unit_key(own))).status_code == 200
    assert client.get(url(play, unit=unit_key(others[0]))).status_code == 404
    assert client.get(url(play, "figures/persons_studied/")).status_code == 404
    assert client.get(url(play, "figures/persons_studied/", unit=unit_key(others[0]))).status_code == 404
    assert client.get(url(play, "figures/persons_studied/", unit=unit_key(own))).status_code == 200


def test_strangers_are_sent_to_sign_in_or_see_nothing(client: Client, play: Play) -> None:
    assert client.get(url(play)).status_code == 302
    with clock.simulated(play.moment):
        elsewhere = made.make_unit("Đảng bộ xã khác", kind=UnitKind.BASE)
    client.force_login(made.make_user("stranger", office_of=elsewhere))
    assert client.get(url(play)).status_code == 404


@pytest.mark.parametrize("part", [Part.DONE, Part.MISSING])
@pytest.mark.parametrize("figure", FIGURES, ids=[figure.code for figure in FIGURES])
def test_lists_are_as_long_as_their_figures(play: Play, figure: Any, part: Part) -> None:
    for move in (
        Move("move_person", wait=1, a=0, b=3),
        Move("end_membership", a=4, b=0),
        Move("merge_units", a=1, b=2),
    ):
        play.play(move)
    for day in (play.today, date(2012, 2, 25), date(2012, 2, 27)):
        for known_at in (None, date(2012, 2, 26)):
            value = figures(rollout=play.rollout, unit=play.ward, as_of=day, known_at=known_at)[
                CODES.index(figure.code)
            ]
            found = places(Asked(play.rollout, play.ward, day, known_at), figure, part)
            assert found.count() == (value.numerator if part is Part.DONE else value.missing)


@pytest.mark.parametrize("part", [Part.DONE, Part.MISSING])
def test_a_page_is_the_same_slice_as_of_the_whole_list(play: Play, part: Part) -> None:
    """Of the units whose names may be seen, also with two of one name and one that was not open that day."""
    first, second, third, *_rest = play.units(UnitKind.CELL)
    same = UnitState.objects.filter(unit=first).values("sort_key")[:1]
    UnitState.objects.filter(unit=second).update(sort_key=same)
    UnitState.objects.filter(unit=third).update(starts_on=play.today + timedelta(days=1))
    asked = Asked(play.rollout, play.ward, play.today, None)
    found = places(asked, FIGURE_BY_CODE["persons_studied"], part)
    counts = counts_by_unit(found)
    for left_out in (0, second):
        seen = {unit: count for unit, count in counts.items() if unit != left_out}
        whole, shelves = list(found.exclude(unit=left_out)), Shelves(asked, found, seen)
        assert len(shelves) == len(whole)
        for first_row in range(len(whole) + 1):
            for size in (1, 2, 7):
                assert shelves[first_row : first_row + size] == whole[first_row : first_row + size]


def test_every_done_row_has_its_fact(play: Play) -> None:
    asked = Asked(play.rollout, play.ward, play.today, None)
    for code, figure in FIGURE_BY_CODE.items():
        rows = rows_of(asked, figure, Part.DONE, list(places(asked, figure, Part.DONE)))
        assert rows, code
        assert all(row.fact is not None for row in rows), code
        if figure.subject is Subject.PERSON:
            assert all(row.person_key for row in rows)


@pytest.mark.parametrize("code", CODES)
def test_facts_of_every_figure_open(office: Client, play: Play, code: str) -> None:
    response = office.get(url(play, f"figures/{code}/"))
    assert response.status_code == 200
    value = response.context["value"]
    assert len(response.context["rows"]) == min(value.numerator, 50)


def test_an_upper_office_sees_numbers_not_names(client: Client) -> None:
    play = start_play()
    with clock.simulated(play.moment):
        city = made.make_unit("Đảng bộ thành phố", kind=UnitKind.UPPER)
        organisation.move_unit(unit=play.ward, to_parent=city, on=play.today, actor=SYSTEM, at=play.moment)
    play.play(Move("meet", a=0))
    client.force_login(made.make_user("city", office_of=city))
    response = client.get(url(play, "figures/persons_studied/", which="missing"))
    page = response.content.decode()
    assert response.context["rows"] == []
    below = {row.unit.name: row.count for row in response.context["hidden"]}
    assert set(below) == {"Đảng bộ bộ phận trường học", *(f"Chi bộ khu {n}" for n in (1, 2, 3))}
    assert sum(below.values()) == response.context["value"].missing
    for person in Person.objects.all():
        assert person.full_name not in page


@pytest.mark.parametrize("code", ["persons_studied", "papers_submitted", "attendances"])
def test_numbers_open_into_the_units_below_and_add_up(client: Client, play: Play, code: str) -> None:
    with clock.simulated(play.moment):
        city = made.make_unit("Đảng bộ thành phố", kind=UnitKind.UPPER)
        organisation.move_unit(unit=play.ward, to_parent=city, on=play.today, actor=SYSTEM, at=play.moment)
    client.force_login(made.make_user("city", office_of=city))
    response = client.get(url(play, f"figures/{code}/"))
    rows = response.context["hidden"]
    assert sum(row.count for row in rows) == response.context["value"].numerator > 0
    for row in rows:
        further = client.get(row.url)
        assert further.context["value"].numerator == row.count
        assert sum(one.count for one in further.context["hidden"]) == row.count


def test_a_secretary_sees_the_own_names_and_numbers_of_nobody_else(client: Client, play: Play) -> None:
    section = UnitState.objects.get(kind=UnitKind.SECTION).unit
    client.force_login(made.make_user("section", office_of=section.pk))
    response = client.get(url(play, "figures/persons_studied/", unit=str(section.key)))
    assert len(response.context["rows"]) == response.context["value"].numerator
    assert response.context["hidden"] == []


def test_nothing_but_known_figures_and_parts(office: Client, play: Play) -> None:
    assert office.get(url(play, "figures/nothing/")).status_code == 404
    assert office.get(url(play, "figures/persons_studied/", which="all")).status_code == 404
    assert office.get(url(play, "figures/attendances/", which="missing")).status_code == 404
    assert office.get(url(play, unit="not-a-key")).status_code == 404


@pytest.mark.parametrize("tail", ["", "figures/persons_studied/?which=missing", "figures/papers_submitted/"])
def test_queries_do_not_grow(
    office: Client, play: Play, tail: str, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    roll_up_all()
    with django_assert_max_num_queries(60) as counted:
        office.get(url(play, tail))
    for n in range(4):
        with clock.simulated(play.moment):
            cell = made.make_unit(f"Chi bộ thêm {n}", parent=play.ward)
            person = NewPerson(Particulars(full_name=f"Lê Văn {n}"), (NewTie(unit=cell, on=play.today),))
            organisation.add_person(person=person, actor=SYSTEM, at=play.moment)
    play.play(Move("hand_in_many", wait=1))
    roll_up_all()
    with django_assert_num_queries(len(counted)):
        office.get(url(play, tail))


def test_with_no_units_below(office: Client, play: Play) -> None:
    response = office.get(url(play, unit=unit_key(play.units(UnitKind.CELL)[0])))
    assert response.status_code == 200
    assert not response.context["below"]
    assert "table" in response.content.decode()


def test_the_leaders_own_part_opens_to_the_leaders_alone(office: Client, play: Play) -> None:
    leading = office.get(url(play)).context["leaders"]
    assert leading
    for share in leading:
        shown = office.get(share.leaders_url).context
        assert shown["value"].numerator == share.value.leaders_numerator
        assert len(shown["rows"]) == share.value.leaders_numerator
        assert all(row.row.is_leader for row in shown["rows"])


def test_no_fact_leads_to_a_page_its_reader_may_not_see(office: Client, play: Play) -> None:
    """A paper's words are not the office's to read: it is led to the list of the unit's papers."""
    opened = set()
    for code in CODES:
        rows = office.get(url(play, f"figures/{code}/")).context.get("rows", ())
        opened |= {row.url for row in rows if row.url}
    assert any("/papers/" in address for address in opened)
    assert {address: office.get(address).status_code for address in opened} == dict.fromkeys(opened, 200)
