"""The roles people hold. One person holds one role in one organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OUTLET_CLERK = "outlet_clerk", _("outlet clerk")
    OUTLET_MANAGER = "outlet_manager", _("outlet manager")
    OPERATOR_HQ = "operator_hq", _("operator headquarters")
    CENTRE_OFFICER = "centre_officer", _("centre officer")
    CENTRE_MANAGER = "centre_manager", _("centre manager")
    FINANCE_REVIEWER = "finance_reviewer", _("finance reviewer")
    FINANCE_APPROVER = "finance_approver", _("finance approver")
    PROGRAMME_OFFICER = "programme_officer", _("programme officer")
    """Of the city's centre: chooses, authorises and evaluates outlets; runs the programme's phases."""
    OPERATIONS_OFFICER = "operations_officer", _("operations room officer")
    """On duty in the city's operations room: incidents, the two briefs of a day, announcements, the handbook."""
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


OUTLET_ROLES = frozenset({Role.OUTLET_CLERK, Role.OUTLET_MANAGER})
CENTRE_ROLES = frozenset({Role.CENTRE_OFFICER, Role.CENTRE_MANAGER})
FINANCE_ROLES = frozenset({Role.FINANCE_REVIEWER, Role.FINANCE_APPROVER})
PROGRAMME_ROLES = frozenset({Role.PROGRAMME_OFFICER, Role.OPERATIONS_OFFICER})
"""Finance, the programme, auditors and administrators see one province (city), named by its two-digit code."""
