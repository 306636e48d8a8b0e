"""What a call can be about, and who can hold its keys: the choices of whoever opens one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from trienkhai.comments.models import OfficeKeyFile
from trienkhai.comments.queries.subjects import Choice, measures_of
from trienkhai.comments.rules import About, Subject
from trienkhai.figures.queries import keys_under
from trienkhai.organisation.models import Person
from trienkhai.organisation.policies import visible_people
from trienkhai.organisation.queries import unit_rows
from trienkhai.organisation.queries.trees import leaders_of
from trienkhai.organisation.rules import Actor
from trienkhai.plans.models import Plan, PlanVersion
from trienkhai.plans.queries import versions_in_force
from trienkhai.sealed.models import SealedHolder

MOST_MEASURES = 100
"""So many measures of one plan can be asked about one by one."""


@dataclass(frozen=True)
class Offers:
    """By what a form sends: the subject, and its name. ``rollouts``: of a plan or a measure, its roll-out."""

    plans: Mapping[str, tuple[Subject, str]] = field(default_factory=dict)
    measures: Mapping[str, tuple[Subject, str]] = field(default_factory=dict)
    bodies: Mapping[str, tuple[Subject, str]] = field(default_factory=dict)
    persons: Mapping[str, tuple[Subject, str]] = field(default_factory=dict)
    units: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    holders: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, date] = field(default_factory=dict)
    rollouts: Mapping[str, int] = field(default_factory=dict)


def offers_of(unit: int, actor: Actor, *, on: date) -> Offers:
    """What the unit can ask about: its plans in force, its bodies, those who hold its posts; whom; with whose keys."""
    versions = list(versions_in_force(Plan.objects.filter(unit=unit), on).select_related("plan").order_by("pk"))
    measures = _measures(versions)
    bodies, others = leaders_of(unit, on)
    people = [(post, body.name) for body in bodies for post in body.posts] + [(post, "") for post in others]
    ids = dict(Person.objects.filter(key__in=[post.person_key for post, _in in people]).values_list("key", "pk"))
    persons: dict[str, tuple[Subject, str]] = {}
    for post, body_name in people:
        label = f"{post.person} ({body_name})" if body_name else post.person
        persons.setdefault(str(post.person_key), (Subject(About.PERSON, person=ids[post.person_key]), label))
    below = unit_rows(keys_under(unit, on), on)
    ordered = sorted(below.values(), key=lambda row: (row.parent_id is not None, row.id))
    return Offers(
        plans={str(one.key): (Subject(About.PLAN, version=one.pk), one.title) for one in versions},
        measures={choice.key: (choice.subject, f"{choice.title} ({choice.within})") for _version, choice in measures},
        bodies={str(body.key): (Subject(About.BODY, body=body.id), body.name) for body in bodies},
        persons=persons,
        units={row.key: (row.id, row.name) for row in ordered if row.id != unit},
        holders={str(key): name for key, name in holders_for(actor, on=on)},
        files={str(owner): day for owner, day in _files(unit)},
        rollouts={
            **{str(one.key): one.plan.rollout_id for one in versions},
            **{choice.key: version.plan.rollout_id for version, choice in measures},
        },
    )


def _measures(versions: Sequence[PlanVersion]) -> list[tuple[PlanVersion, Choice]]:
    """The measures of plans that are short enough to choose from; of a longer one, the whole is asked about."""
    found = [(version, measures_of(version)) for version in versions]
    return [(version, choice) for version, some in found if len(some) <= MOST_MEASURES for choice in some]


def holders_for(actor: Actor, *, on: date) -> Sequence[tuple[UUID, str]]:
    """People whom the actor sees and who have chosen a passphrase."""
    owners = SealedHolder.objects.filter(ended_on__isnull=True, is_file=False).values("owner")
    people = visible_people(actor, at=on).filter(key__in=owners).order_by("sort_key", "pk")
    return list(people.values_list("key", "full_name"))


def _files(unit: int) -> Sequence[tuple[UUID, date]]:
    return list(OfficeKeyFile.objects.filter(unit=unit).order_by("-made_on", "-pk").values_list("owner", "made_on"))


def holder_names(owners: Sequence[UUID]) -> list[str]:
    """Names of holders, in the order given; empty for a key file."""
    names = dict(Person.objects.filter(key__in=owners).values_list("key", "full_name"))
    return [names.get(owner, "") for owner in owners]
