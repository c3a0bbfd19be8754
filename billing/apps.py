from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared import shell
from shared.roles import Role

FINANCE_READERS = (Role.FINANCE_REVIEWER, Role.FINANCE_APPROVER, Role.AUDITOR)


class BillingConfig(AppConfig):
    name = "billing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the finance month into the rails of those who read it."""
        for role in FINANCE_READERS:
            shell.register(role=role, order=10, label=pgettext_lazy("finance", "Month"), icon="banknote",
                           url_name="billing:month", also=("billing:payouts", "billing:support"))
        shell.register(role=Role.AUDITOR, order=12, label=pgettext_lazy("finance", "Books"), icon="lock-keyhole",
                       url_name="billing:books")
        for role in (Role.FINANCE_REVIEWER, Role.FINANCE_APPROVER, Role.OPERATOR_HQ):
            shell.register(role=role, order=32 if role == Role.OPERATOR_HQ else 12, label=pgettext_lazy(
                "finance", "Claims"), icon="badge-check", url_name="billing:claims")
        for role in (Role.FINANCE_REVIEWER, Role.FINANCE_APPROVER, Role.AUDITOR):
            if role != Role.AUDITOR:  # hers is the link on the month
                shell.register(role=role, order=40, label=pgettext_lazy("finance", "Rules"), icon="book-open",
                               url_name="billing:rules")
            shell.register(role=role, order=14, label=_("Disputes"), icon="scale", url_name="billing:disputes",
                           count=_open_disputes, also=("billing:known-errors", "billing:take-backs"))
        shell.register(role=Role.OUTLET_MANAGER, order=40, label=_("Money"), icon="banknote", url_name="billing:money",
                       count=_unread_errors, also=("billing:disputes", "billing:known-errors", "billing:take-backs",
                                                   "billing:payouts", "billing:support"))
        shell.register(role=Role.OPERATOR_HQ, order=30, label=pgettext_lazy("finance", "Statement"), icon="banknote",
                       url_name="billing:month", also=("billing:disputes", "billing:known-errors", "billing:take-backs",
                                                       "billing:payouts", "billing:collecting", "billing:cards",
                                                       "billing:money-days", "billing:support"))


def _open_disputes(request: HttpRequest) -> int:
    from billing.take_backs.queries import open_cases  # models are not ready when this module is read

    actor = getattr(request, "actor", None)
    return open_cases(actor) if actor is not None else 0


def _unread_errors(request: HttpRequest) -> int:
    from billing.known_errors.queries import unread_of  # models are not ready when this module is read

    actor = getattr(request, "actor", None)
    return unread_of(actor) if actor is not None else 0
