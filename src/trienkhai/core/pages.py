"""What views use to make pages: navigation, forms that answer 422, texts for stable codes, pagination, parts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trienkhai.core.decisions import Decision, DomainError, Invalid

Text = str | Promise
PER_PAGE = 50

# --- What apps register when they are ready ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """One main place, as an app registers it."""

    code: str
    label: Text
    url_name: str
    order: int
    visible: Callable[[HttpRequest], bool]


NAVIGATION: dict[str, Place] = {}
_texts: dict[str, Text] = {}
_statuses: dict[str, int] = {}
_site: dict[str, Callable[[HttpRequest], str]] = {}


def is_signed_in(request: HttpRequest) -> bool:
    """Whether somebody has signed in: the usual condition for a main place."""
    user = getattr(request, "user", None)
    return bool(user is not None and user.is_authenticated)


def register_navigation(
    code: str,
    label: Text,
    url_name: str,
    *,
    order: int,
    visible: Callable[[HttpRequest], bool] = is_signed_in,
) -> None:
    """Put a place into the main navigation. ``url_name`` takes no arguments; pages below its address are inside."""
    NAVIGATION[code] = Place(code, label, url_name, order, visible)


def register_texts(texts: Mapping[str, Text]) -> None:
    """Say in words what stable codes mean. ``%(name)s`` is filled from the error's params."""
    _texts.update({str(code): text for code, text in texts.items()})


def register_statuses(statuses: Mapping[str, int]) -> None:
    """Give codes their own HTTP status when they escape a view: 404 for what is not visible, 503 for what passes."""
    _statuses.update({str(code): status for code, status in statuses.items()})


def register_site(
    *,
    place: Callable[[HttpRequest], str] | None = None,
    banner: Callable[[HttpRequest], str] | None = None,
    person: Callable[[HttpRequest], str] | None = None,
) -> None:
    """Say whose installation this is, what stands above every page, and how the one signed in is addressed."""
    given = {"place": place, "banner": banner, "person": person}
    _site.update({name: function for name, function in given.items() if function is not None})


type Panel = Callable[[HttpRequest, Any], str]
_panels: dict[str, dict[str, tuple[int, Panel]]] = {}


def register_panel(slot: str, code: str, panel: Panel, *, order: int = 50) -> None:
    """Put a part of a page into a slot that an app below offers; the slot says what the subject is.

    ``panel`` gets the request and the subject and gives safe markup beginning with its own ``<section>``, or nothing.
    """
    _panels.setdefault(slot, {})[code] = (order, panel)


def panels(slot: str, request: HttpRequest, subject: Any) -> list[str]:
    """What the apps above show in the slot, in order; empty parts are left out."""
    placed = sorted((order, code, panel) for code, (order, panel) in _panels.get(slot, {}).items())
    return [part for _order, _code, panel in placed if (part := panel(request, subject))]


def site_place(request: HttpRequest) -> str:
    """Whose installation this is; empty when nobody has said so."""
    return _site["place"](request) if "place" in _site else ""


def site_banner(request: HttpRequest) -> str:
    """What stands above every page; usually empty."""
    return _site["banner"](request) if "banner" in _site else ""


def site_person(request: HttpRequest) -> str:
    """How the one signed in is addressed; the user name when nobody has said so."""
    if not is_signed_in(request):
        return ""
    return (_site["person"](request) if "person" in _site else "") or str(request.user)


@dataclass(frozen=True)
class Link:
    """A place as one reader sees it."""

    label: Text
    url: str
    is_current: bool = False
    count: int | None = None


def navigation_for(request: HttpRequest) -> list[Link]:
    """The main places this reader may go to, in order; the longest address that fits is the current one."""
    places = sorted((p for p in NAVIGATION.values() if p.visible(request)), key=lambda p: (p.order, p.code))
    urls = [reverse(place.url_name) for place in places]
    inside = [url for url in urls if request.path == url or (url != "/" and request.path.startswith(url))]
    current = max(inside, key=len, default="")
    return [Link(place.label, url, url == current) for place, url in zip(places, urls, strict=True)]


# --- Texts for codes --------------------------------------------------------------------------------------------------


def explain(error: DomainError | Decision) -> str:
    """What a refusal or fault means, in the reader's language; a sentence naming the code when nobody has said."""
    if isinstance(error, Decision):
        return _worded(str(error.reason), {}) if error.reason is not None else ""
    return _worded(error.code, error.params)


