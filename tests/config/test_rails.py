"""How full the rails are, once every app has put its places there."""

import pytest

from shared import shell
from shared.roles import Role

MOST_PLACES = 6


@pytest.mark.parametrize("role", Role.values)
def test_a_role_has_at_most_six_places(role):
    places = sorted(entry.url_name for entry in shell._entries[role].values())
    assert 1 <= len(places) <= MOST_PLACES, places
