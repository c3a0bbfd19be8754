from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shared import shell
from shared.roles import CENTRE_ROLES, Role


class DeliveryConfig(AppConfig):
    name = "delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the parcels into the rails of those who carry and receive them; an outlet's lie under its hand-over."""
        for role in sorted(CENTRE_ROLES | {Role.OPERATOR_HQ, Role.AUDITOR, Role.ADMINISTRATOR}):
            shell.register(role=role, order=40, label=_("Parcels"), icon="package", url_name="delivery:parcels",
                           also=("delivery:rounds",))
