"""What every page carries to cover itself: after a while without a touch, or when the session is somebody else's."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from agents.models.people import StaffAccount
from agents.switching.known import here_mark
from shared.roles import CENTRE_ROLES, OUTLET_ROLES


@dataclass(frozen=True, slots=True)
class Cover:
    """`minutes` without a touch cover the page; 0: never by itself."""

    account_id: str
    name: str
    mark: str
    minutes: int


def cover_of(request: HttpRequest) -> Cover | None:
    account = request.user
    if not isinstance(account, StaffAccount):
        return None
    shares = account.role in OUTLET_ROLES | CENTRE_ROLES
    return Cover(str(account.pk), account.display_name, here_mark(str(account.pk), is_locked=False),
                 settings.WARDPOST_IDLE_LOCK_MINUTES if shares else 0)
