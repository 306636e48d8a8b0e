"""The desk: groups, themes, what was done with them; looking for comments that say the same."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from trienkhai.comments import jobs, policies
from trienkhai.comments.actions import grouping
from trienkhai.comments.forms.desk import DeskFilterForm, TitleForm
from trienkhai.comments.models import Disposition, Group, GroupingRun, Theme
from trienkhai.comments.queries import desk as queries
from trienkhai.comments.queries.desk import After, Filters, GroupRow
from trienkhai.comments.queries.outcomes import outcomes_at, outcomes_of
from trienkhai.comments.queries.places import Desk, desk_called
from trienkhai.comments.rules.grouping import DeskError, Outcome
from trienkhai.comments.texts import (
    ABOUT_NAMES,
    CHANNEL_NAMES,
    DISPOSITION_NAMES,
    OUTCOME_NAMES,
    PROMISE_NAMES,
    REGROUPING_NAMES,
)
from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, Invalid
from trienkhai.core.pages import Text
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.requests import ActorRequest, signed_in

POINTS_A_PAGE = 50
LONGEST_WORDS = 220
LONGEST_SUBJECT = 90
MOST_OTHERS = 40


def desk_in(request: ActorRequest, key: UUID) -> Desk:
    """The desk, if the actor works there."""
    found = desk_called(request.actor, key, at=today())
    if found is None:
        raise Http404
    return found


def about_desk(desk: Desk) -> dict[str, object]:
    """What every page of a desk says of it."""
    return {"desk": desk, "call": desk.call, "unit_name": name_of(desk.book, today())}


@signed_in
def desk(request: ActorRequest, key: UUID) -> HttpResponse:
    """Groups, the largest first; tick some to merge them or to answer them together."""
    found = desk_in(request, key)
    if request.method == "POST":
        return _with_ticked(request, found)
    return _list(request, found)


def _list(request: ActorRequest, desk: Desk, *, status: int = HTTPStatus.OK) -> HttpResponse:
    if request.htmx.target == "run":
        return pages.render_part(request, "comments/desk.html", "run", {**about_desk(desk), **_search(desk)})
    form = DeskFilterForm(request.GET)
    asked_for = form.filters()
    page = queries.desk_page(desk, asked_for, after=_after(request), on=today())
    asked = request.GET.copy()
    asked.pop("after", None)
    context = {
        **about_desk(desk),
        **_search(desk),
        "form": form,
        "rows": [_shown(row) for row in page.rows],
        "first_url": f"?{asked.urlencode()}" if "after" in request.GET else "",
        "next_url": _next(asked, page.after),
        "numbers": queries.numbers_of(desk, on=today()),
        "outcomes": outcomes_at(desk),
        "is_stuck": asked_for.is_stuck,
        "theme": desk.themes().filter(key=asked_for.theme).first() if asked_for.theme else None,
    }
    return render(request, "comments/desk.html", context, status=status)


def _search(desk: Desk) -> dict[str, object]:
    """How the last search for those that say the same goes, or went."""
    run = queries.last_run(desk)
    return {
        "run": run,
        "run_share": run.done // 10 if run else 0,
        "run_error": pages.explain(Invalid(run.error)) if run and run.error else "",
        "is_running": queries.is_running(run, at=now()),
    }


def _shown(row: GroupRow) -> tuple[GroupRow, Text, Text, str, str]:
    """A row with its words, as long as a list can take them."""
    kind = DISPOSITION_NAMES[row.kind] if row.kind else ""
    return row, ABOUT_NAMES[row.about], kind, cut(row.words, LONGEST_WORDS), cut(row.subject, LONGEST_SUBJECT)


def cut(text: str, most: int) -> str:
    """The text, or its beginning."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _after(request: ActorRequest) -> After | None:
    size, _dot, group = request.GET.get("after", "").partition(".")
    if not (size.isascii() and size.isdecimal() and group.isascii() and group.isdecimal()):
        return None
    return After(int(size[:9]), int(group[:18]))


def _next(asked: QueryDict, after: After | None) -> str:
    if after is None:
        return ""
    asked["after"] = f"{after.size}.{after.group}"
    return f"?{asked.urlencode()}"


