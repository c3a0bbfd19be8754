"""How full the rails are, once every app has put its places there."""

import pytest
from django.urls import reverse

from shared import shell
from shared.roles import Role

MOST_PLACES = 6


@pytest.mark.parametrize("role", Role.values)
def test_a_role_has_at_most_six_places(role):
    places = sorted(entry.url_name for entry in shell._entries[role].values())
    assert 1 <= len(places) <= MOST_PLACES, places


@pytest.mark.parametrize(("role", "path", "place"), [
    (Role.OUTLET_MANAGER, "/chi-tra/", "billing:money"), (Role.OUTLET_MANAGER, "/loi-da-biet/", "billing:money"),
    (Role.OUTLET_MANAGER, "/ho-tro-so/", "billing:money"), (Role.OPERATOR_HQ, "/doi-soat/the/", "billing:month"),
    (Role.OPERATOR_HQ, "/tranh-chap/", "billing:month"), (Role.FINANCE_REVIEWER, "/chi-tra/", "billing:month"),
    (Role.AUDITOR, "/loi-da-biet/", "billing:disputes"), (Role.ADMINISTRATOR, "/cong-nhan/", "agents:outlets"),
    (Role.ADMINISTRATOR, "/dao-tao/nhan-su/", "agents:outlets"), (Role.AUDITOR, "/cong-nhan/", "agents:outlets"),
    (Role.OPERATOR_HQ, "/luu-dong/", "agents:outlets")])
def test_who_follows_a_tab_of_a_place_still_sees_where_she_is(rf, role, path, place):
    request = rf.get(path)
    assert [each.url for each in shell._places(request, role) if each.is_here] == [reverse(place)]
