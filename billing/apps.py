from django.apps import AppConfig
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
                           url_name="billing:month")
        for role in (Role.FINANCE_REVIEWER, Role.FINANCE_APPROVER, Role.AUDITOR):
            shell.register(role=role, order=40, label=pgettext_lazy("finance", "Rules"), icon="book-open",
                           url_name="billing:rules")
        shell.register(role=Role.OPERATOR_HQ, order=30, label=pgettext_lazy("finance", "Statement"), icon="banknote",
                       url_name="billing:month")