def _with_ticked(request: ActorRequest, desk: Desk) -> HttpResponse:
    """Merge the ticked groups into the largest, or go on to answer them."""
    keys = keys_of(request.POST.getlist("group"))
    if request.POST.get("do") == "answer" and keys:
        asked = urlencode([("group", str(key)) for key in keys])
        return redirect(f"{request.path}answer/?{asked}")
    ids = queries.ids_of(desk, keys)
    groups = list(desk.groups().filter(pk__in=ids).order_by("-is_answered", "-size", "pk"))

    def act() -> None:
        into = groups[0].pk if len(groups) > 1 else 0
        if not into:
            raise Invalid(DeskError.NOTHING_CHOSEN)
        grouping.merge(desk=desk, groups=ids, into=into, actor=request.actor, at=today())

    return done(request, act, _("Merged. It can be undone under “What was done”."), request.get_full_path())


def keys_of(typed: Sequence[str]) -> list[UUID]:
    """The keys among what was sent, each once."""
    found: dict[UUID, None] = {}
    for text in typed:
        try:
            found[UUID(text)] = None
        except ValueError:
            continue
    return list(found)


def done(request: ActorRequest, act: Callable[[], object], said: str, url: str) -> HttpResponse:
    """Act, and go back; what stood in the way is said above the page."""
    try:
        act()
    except DomainError as error:
        messages.error(request, pages.explain(error))
    else:
        messages.success(request, said)
    return redirect(url)


@signed_in
@require_POST
def look(request: ActorRequest, key: UUID) -> HttpResponse:
    """Look for comments that say the same: few at once, many by the worker."""
    found, at = desk_in(request, key), now()
    last = queries.last_run(found)
    if queries.is_running(last, at=at):
        messages.info(request, pages.explain(Invalid(DeskError.BUSY)))
        return redirect("comments:desk", key=key)
    run = GroupingRun.objects.create(book_id=found.book, call=found.call, asked_at=at)
    if found.points().count() > jobs.FEW:
        jobs.look_for_alike.enqueue(str(run.key), request.user.pk)
        messages.info(request, _("The search has begun. You can leave this page and come back."))
    else:
        jobs.carry_out(run, actor=request.actor)
        _say_found(request, run)
    return redirect("comments:desk", key=key)


def _say_found(request: ActorRequest, run: GroupingRun) -> None:
    run.refresh_from_db()
    if run.error:
        messages.error(request, pages.explain(Invalid(run.error)))
        return
    said = ngettext("%(n)s comment was put with others.", "%(n)s comments were put with others.", run.moved)
    messages.success(request, said % {"n": run.moved})


@signed_in
def group(request: ActorRequest, key: UUID, group: UUID) -> HttpResponse:
    """One group: what was said, verbatim, by whom as far as promised; take points out, put them elsewhere."""
    found = desk_in(request, key)
    row = group_at(found, group)
    is_looking = request.POST.get("do") == "find"
    if request.method == "POST" and not is_looking:
        return _with_points(request, found, row)
    words = request.POST.get("find", "")[:100].strip()
    ticked = set(keys_of(request.POST.getlist("point")))
    page = pages.paginate(request, queries.points_in(row), per_page=POINTS_A_PAGE)
    rows = queries.point_rows(list(page), on=today())
    askable = policies.askable_names(request.actor, [one.point.submission_id for one in rows], at=today())
    (shown,) = queries.rows_of([row], on=today())
    said = row.dispositions.current().select_related("version__plan", "measure").first()
    context = {
        **about_desk(found),
        "group": row,
        "row": shown,
        "about": ABOUT_NAMES[shown.about],
        "kind": DISPOSITION_NAMES[shown.kind] if shown.kind else "",
        "said": said,
        "outcome": _outcome(said),
        "page": page,
        "points": [
            (
                one,
                PROMISE_NAMES[one.promise],
                CHANNEL_NAMES[one.channel],
                one.point.key in ticked,
                one.point.submission_id in askable,
            )
            for one in rows
        ],
        "others": _others(found, row, words),
        "words": words,
        "has_others": found.groups().exclude(pk=row.pk).exists(),
    }
    return render(request, "comments/group.html", context)


