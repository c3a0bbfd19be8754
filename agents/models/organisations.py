"""Who takes part: postal operators and their outlets, public administration service centres."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from shared.ids import uuid7


class OperatorClass(models.TextChoices):
    PUBLIC_POST = "public_post", _("public postal operator")
    OTHER_POST = "other_post", _("other postal operator")
    OTHER = "other", _("other enterprise")


class Operator(models.Model):
    """A company whose outlets act as agents. Only one is the designated public operator (Postal Law 49/2010/QH12)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=12, unique=True)
    """Short and spoken: "VNPOST", "VTPOST"."""
    name = models.CharField(max_length=120)
    operator_class = models.CharField(max_length=12, choices=OperatorClass)
    carrier_code = models.CharField(max_length=12)
    """The carrier whose parcels its outlets book, e.g. "vnpost"."""
    hotline = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name


class Task(models.TextChoices):
    """What an agreement delegates to an outlet (Decree 118/2025/NĐ-CP: guiding, receiving, digitising, returning)."""

    ADVISE = "advise", _("advise and book")
    FILE_ONLINE = "file_online", _("help to file online")
    FORWARD_PAPER = "forward_paper", _("take in and forward paper dossiers")
    HAND_OVER_RESULT = "hand_over_result", _("hand over results")
    COLLECT_FEE = "collect_fee", _("collect fees")
    TRAIN = "train", _("train citizens")


class OutletStatus(models.TextChoices):
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    CLOSED = "closed", _("closed")


class Phase(models.TextChoices):
    PILOT = "pilot", _("pilot")
    EXTENDED = "extended", _("extended pilot")
    CITY_WIDE = "city_wide", _("city-wide")


class Outlet(models.Model):
    """A post office or other place where an operator's clerks help citizens: the support point of a dossier."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="outlets")
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=120)
    commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=20, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    status = models.CharField(max_length=10, choices=OutletStatus, default=OutletStatus.ACTIVE)
    phase = models.CharField(max_length=10, choices=Phase, default=Phase.PILOT)
    tasks = ArrayField(models.CharField(max_length=20, choices=Task))
    """Delegated tasks under the operator's agreement."""
    agreement_from = models.DateField()
    agreement_until = models.DateField(null=True)
    """Half-open; null: until further notice."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=OutletStatus.values), name="outlet_status_known"),
            models.CheckConstraint(
                condition=Q(latitude__range=(8, 24)) & Q(longitude__range=(102, 115)), name="outlet_in_vietnam"
            ),
        ]
        indexes = [models.Index(fields=["commune", "status"], name="outlet_by_commune")]
        # The KNN index on ll_to_earth(latitude, longitude) is made by hand in the migration.

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """One span of one weekday; an outlet that closes at noon has two rows a day."""

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField()
    """0 Monday … 6 Sunday."""
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_weekday_known"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="opening_closes_after_it_opens"),
            models.UniqueConstraint(fields=["outlet", "weekday", "opens"], name="opening_span_once"),
        ]


class CentreLevel(models.TextChoices):
    COMMUNE = "commune", _("commune")
    PROVINCE = "province", _("province")


class Centre(models.Model):
    """A public administration service centre (trung tâm PVHCC): it receives, and its authority decides."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency_code = models.CharField(max_length=20, unique=True)
    """Begins the dossier codes issued here, e.g. "H57.31"."""
    name = models.CharField(max_length=160)
    authority_name = models.CharField(max_length=160)
    """The body that decides, e.g. "UBND phường Phong Dinh"."""
    level = models.CharField(max_length=8, choices=CentreLevel)
    province = models.ForeignKey("shared.Province", on_delete=models.PROTECT, related_name="+")
    commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    open_from = models.DateField()
    open_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level="province") | Q(commune__isnull=False), name="centre_has_commune"),
            models.UniqueConstraint(
                fields=["commune"], condition=Q(level="commune", open_until=None), name="centre_one_per_commune"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LlToEarth(Func):
    """PostgreSQL's earthdistance point of a latitude and a longitude."""

    function = "ll_to_earth"
    arity = 2