def _worded(code: str, params: Mapping[str, object]) -> str:
    text = _texts.get(code)
    if text is None:
        return gettext("This cannot be done (%(code)s).") % {"code": code}
    shown = {name: _grouped(value) if isinstance(value, int) else value for name, value in params.items()}
    return str(text) % shown if shown else str(text)


def _grouped(value: int) -> str:
    return str(number_format(value, use_l10n=True, force_grouping=True))


def status_of(error: DomainError) -> int:
    """The HTTP status of an error that escaped its view."""
    default = HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(error, Invalid) else HTTPStatus.FORBIDDEN
    return _statuses.get(error.code, default)


# --- Forms ------------------------------------------------------------------------------------------------------------


def render_form(request: HttpRequest, template: str, context: Mapping[str, Any], form: BaseForm) -> HttpResponse:
    """The page with its form: 200 when fresh, 422 when it came back with faults. ``form`` is in the context."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, template, {**context, "form": form}, status=status)


def form_error(form: BaseForm, error: DomainError) -> None:
    """Show a refusal or fault on the form: at the field it names, else above the form."""
    on = error.on if isinstance(error, Invalid) and error.on in form.fields else None
    form.add_error(on, explain(error))


def render_part(
    request: HttpRequest,
    template: str,
    part: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Only ``{% partialdef part %}`` of the page when htmx asks for a part, else the whole page."""
    htmx = getattr(request, "htmx", None)
    name = f"{template}#{part}" if htmx and not htmx.boosted and not htmx.history_restore_request else template
    response = render(request, name, dict(context or {}), status=status)
    response.headers["Vary"] = ", ".join(filter(None, [response.headers.get("Vary", ""), "HX-Request"]))
    return response


# --- What was asked for ---


_MOST_DIGITS = 18


def whole_number(text: str, default: int = 0) -> int:
    """The number, when it is one that a database can hold; anything else is ``default``."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else default


# --- Pagination -------------------------------------------------------------------------------------------------------


_LAST_PAGE = 1_000_000
"""No list is longer: what lies further does not reach the database."""


@dataclass(frozen=True)
class Page[T]:
    """One page of a list. ``total`` is ``None`` when the list was not counted."""

    items: Sequence[T]
    number: int
    last: int | None
    total: int | None
    has_next: bool
    query: str

    def __iter__(self) -> Any:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def previous_url(self) -> str:
        """The address of the page before, or empty."""
        return f"?{self.query}page={self.number - 1}" if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        """The address of the page after, or empty."""
        return f"?{self.query}page={self.number + 1}" if self.has_next else ""


def paginate[T](
    request: HttpRequest,
    items: QuerySet[Any, T] | Sequence[T],
    *,
    per_page: int = PER_PAGE,
    counted: bool = True,
) -> Page[T]:
    """The page named by ``?page=``, or the nearest. ``counted=False`` spares the count of long lists."""
    others = request.GET.copy()
    others.pop("page", None)
    query = f"{others.urlencode()}&" if others else ""
    number = min(max(1, whole_number(request.GET.get("page", ""))), _LAST_PAGE)
    if counted:
        pages = Paginator(items, per_page)
        page = pages.page(min(number, pages.num_pages))
        return Page(list(page.object_list), page.number, pages.num_pages, pages.count, page.has_next(), query)
    start = (number - 1) * per_page
    found = list(items[start : start + per_page + 1])
    return Page(found[:per_page], number, None, None, len(found) > per_page, query)


# --- Values some tags of the kit take ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One step of a roll-out for ``{% steps %}``. ``state``: done, running, late, not_due or none.

    ``url`` is where the step is worked on, ``share_url`` what stands behind its share.
    """

    title: Text
    state: str
    numerator: int | None = None
    denominator: int | None = None
    deadline: date | None = None
    url: str = ""
    share_url: str = ""
    is_current: bool = False


register_texts(
    {
        "not_visible": _("This page does not exist, or you may not see it."),
        "clock_set_back": _(
            "This machine’s clock stands earlier than the last record. Nothing was saved. "
            "Set the clock right and try again."
        ),
    }
)
register_statuses({"not_visible": HTTPStatus.NOT_FOUND, "clock_set_back": HTTPStatus.SERVICE_UNAVAILABLE})
