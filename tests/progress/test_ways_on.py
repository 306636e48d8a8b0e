"""From the roll-out's page to the page on which a step is worked on, for those who may; to the facts for the others."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import organisation as made
from tests.factories.progress import Move, Play, start_play
from trienkhai.ledger import clock
from trienkhai.organisation.models import Person, Unit
from trienkhai.organisation.rules import SYSTEM, UnitKind
from trienkhai.rollouts.actions import organisation
from trienkhai.rollouts.rules import StepKind
from trienkhai.rollouts.texts import STEP_NAMES

pytestmark = pytest.mark.django_db
WORKED_ON = {
    StepKind.RECEIVE: "rollouts:receipts",
    StepKind.PLAN: "plans:index",
    StepKind.STUDY: "meetings:of_rollout",
    StepKind.PAPER: "papers:index",
}
FIGURES = {
    StepKind.RECEIVE: "units_received",
    StepKind.PLAN: "units_planned",
    StepKind.STUDY: "persons_studied",
    StepKind.PAPER: "papers_submitted",
}


@pytest.fixture
def play() -> Play:
    """A roll-out nobody has done anything in."""
    return start_play()


def sign_in(client: Client, play: Play, **rights: Any) -> Client:
    with clock.simulated(play.moment):
        client.force_login(made.make_user("reader", **rights))
    return client


def secretary_of(play: Play) -> tuple[int, int]:
    """The secretary of a cell, and the cell."""
    cell = play.units(UnitKind.CELL)[0]
    posts = Person.objects.filter(posts__unit=cell, posts__superseded_seq__isnull=True)
    return posts.order_by("pk")[0].pk, cell


def page(play: Play, tail: str = "", unit: int | None = None) -> str:
    return f"/rollouts/{play.rollout.key}/{tail}" + (f"?unit={Unit.objects.get(pk=unit).key}" if unit else "")


def working(play: Play, kind: StepKind) -> str:
    return reverse(WORKED_ON[kind], args=[play.rollout.key])


def titles_lead(client: Client, play: Play, unit: int | None = None) -> dict[StepKind, str]:
    """Where the steps' titles lead: ``work``, ``facts`` or nowhere; no link ends in an error."""
    steps = {str(step.title): step for step in client.get(page(play, unit=unit)).context["steps"]}
    found = {}
    for kind in WORKED_ON:
        step = steps[str(STEP_NAMES[kind])]
        if step.url:
            assert client.get(step.url, follow=True).status_code == 200
        if step.share_url:
            assert f"/figures/{FIGURES[kind]}/" in step.share_url
            assert client.get(step.share_url).status_code == 200
        found[kind] = "work" if step.url == working(play, kind) else "facts" if step.url else ""
        assert found[kind] != "facts" or step.url == step.share_url
    return found


def test_the_office_is_led_to_work_and_its_fractions_to_the_facts(client: Client, play: Play) -> None:
    sign_in(client, play, office_of=play.ward)
    assert titles_lead(client, play) == dict.fromkeys(WORKED_ON, "work")
    steps = client.get(page(play)).context["steps"]
    assert all(step.share_url for step in steps[:-1])
    report = reverse("progress:create_report", args=[play.rollout.key])
    assert steps[-1].url.startswith(f"{report}?unit={Unit.objects.get(pk=play.ward).key}")
    content = client.get(page(play)).content.decode()
    for step in steps[:-1]:
        assert f'<a class="share share-{step.state}" href="{step.share_url}">' in content


def test_a_secretary_is_led_to_work_from_the_own_cell_and_from_the_whole(client: Client, play: Play) -> None:
    person, cell = secretary_of(play)
    sign_in(client, play, person=person)
    assert titles_lead(client, play, cell) == dict.fromkeys(WORKED_ON, "work")
    whole = titles_lead(client, play)
    assert whole == {**dict.fromkeys(WORKED_ON, "work"), StepKind.RECEIVE: ""}
    steps = client.get(page(play)).context["steps"]
    assert not any(step.share_url for step in steps)
    assert not steps[-1].url


def test_a_member_is_led_nowhere_there_is_nothing_to_do(client: Client, play: Play) -> None:
    with clock.simulated(play.moment):
        member = made.make_person("Lê Văn Thường", unit=play.units(UnitKind.CELL)[0])
    sign_in(client, play, person=member)
    assert titles_lead(client, play) == dict.fromkeys(WORKED_ON, "")


def test_an_upper_office_ticks_no_papers_of_people_it_does_not_see(client: Client, play: Play) -> None:
    with clock.simulated(play.moment):
        city = made.make_unit("Đảng bộ thành phố", kind=UnitKind.UPPER)
        organisation.move_unit(unit=play.ward, to_parent=city, on=play.today, actor=SYSTEM, at=play.moment)
    sign_in(client, play, office_of=city)
    assert titles_lead(client, play) == {**dict.fromkeys(WORKED_ON, "work"), StepKind.PAPER: "facts"}


@pytest.mark.parametrize("kind", WORKED_ON)
def test_an_empty_page_of_facts_offers_where_they_are_entered(client: Client, play: Play, kind: StepKind) -> None:
    sign_in(client, play, office_of=play.ward)
    offer = f'<a class="button button-primary" href="{working(play, kind)}">'
    assert offer in client.get(page(play, f"figures/{FIGURES[kind]}/")).content.decode()


def test_an_empty_page_offers_nothing_to_who_may_not_enter(client: Client, play: Play) -> None:
    with clock.simulated(play.moment):
        city = made.make_unit("Đảng bộ thành phố", kind=UnitKind.UPPER)
        organisation.move_unit(unit=play.ward, to_parent=city, on=play.today, actor=SYSTEM, at=play.moment)
    sign_in(client, play, office_of=city)
    shown = client.get(page(play, "figures/papers_submitted/"))
    assert not shown.context["working_url"]
    assert working(play, StepKind.PAPER) not in shown.content.decode()


def test_full_facts_offer_nothing(client: Client, play: Play) -> None:
    play.play(Move("hand_in_many", wait=1, a=1))
    sign_in(client, play, office_of=play.ward)
    shown = client.get(page(play, "figures/papers_submitted/"))
    assert shown.context["rows"]
    assert f'href="{working(play, StepKind.PAPER)}"' not in shown.content.decode()
