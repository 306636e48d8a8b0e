"""What an entry of the intake book can be about, and whose it can be."""

from datetime import date

from trienkhai.comments.queries.subjects import GENERAL, Choice, body_name, measures_of
from trienkhai.comments.rules import About, Subject
from trienkhai.figures.queries import keys_under
from trienkhai.organisation.models import Body, Post, held_on
from trienkhai.organisation.policies import named_units, visible_people
from trienkhai.organisation.rules import Actor
from trienkhai.plans.models import Plan
from trienkhai.plans.queries import versions_in_force
from trienkhai.text import fold


def book_choices(unit: int, actor: Actor, *, on: date) -> list[Choice]:
    """The unit's plans in force with their measures, its bodies, holders of posts in and below it; general first.

    Holders of posts are offered where the actor sees the names of their units.
    """
    found = [Choice(GENERAL, Subject(About.FREE), "")]
    for version in versions_in_force(Plan.objects.filter(unit=unit), on).order_by("pk"):
        found.append(Choice(str(version.key), Subject(About.PLAN, version=version.pk), version.title))
        found.extend(measures_of(version))
    found += [
        Choice(str(body.key), Subject(About.BODY, body=body.pk), body_name(body.pk, on=on))
        for body in Body.objects.filter(unit=unit).order_by("pk")
    ]
    posts = (
        Post.objects.current()
        .filter(held_on(on), unit__in=keys_under(unit, on))
        .filter(unit__in=named_units(actor, at=on))
    )
    people = posts.order_by("person__sort_key", "person").values_list("person", "person__key", "person__full_name")
    found += [
        Choice(str(key), Subject(About.PERSON, person=person), name) for person, key, name in dict.fromkeys(people)
    ]
    return found


def people_called(name: str, actor: Actor, *, on: date) -> list[int]:
    """Persons of exactly that name (marks aside) whom the actor may see."""
    wanted = fold(name)
    if not wanted:
        return []
    return list(visible_people(actor, at=on).filter(folded=wanted).order_by("pk").values_list("pk", flat=True)[:5])
