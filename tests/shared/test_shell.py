"""The frame: places of the role, counts, where one is."""

from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.test import RequestFactory

from shared import shell
from shared.models.places import Province
from shared.roles import Role
from shared.tally import tally
from shared.views import style_guide


@dataclass
class Clerk:
    role: str = "outlet_clerk"
    display_name: str = "Nguyễn Thị Hạnh"
    place_name: str = "Bưu cục Phú Xuân"
    place_code: str = "HUE-014"
    is_authenticated: bool = True

    def get_role_display(self) -> str:
        return "giao dịch viên"


@pytest.fixture(autouse=True)
def empty_rail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "_entries", {role: {} for role in Role.values})


def frame(path: str = "/", user: Any = None) -> shell.Shell:
    request = RequestFactory().get(path)
    cast("Any", request).user = user or Clerk()
    return shell.build_shell(request)


def test_a_role_sees_its_own_places_in_order_with_their_counts() -> None:
    shell.register(role="outlet_clerk", order=20, label="Ready", icon="check", url_name="ready", count=lambda _: 3)
    shell.register(role="outlet_clerk", order=10, label="Alive", icon="store", url_name="alive")
    shell.register(role="auditor", order=10, label="Chain", icon="link", url_name="metrics")
    assert [(place.label, place.count) for place in frame().places] == [("Alive", 0), ("Ready", 3)]


def test_the_place_one_is_in_is_the_deepest_that_fits() -> None:
    shell.register(role="outlet_clerk", order=1, label="Ready", icon="check", url_name="ready")
    shell.register(role="outlet_clerk", order=2, label="Web", icon="check", url_name="ready-to-serve")
    assert [place.is_here for place in frame("/readyz/web").places] == [False, True]
    assert [place.is_here for place in frame("/elsewhere").places] == [False, False]


def test_a_page_elsewhere_may_belong_to_a_place() -> None:
    shell.register(role="outlet_clerk", order=1, label="Alive", icon="check", url_name="alive",
                   also=("ready", "no:such-page"))
    shell.register(role="outlet_clerk", order=2, label="Web", icon="check", url_name="ready-to-serve")
    assert [place.is_here for place in frame("/readyz").places] == [True, False]
    assert [place.is_here for place in frame("/readyz/web").places] == [False, True]
    assert [place.is_here for place in frame("/elsewhere").places] == [False, False]


def test_a_place_whose_address_does_not_exist_is_left_out() -> None:
    shell.register(role="outlet_clerk", order=1, label="Nowhere", icon="check", url_name="no:such-page")
    assert frame().places == ()


def test_registering_a_place_twice_shows_it_once() -> None:
    for label in ("Old", "New"):
        shell.register(role="outlet_clerk", order=1, label=label, icon="check", url_name="alive")
    assert [place.label for place in frame().places] == ["New"]


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(ValueError, match="postmaster"):
        shell.register(role="postmaster", order=1, label="x", icon="check", url_name="alive")


def test_the_frame_names_the_person_and_the_place() -> None:
    shown = frame()
    assert (shown.person_name, shown.initials, shown.place_code, shown.person_role) == (
        "Nguyễn Thị Hạnh", "NH", "HUE-014", "giao dịch viên")


def test_nobody_signed_in_means_no_places_and_no_names() -> None:
    shell.register(role="outlet_clerk", order=1, label="x", icon="check", url_name="alive")
    shown = frame(user=Clerk(is_authenticated=False))
    assert (shown.is_signed_in, shown.places, shown.person_name, shown.place_name) == (False, (), "", "")


def test_large_print_comes_from_the_cookie() -> None:
    request = RequestFactory().get("/")
    request.COOKIES[shell.LARGE_PRINT_COOKIE] = "1"
    assert shell.build_shell(request).is_large_print


def test_the_style_guide_is_for_people_at_work_only() -> None:
    request = RequestFactory().get("/styleguide/")
    cast("Any", request).user = AnonymousUser()
    with pytest.raises(Http404):
        style_guide(request)
    cast("Any", request).user = Clerk()
    page = style_guide(request).content.decode()
    assert "Bưu cục Phú Xuân" in page
    assert "style=" not in page


def _always(waiting: Any, _actor: Any) -> Any:
    return waiting


@pytest.mark.django_db
def test_what_waits_at_all_places_is_counted_in_one_statement(django_assert_num_queries: Any) -> None:
    Province.objects.bulk_create([Province(code=code, name=code, kind="city", region="north") for code in ("01", "46")])
    every = Province.objects.order_by("name")
    rows = {"ready": (every, every.filter(code="01")), "alive": (every.none(), every[:1]), "metrics": ()}
    for order, (name, waiting) in enumerate(rows.items()):
        shell.register(role="outlet_clerk", order=order, label=name, icon="check", url_name=name,
                       count=partial(_always, waiting))
    shell.register(role="outlet_clerk", order=9, label="web", icon="check", url_name="ready-to-serve",
                   count=lambda _: 7)

    with django_assert_num_queries(1):
        counts = {place.label: place.count for place in frame().places}

    assert counts == {"ready": 3, "alive": 1, "metrics": 0, "web": 7}


def test_without_anything_to_count_nothing_is_asked() -> None:
    assert tally([]) == []
