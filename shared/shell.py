"""The frame around every page: who is at work, where, and the places of her role.

Each app registers its own places from `apps.py ready()`; the shell knows no app.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise, SimpleLazyObject

from shared.formatting import initials
from shared.roles import Role
from shared.tally import tally

type Label = str | Promise
type Waiting = int | tuple[QuerySet[Any], ...]
type Count = Callable[[HttpRequest], Waiting]
type Find = Callable[[HttpRequest], object | None]

LARGE_PRINT_COOKIE: Final = "wp_large"
# The first name that exists wins, so that the account app may come and go.
SIGN_OUT_NAMES: Final = ("agents:logout", "account_logout")
SIGN_IN_NAMES: Final = ("agents:login", "account_login")
HELP_NAMES: Final = ("agents:handbook",)
LOCK_NAMES: Final = ("agents:lock-screen",)


class StaffAtWork(Protocol):
    """What the shell asks of a signed-in account; none of it may query."""

    role: str
    display_name: str
    place_name: str
    place_code: str

    @property
    def is_authenticated(self) -> bool: ...

    def get_role_display(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in a role's rail, as an app registered it."""

    order: int
    label: Label
    icon: str
    url_name: str
    count: Count | None
    key: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One place in the rail, ready to be drawn."""

    url: str
    icon: str
    label: Label
    count: int
    is_here: bool
    key: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A button beside the person's name, on every page: it opens in the drawer and leaves the page as it is."""

    label: Label
    icon: str
    url: str


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything the frame shows; empty strings and no places when nobody is signed in."""

    now: datetime
    is_signed_in: bool
    is_large_print: bool
    place_name: str
    place_code: str
    person_name: str
    person_role: Label
    initials: str
    places: tuple[Place, ...]
    search_url: str
    sign_in_url: str
    sign_out_url: str
    links: tuple[Link, ...]
    """What belongs to the person rather than to her work, behind her name."""
    strip: Strip | None
    """What the clerk is in the middle of, on every page of hers until it is ended."""
    tools: tuple[Tool, ...] = ()
    beat_url: str = ""
    """Where the page says every minute that it is in contact; empty: it need not."""
    help_url: str = ""
    lock_url: str = ""
    """Where the screen is locked, or handed to somebody else."""
    cover: Strip | None = None
    """What lies over the page when its person has gone."""
    banner: Strip | None = None
    """What everybody must read, on top of every page until she has confirmed it."""
    standing: Strip | None = None
    """For whom she stands in, on top of every page while she does."""
    public_links: tuple[Link, ...] = ()
    """What anybody may read, at the foot of citizens' pages."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link behind a person's name."""

    url: str
    icon: str
    label: Label


@dataclass(frozen=True, slots=True)
class Strip:
    """The dark bar over the page: `template` shows `facts`."""

    template: str
    facts: object


_tools: Final[dict[str, tuple[Label, str]]] = {}
_beats: Final[dict[str, str]] = {}
_strips: Final[dict[str, tuple[str, Find]]] = {}
_banners: Final[dict[str, Find]] = {}
_covers: Final[dict[str, Find]] = {}
_standings: Final[dict[str, Find]] = {}
_public: Final[dict[str, tuple[int, str, Label]]] = {}
_entries: Final[dict[str, dict[str, Entry]]] = defaultdict(dict)
_personal: Final[dict[str, dict[str, tuple[str, Label]]]] = defaultdict(dict)


def register(
    *, role: str, order: int, label: Label, icon: str, url_name: str, count: Count | None = None, key: str = "",
    also: tuple[str, ...] = (),
) -> None:
    """Add a place to the rail of `role`; registering the same `url_name` again replaces it.

    `icon` is a name of the sprite, without its `i-`. `count` is asked once per page, and what it gives as rows is
    counted in one statement with all others of the page; zero is not shown. `also` names pages that belong to this
    place although their address lies elsewhere: there too the rail shows where one is.

    Raises:
        ValueError: no such role.
    """
    if role not in Role.values:
        raise ValueError(f"No role is called {role!r}.")
    _entries[role][url_name] = Entry(order, label, icon, url_name, count, key, also)


def register_personal(*, role: str, label: Label, icon: str, url_name: str) -> None:
    """Put a link behind the name of everybody with `role`: what is about herself and is no place of her work.

    Raises:
        ValueError: no such role.
    """
    if role not in Role.values:
        raise ValueError(f"No role is called {role!r}.")
    _personal[role][url_name] = (icon, label)


def register_public(*, order: int, label: Label, icon: str, url_name: str) -> None:
    """Put a link to a page that anybody may read at the foot of every citizens' page."""
    _public[url_name] = (order, icon, label)


def register_tool(*, label: Label, icon: str, url_name: str) -> None:
    """Put a button on every page of everybody who is signed in."""
    _tools[url_name] = (label, icon)


def register_beat(*, role: str, url_name: str) -> None:
    """Let the pages of `role` say every minute that they are in contact.

    Raises:
        ValueError: no such role.
    """
    if role not in Role.values:
        raise ValueError(f"No role is called {role!r}.")
    _beats[role] = url_name


