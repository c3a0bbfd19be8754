"""Who may read of parcels at all; which ones is a matter of scope."""

from typing import Final

from shared.roles import PROGRAMME_ROLES, Role

PARCEL_READERS: Final = frozenset(Role) - PROGRAMME_ROLES
"""Who chooses outlets or watches over the network works with counts; names and addresses are not for them."""
