"""What the pages of a roll-out say and where they lead."""

from dataclasses import replace

import pytest
from django.test import Client

from tests.factories.organisation import Ward, make_user, make_ward
from tests.factories.rollouts import TODAY, make_directive, make_rollout, share
from trienkhai.organisation.models import Unit
from trienkhai.rollouts.models import Receipt, Rollout, Step
from trienkhai.rollouts.rules import Owing, StepKind
from trienkhai.rollouts.texts import owed_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward() -> Ward:
    return make_ward(cells=2, members=2)


@pytest.fixture
def rollout(ward: Ward) -> Rollout:
    return make_rollout(ward)


@pytest.fixture
def office(ward: Ward, client: Client) -> Client:
    client.force_login(make_user("clerk", office_of=ward.unit))
    return client


def test_settings_say_who_owes_each_step(office: Client, rollout: Rollout) -> None:
    Step.objects.filter(rollout=rollout, kind=StepKind.PAPER).update(owed_by_exempt=True)
    steps = office.get(f"/rollouts/{rollout.key}/settings/").context["steps"]
    owing = {step.kind: {str(words) for words in said} for _, step, said in steps}
    assert set(owing) == {kind.value for kind in StepKind}
    nobody_else = Owing(probationary=False)
    with_exempt = {str(words) for words in owed_by(StepKind.PAPER, replace(nobody_else, exempt=True))}
    exempt = with_exempt - {str(words) for words in owed_by(StepKind.PAPER, nobody_else)}
    assert len(exempt) == 1
    assert exempt <= owing["paper"]
    assert not exempt & owing["study"]
    assert owing["receive"].isdisjoint(owing["paper"])


def test_a_units_page_leads_to_what_it_declares_and_back(office: Client, rollout: Rollout, ward: Ward) -> None:
    cell = Unit.objects.get(pk=ward.cells[0]).key
    page = f"/rollouts/{rollout.key}/?unit={cell}"
    declare = f"/rollouts/{rollout.key}/declare/{cell}/"
    assert declare in office.get(page).content.decode()
    assert declare not in office.get(f"/rollouts/{rollout.key}/").content.decode()
    typed = {"persons_studied-numerator": "1", "persons_studied-denominator": "2", "on": f"{TODAY:%d/%m/%Y}"}
    assert office.post(declare, typed).headers["Location"] == page


def test_opening_shows_who_would_owe_what_and_then_opens(office: Client, ward: Ward) -> None:
    directive = make_directive(ward.unit)
    page = office.get(f"/rollouts/new/?directive={directive.key}")
    proposed = {name: page.context["form"][name].value() for name in ("opens_on", "paper_deadline")}
    assert proposed["opens_on"] < proposed["paper_deadline"]
    typed = {
        "directives": [str(directive.key)],
        "title": "Triển khai thử",
        "lead": str(Unit.objects.get(pk=ward.unit).key),
        "opens_on": "01/02/2012",
        "paper_deadline": "31/10/2012",
        "cell_study_rule": "own_or_seats",
        "paper_forms": ["handwritten", "spoken"],
        "study_owed_by": ["probationary"],
        "paper_owed_by": ["probationary"],
    }
    asked = office.post("/rollouts/new/", typed)
    assert asked.context["preview"].study == 4
    assert not Rollout.objects.exists()
    early = office.post("/rollouts/new/", {**typed, "paper_deadline": "31/01/2012"})
    assert early.status_code == 422
    assert list(early.context["form"].errors) == ["paper_deadline"]
    assert office.post("/rollouts/new/", {**typed, "confirm": "1"}).status_code == 302
    assert share(Rollout.objects.get(), "papers_submitted", ward.unit) == (0, 4)


def test_a_deadline_before_the_first_day_is_said(office: Client, rollout: Rollout) -> None:
    answer = office.post(f"/rollouts/{rollout.key}/settings/paper/", {"deadline_on": "01/01/2012"})
    assert answer.status_code == 422
    assert office.post(f"/rollouts/{rollout.key}/settings/paper/", {"deadline_on": "30/11/2012"}).status_code == 302
    assert str(Step.objects.get(rollout=rollout, kind=StepKind.PAPER).deadline_on) == "2012-11-30"


def test_a_day_for_all_is_that_of_the_units_left_empty(office: Client, rollout: Rollout, ward: Ward) -> None:
    first, second = (Unit.objects.get(pk=pk) for pk in ward.cells)
    typed = {f"on-{first.key}": "10/02/2012", "rest_on": "13/02/2012"}
    assert office.post(f"/rollouts/{rollout.key}/receipts/", typed).status_code == 302
    days = dict(Receipt.objects.current().values_list("unit", "valid_on"))
    assert {pk: str(day) for pk, day in days.items()} == {
        ward.unit: "2012-02-13",
        first.pk: "2012-02-10",
        second.pk: "2012-02-13",
    }


def test_of_very_many_units_each_page_is_entered_by_itself(
    office: Client, rollout: Rollout, ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trienkhai.rollouts.views.UNITS_AT_ONCE", 2)
    address = f"/rollouts/{rollout.key}/receipts/"
    first, second = (office.get(address, {"page": n}).context["rows"] for n in (1, 2))
    assert (len(first), len(second)) == (2, len(ward.cells) - 1)
    saved = office.post(address, {"rest_on": "13/02/2012"})
    assert (saved.status_code, saved["Location"]) == (302, f"{address}?page=2")
    named = {row.key for row, *_fields in first}
    assert {str(key) for key in Receipt.objects.current().values_list("unit__key", flat=True)} == named
    saved = office.post(f"{address}?page=2", {"rest_on": "14/02/2012"})
    assert "page" not in saved["Location"]
    assert Receipt.objects.current().count() == 1 + len(ward.cells)


def test_two_browsers_with_the_receipts_open(office: Client, rollout: Rollout, ward: Ward) -> None:
    """What one corrected is not undone by the other's form; where both changed one unit, the second is told."""
    first, second = (Unit.objects.get(pk=pk).key for pk in ward.cells)
    url = f"/rollouts/{rollout.key}/receipts/"

    def days() -> dict[int, str]:
        return {pk: f"{day:%d/%m}" for pk, day in Receipt.objects.current().values_list("unit", "valid_on")}

    office.post(url, {f"on-{first}": "10/02/2012"})
    office.post(url, {f"on-{first}": "11/02/2012", f"was-{first}": "10/02/2012"})  # one browser corrects
    beside = {f"on-{first}": "10/02/2012", f"was-{first}": "10/02/2012", f"on-{second}": "12/02/2012"}
    assert office.post(url, beside).status_code == 302
    assert days() == {ward.cells[0]: "11/02", ward.cells[1]: "12/02"}
    late = {f"on-{first}": "15/02/2012", f"was-{first}": "10/02/2012"}
    answer = office.post(url, late)
    assert answer.status_code == 422
    assert "11/02/2012" in answer.context["form"].errors[f"on-{first}"][0]
    assert days()[ward.cells[0]] == "11/02"
    again = {**late, f"was-{first}": answer.context["form"][f"was-{first}"].value()}
    assert office.post(url, again).status_code == 302
    assert days()[ward.cells[0]] == "15/02"
