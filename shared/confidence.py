"""How sure we are of a rule. Screens show `assumed` as such."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Confidence(models.TextChoices):
    VERIFIED = "verified", _("verified")
    KNOWN = "known", _("known, not checked at the source")
    ASSUMED = "assumed", _("assumed")