def _outcome(said: Disposition | None) -> tuple[Text, bool] | None:
    """What became of the clause an answer names, and whether that is amiss."""
    if said is None or said.version_id is None or said.measure_id is None:
        return None
    clause = (said.version_id, said.measure_id)
    outcome = outcomes_of([clause])[clause]
    return OUTCOME_NAMES[outcome], outcome in {Outcome.UNCHANGED, Outcome.GONE}


def group_at(desk: Desk, key: UUID) -> Group:
    """A group of the desk."""
    return get_object_or_404(desk.groups().select_related("theme", "version__plan__rollout"), key=key)


def _others(desk: Desk, group: Group, words: str) -> list[tuple[UUID, str, int]]:
    """Groups points may be put into: those with the words looked for; else on the same thing first, the largest first.

    Each with the words that represent it and its size.
    """
    if words:
        found = queries.filtered(desk, Filters(words=words)).exclude(pk=group.pk)
        rows = list(found.order_by("-size", "pk")[:MOST_OTHERS])
    else:
        same = desk.groups().filter(about=group.about, version=group.version, measure=group.measure, body=group.body)
        rows = list(same.exclude(pk=group.pk).order_by("-size", "pk")[:MOST_OTHERS])
        if group.theme_id is not None:
            there = [group.pk, *(row.pk for row in rows)]
            rows += list(desk.groups().filter(theme=group.theme_id).exclude(pk__in=there)[:MOST_OTHERS])
    shown = queries.words_of(rows)
    return [(row.key, cut(row.summary or shown.get(row.pk, ""), LONGEST_SUBJECT), row.size) for row in rows]


def _with_points(request: ActorRequest, desk: Desk, group: Group) -> HttpResponse:
    keys = keys_of(request.POST.getlist("point"))
    points = list(queries.points_in(group).filter(key__in=keys).values_list("pk", flat=True))
    here = request.get_full_path()
    if request.POST.get("do") == "move":
        to = desk.groups().filter(key__in=keys_of([request.POST.get("to", "")])).values_list("pk", flat=True).first()

        def put() -> None:
            grouping.move(desk=desk, points=points, to=to or 0, actor=request.actor, at=today())

        return done(request, put, _("Moved. It can be undone under “What was done”."), _still(desk, group, here))

    def part() -> None:
        grouping.split(desk=desk, points=points, actor=request.actor, at=today())

    return done(request, part, _("Split off. It can be undone under “What was done”."), here)


def _still(desk: Desk, group: Group, here: str) -> str:
    """The group's page, unless everything leaves it."""
    return here if group.size > 1 else f"/comments/desk/{desk.key}/"


@signed_in
def steps(request: ActorRequest, key: UUID) -> HttpResponse:
    """What was done with comments, the last first; undo."""
    found = desk_in(request, key)
    if request.method == "POST":
        seq = pages.whole_number(request.POST.get("seq", ""), 0)

        def back() -> None:
            grouping.undo(desk=found, seq=seq, actor=request.actor, at=today())

        return done(request, back, _("Undone."), request.path)
    rows = [(row, REGROUPING_NAMES[row.kind]) for row in queries.steps_of(found)]
    return render(request, "comments/steps.html", {**about_desk(found), "rows": rows})


@signed_in
def themes(request: ActorRequest, key: UUID) -> HttpResponse:
    """Themes: proposed ones are named or dropped."""
    found = desk_in(request, key)
    if request.method == "POST":
        return _with_theme(request, found)
    rows = queries.theme_rows(found.themes())
    page = Paginator(rows, per_page=40).get_page(request.GET.get("page"))
    return render(request, "comments/themes.html", {**about_desk(found), "rows": page, "page": page})


def _with_theme(request: ActorRequest, desk: Desk) -> HttpResponse:
    theme = get_object_or_404(Theme, pk__in=desk.themes(), key__in=keys_of([request.POST.get("theme", "")]))
    form = TitleForm(request.POST)

    def name() -> None:
        title = form.cleaned_data["title"] if form.is_valid() else ""
        grouping.name_theme(desk=desk, theme=theme, title=title, actor=request.actor, at=today())

    def drop() -> None:
        grouping.drop_theme(desk=desk, theme=theme, actor=request.actor, at=today())

    if request.POST.get("do") == "drop":
        return done(request, drop, _("The theme is gone; its comments are where they were."), request.path)
    return done(request, name, _("Named."), request.path)
