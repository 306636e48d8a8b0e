"""Plans and their versions: which there is, which is in force, which is drafted."""

from dataclasses import dataclass
from datetime import date

from django.db.models import FETCH_RAISE, Min, OuterRef, QuerySet, Subquery

from trienkhai.plans.models import Adoption, Plan, PlanVersion
from trienkhai.plans.rules import Between, VersionKind, VersionState, in_force_on, state_of
from trienkhai.rollouts.models import Rollout


@dataclass(frozen=True)
class VersionRow:
    """A version as it is listed: its state follows from the day asked about. ``number_printed``: as on the sheet."""

    key: str
    number: int
    title: str
    kind: VersionKind
    state: VersionState
    adopted_on: date | None
    number_printed: str


def plan_of(rollout: Rollout, unit: int) -> Plan | None:
    """The unit's plan in the roll-out, if it has one."""
    return Plan.objects.select_related("rollout").filter(rollout=rollout, unit=unit).first()


def versions_of(plan: Plan) -> QuerySet[PlanVersion]:
    """Its versions, the first one first."""
    return plan.versions.select_related("plan__rollout").order_by("number", "pk")


def draft_of(plan: Plan) -> PlanVersion | None:
    """The version being drafted, if there is one."""
    return versions_of(plan).filter(adopted_on__isnull=True).first()


def in_force(plan: Plan, on: date) -> PlanVersion | None:
    """The version in force on the day; ``None`` before the first was adopted."""
    return versions_of(plan).filter(adopted_on__lte=on).order_by("-number").first()


def last_adopted(plan: Plan) -> PlanVersion | None:
    """The adopted version with the largest number."""
    return versions_of(plan).filter(adopted_on__isnull=False).order_by("-number").first()


def version_rows(plan: Plan, *, on: date, with_draft: bool) -> list[VersionRow]:
    """Every version, the newest first; the draft only for whoever may know of it."""
    versions = list(versions_of(plan).fetch_mode(FETCH_RAISE))
    current = in_force_on([(version.number, version.adopted_on) for version in versions], on)
    numbers = dict(Adoption.objects.current().filter(version__plan=plan).values_list("version", "number"))
    return [
        VersionRow(
            key=str(version.key),
            number=version.number,
            title=version.title,
            kind=VersionKind(version.kind),
            state=state_of(version.number, version.adopted_on, in_force=current),
            adopted_on=version.adopted_on,
            number_printed=numbers.get(version.pk, ""),
        )
        for version in reversed(versions)
        if version.adopted_on is not None or with_draft
    ]


def adoption_of(version: PlanVersion) -> Adoption | None:
    """How the version was adopted, as known now; ``None`` for a draft."""
    return version.adoptions.current().select_related("scan").first()


def before(version: PlanVersion) -> PlanVersion | None:
    """The version it replaces."""
    return versions_of(version.plan).filter(number__lt=version.number).last()


def days_between(version: PlanVersion, *, today: date) -> Between:
    """When the version can have been adopted: between its neighbours, not before the directive, not ahead."""
    days = dict(versions_of(version.plan).values_list("number", "adopted_on"))
    earlier = [day for number, day in days.items() if number < version.number and day is not None]
    later = [day for number, day in days.items() if number > version.number and day is not None]
    return Between(
        today=today,
        earliest=earliest_adoption(version.plan.rollout),
        last_version=max(earlier, default=None),
        next_version=min(later, default=None),
    )


def earliest_adoption(rollout: Rollout) -> date | None:
    """The day the first directive that is carried out was issued: no plan for it is older."""
    links = rollout.directive_links.filter(is_guiding=False)
    found: date | None = links.aggregate(first=Min("directive__issued_on"))["first"]
    return found


def versions_in_force(plans: QuerySet[Plan], on: date) -> QuerySet[PlanVersion]:
    """The version in force on the day of each of these plans that has one."""
    newest = PlanVersion.objects.filter(plan=OuterRef("pk"), adopted_on__lte=on).order_by("-number").values("pk")[:1]
    ids = plans.annotate(version_in_force=Subquery(newest)).values("version_in_force")
    return PlanVersion.objects.filter(pk__in=ids).select_related("plan").order_by("pk")
