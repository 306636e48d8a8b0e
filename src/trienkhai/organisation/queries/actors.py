"""Who a signed-in user is."""

from datetime import date

from django.contrib.auth.models import AnonymousUser

from trienkhai.accounts.models import User
from trienkhai.organisation.models import Delegation, Membership, Post, SignIn, held_on
from trienkhai.organisation.rules import ANONYMOUS, SECRETARIES, Actor, Grant, Role


def actor_for(user: User | AnonymousUser, *, on: date) -> Actor:
    """Who a signed-in user is on a day: secretaries by post, members by membership, offices by delegation."""
    if not isinstance(user, User) or not user.is_active:
        return ANONYMOUS
    grants = {
        Grant(Role(role), unit)
        for role, unit in Delegation.objects.filter(held_on(on), user=user).values_list("role", "unit_id")
    }
    person_id = SignIn.objects.filter(user=user).values_list("person_id", flat=True).first()
    if person_id is not None:
        posts = Post.objects.current().filter(held_on(on), person_id=person_id, kind__in=SECRETARIES)
        grants |= {Grant(Role.SECRETARY, unit) for unit in posts.values_list("unit_id", flat=True)}
        memberships = Membership.objects.current().filter(held_on(on), person_id=person_id)
        grants |= {Grant(Role.MEMBER, unit) for unit in memberships.values_list("unit_id", flat=True)}
    ordered = tuple(sorted(grants, key=lambda grant: (grant.role, grant.unit_id)))
    return Actor(key=user.key, person_id=person_id, grants=ordered, is_installer=user.is_superuser)
