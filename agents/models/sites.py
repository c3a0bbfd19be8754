"""What is particular to one site: days on which it is closed or open out of turn, and where it moves."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared.ids import uuid7


class SiteDayKind(models.TextChoices):
    CLOSED = "closed", _("closed all day")
    MORNING = "morning", _("open in the morning only")
    AFTERNOON = "afternoon", _("open in the afternoon only")
    EXTRA_MORNING = "extra_morning", _("open on a morning out of turn")
    EXTRA_DAY = "extra_day", _("open all day out of turn")


class SiteDay(models.Model):
    """A day on which a centre or outlet is not open as the calendar says, with the decision it rests on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="site_days")
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, null=True, related_name="site_days")
    date = models.DateField()
    kind = models.CharField(max_length=14, choices=SiteDayKind)
    reason = models.CharField(max_length=200)
    legal_basis = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by_name = models.CharField(max_length=160)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(centre__isnull=False, outlet=None) | Q(centre=None, outlet__isnull=False),
                name="site_day_of_one_site",
            ),
            models.CheckConstraint(condition=~Q(legal_basis=""), name="site_day_has_legal_basis"),
            models.UniqueConstraint(
                fields=["centre", "date"], condition=Q(withdrawn_at=None), name="site_day_once_per_centre"
            ),
            models.UniqueConstraint(
                fields=["outlet", "date"], condition=Q(withdrawn_at=None), name="site_day_once_per_outlet"
            ),
        ]
        indexes = [models.Index(fields=["date"], condition=Q(withdrawn_at=None), name="site_day_by_date")]


class CentreMove(models.Model):
    """From a day on a centre stands elsewhere. Where papers are sent changes; who decides does not."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, related_name="moves")
    effective_from = models.DateField()
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=20, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    legal_basis = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=160)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "effective_from"], name="centre_move_once_a_day"),
            models.CheckConstraint(
                condition=Q(latitude__range=(8, 24)) & Q(longitude__range=(102, 115)), name="centre_move_in_vietnam"
            ),
        ]