def register_strip(*, role: str, template: str, find: Find) -> None:
    """Let an app put a strip on every page of `role` while `find` finds something to show.

    Raises:
        ValueError: no such role.
    """
    if role not in Role.values:
        raise ValueError(f"No role is called {role!r}.")
    _strips[role] = (template, find)


def register_banner(*, template: str, find: Find) -> None:
    """Let an app put a banner on every page of everybody signed in while `find` finds something to show."""
    _banners[template] = find


def register_cover(*, template: str, find: Find) -> None:
    """Let an app give every page of everybody signed in the means to cover itself."""
    _covers[template] = find


def register_standing(*, template: str, find: Find) -> None:
    """Let an app say on every page for whom its person stands in, while `find` finds somebody."""
    _standings[template] = find


def shell_context(request: HttpRequest) -> dict[str, object]:
    """Give templates `shell`, built only when a template looks at it (fragments do not)."""
    return {"shell": SimpleLazyObject(lambda: build_shell(request))}


def build_shell(request: HttpRequest) -> Shell:
    """Return the frame for the person behind `request`."""
    user = _signed_in(request)
    return Shell(
        now=timezone.localtime(),
        is_signed_in=user is not None,
        is_large_print=request.COOKIES.get(LARGE_PRINT_COOKIE) == "1",
        place_name=user.place_name if user else "",
        place_code=user.place_code if user else "",
        person_name=user.display_name if user else "",
        person_role=_role_label(user) if user else "",
        initials=initials(user.display_name) if user else "",
        places=_places(request, user.role) if user else (),
        search_url=_first_url(("search",)),
        sign_in_url=_first_url(SIGN_IN_NAMES),
        sign_out_url=_first_url(SIGN_OUT_NAMES),
        links=_links(user.role) if user else (),
        strip=_strip(request, user.role) if user else None,
        tools=tuple(Tool(label, icon, _first_url((name,))) for name, (label, icon) in _tools.items()) if user else (),
        beat_url=_first_url((_beats[user.role],)) if user and user.role in _beats else "",
        help_url=_first_url(HELP_NAMES) if user else "",
        lock_url=_first_url(LOCK_NAMES) if user else "",
        cover=_first_found(request, _covers) if user else None,
        banner=_first_found(request, _banners) if user else None,
        standing=_first_found(request, _standings) if user else None,
        public_links=() if user else _public_links(),
    )


def _links(role: str) -> tuple[Link, ...]:
    return tuple(Link(url, icon, label) for name, (icon, label) in _personal[role].items()
                 if (url := _first_url((name,))))


def _public_links() -> tuple[Link, ...]:
    ordered = sorted(_public.items(), key=lambda entry: entry[1][0])
    return tuple(Link(url, icon, label) for name, (_order, icon, label) in ordered if (url := _first_url((name,))))


def _strip(request: HttpRequest, role: str) -> Strip | None:
    if role not in _strips:
        return None
    template, find = _strips[role]
    facts = find(request)
    return Strip(template, facts) if facts is not None else None


def _first_found(request: HttpRequest, registered: dict[str, Find]) -> Strip | None:
    found = ((template, find(request)) for template, find in registered.items())
    return next((Strip(template, facts) for template, facts in found if facts is not None), None)


def _signed_in(request: HttpRequest) -> StaffAtWork | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return cast("StaffAtWork", user)


def _role_label(user: StaffAtWork) -> Label:
    return user.get_role_display() if hasattr(user, "get_role_display") else user.role


def _places(request: HttpRequest, role: str) -> tuple[Place, ...]:
    reachable = [(entry, url) for entry in _sorted(role) if (url := _first_url((entry.url_name,)))]
    owners = {_first_url((name,)): url for entry, url in reachable for name in entry.also}
    owners |= {url: url for _, url in reachable}
    owners.pop("", None)  # an address that does not exist owns nothing
    here = owners.get(_longest_prefix(request.path, owners), "")
    counts = _counts([entry.count(request) if entry.count else 0 for entry, _url in reachable])
    return tuple(
        Place(url, entry.icon, entry.label, count, url == here, entry.key)
        for (entry, url), count in zip(reachable, counts, strict=True)
    )


def _counts(waiting: Sequence[Waiting]) -> list[int]:
    """The number of each place; rows of several places and kinds are counted together."""
    found = iter(tally([rows for each in waiting if not isinstance(each, int) for rows in each]))
    return [each if isinstance(each, int) else sum(next(found) for _rows in each) for each in waiting]


def _sorted(role: str) -> list[Entry]:
    return sorted(_entries[role].values(), key=lambda entry: (entry.order, entry.url_name))


def _longest_prefix(path: str, urls: Iterable[str]) -> str:
    """Return the url that `path` lies under, the deepest one when several do, or ""."""
    return max((url for url in urls if path.startswith(url)), key=len, default="")


def _first_url(names: Iterable[str]) -> str:
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""
