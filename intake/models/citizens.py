"""People we act for. A national ID number is kept encrypted, found by a blind index, shown masked."""

from typing import ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from shared.actors import Actor
from shared.ids import uuid7
from shared.roles import CENTRE_ROLES, OUTLET_ROLES


class BirthPrecision(models.TextChoices):
    DAY = "day", _("day")
    YEAR = "year", _("year only")


class Sex(models.TextChoices):
    FEMALE = "female", _("female")
    MALE = "male", _("male")
    UNSTATED = "", _("not stated")


class CitizenQuerySet(models.QuerySet["Citizen"]):
    def seen_by(self, actor: Actor) -> Self:
        """Citizens whom the actor's place registered, acted for, or has a dossier of; every query starts here."""
        if actor.outlet_id is not None and (not actor.role or actor.role in OUTLET_ROLES):
            sessions = ActingSession.objects.filter(citizen=OuterRef("pk"), outlet_id=actor.outlet_id)
            return self.filter(Q(registered_at_outlet_id=actor.outlet_id) | Exists(sessions))
        if actor.centre_id is not None and (not actor.role or actor.role in CENTRE_ROLES):
            here = Q(dossiers__receiving_centre_id=actor.centre_id) | Q(dossiers__authority_centre_id=actor.centre_id)
            of_centre = Citizen.objects.filter(here).values("pk")
            return self.filter(Q(registered_at_centre_id=actor.centre_id) | Q(pk__in=of_centre))
        return self.none()


class Citizen(models.Model):
    """A person on whose behalf dossiers are filed, registered once by an outlet or a centre."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    full_name = models.CharField(max_length=120)
    search_key = models.CharField(max_length=120)
    national_id_sealed = models.BinaryField(null=True)
    national_id_index = models.BinaryField(max_length=32, null=True)
    """Blind index (shared.crypto), bound to "citizen.national_id"; unique, so that nobody is registered twice."""
    national_id_masked = models.CharField(max_length=16, blank=True)
    birth_date = models.DateField(null=True)
    """1 January when only the year is known."""
    birth_precision = models.CharField(max_length=4, choices=BirthPrecision, default=BirthPrecision.DAY)
    sex = models.CharField(max_length=6, choices=Sex, blank=True)
    phone = models.CharField(max_length=16, blank=True)
    """E.164."""
    email = models.EmailField(blank=True)
    commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, related_name="+")
    """Residence today."""
    former_commune = models.ForeignKey("shared.FormerCommune", on_delete=models.PROTECT, null=True, related_name="+")
    """The commune the card still names, when it was dissolved."""
    street = models.CharField(max_length=200, blank=True)
    """House, hamlet, street, landmark."""
    registered_at_outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, null=True, related_name="+")
    registered_at_centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[CitizenQuerySet] = CitizenQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["national_id_index"], name="citizen_national_id_once"),
            models.CheckConstraint(
                condition=Q(birth_date=None) | Q(birth_date__gte="1880-01-01"), name="citizen_birth_plausible"
            ),
        ]
        indexes = [
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="citizen_search"),
            models.Index(fields=["phone"], name="citizen_phone"),
            models.Index(fields=["birth_date"], name="citizen_birth"),
        ]

    def __str__(self) -> str:
        return f"citizen {self.id}"  # never a name: this ends up in logs


class CitizenRevision(models.Model):
    """What a citizen's entries were before a correction, sealed: nothing that was ever said of a person is lost."""

    append_only = True

    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="revisions")
    version = models.PositiveIntegerField()
    """The version that these entries were."""
    fields = models.JSONField(default=list)
    """Names of the entries that the correction changed."""
    sealed = models.BinaryField()
    """The old entries as JSON, encrypted and bound to "citizen.revision"."""
    replaced_by = models.CharField(max_length=80)
    replaced_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["citizen", "version"], name="citizen_revision_once")]


class SearchTally(models.Model):
    """How often somebody searched by whole national ID number on one local day; past the cap it is refused."""

    actor_id = models.CharField(max_length=80)
    day = models.DateField()
    searches = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_id", "day"], name="search_tally_once_a_day")]


class PriorityClaim(models.Model):
    """A citizen's priority group (people of merit, poor household …) with a reference to the evidence, never a copy."""

    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="priority_claims")
    group = models.CharField(max_length=40)
    """A beneficiary class code of the national reductions or subsidy rules, e.g. "war_invalid", "poor_household"."""
    evidence_reference = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="priority_valid_period"
            )
        ]


class ConsentPurpose(models.TextChoices):
    ASSIST_FILING = "assist_filing", _("help with this filing")
    DELIVER_HOME = "deliver_home", _("deliver the result to the address")
    NOTIFY = "notify", _("send messages about the dossier")
    KEEP_COPIES = "keep_copies", _("keep copies until the result")
    COACHING = "coaching", _("be asked later whether she files alone")


class ActingSession(models.Model):
    """The time in which one clerk acts for one citizen; whose dossier this is stands on the screen throughout."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="+")
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    clerk = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, null=True, related_name="+")
    """Null: opened by the outlet's own counter system, which answers for its clerk."""
    opened_by = models.CharField(max_length=80)
    """Actor id: the clerk's account, or the machine's token."""
    opened_at = models.DateTimeField()
    touched_at = models.DateTimeField(null=True)
    """When something was last done in it; idle sessions end by themselves."""
    is_citizen_present = models.BooleanField(default=True)
    """False: somebody came for her, who needs a mandate."""
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=12, blank=True)
    """"ended", "idle", "closing_time", "withdrawn", "switched" or "referred"."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clerk"], condition=Q(closed_at=None), name="acting_session_one_citizen_at_a_time"
            ),
        ]


class Consent(models.Model):
    """A citizen's yes to one purpose: which words, how, before whom. Withdrawing adds a row, nothing is changed."""

    append_only = True

    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="consents")
    session = models.ForeignKey(ActingSession, on_delete=models.PROTECT, null=True, related_name="consents")
    purpose = models.CharField(max_length=20, choices=ConsentPurpose)
    text_version = models.CharField(max_length=20)
    is_given = models.BooleanField()
    """False: withdrawn."""
    witness_id = models.UUIDField()
    channel = models.CharField(max_length=8, default="counter")
    """How it was said: "counter", "phone" or "paper"."""
    at = models.DateTimeField()
