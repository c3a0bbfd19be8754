"""Logs people in, and loads an account with everything a page asks about its holder, in one query."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet
from django.utils import timezone

from agents.models.people import StaffAccount


def accounts() -> QuerySet[StaffAccount]:
    """Accounts, each with the place it works at: the actor, the shell and the scopes need no further query."""
    return StaffAccount.objects.select_related(
        "outlet__operator", "outlet__commune__province", "operator", "centre__province", "province")


class StaffBackend(ModelBackend):
    """Django's own, with the place. A shut or ended account is nobody from its very next request on."""

    def user_can_authenticate(self, user: Any) -> bool:
        return isinstance(user, StaffAccount) and user.has_access(timezone.localdate())

    def get_user(self, user_id: Any) -> StaffAccount | None:
        account = accounts().filter(pk=user_id).first()
        return account if account is not None and self.user_can_authenticate(account) else None
