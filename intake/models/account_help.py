"""Help with accounts as tracked steps, and referrals to where the citizen must appear."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from intake.rules.account_help import FINAL_HELP, AccountKind, HelpState, ReferralOutcome
from shared.actors import Actor
from shared.ids import uuid7


class OfOutlet(models.QuerySet["AccountHelp"]):
    def seen_by(self, actor: Actor) -> Self:
        """Those of the actor's outlet; every query starts here."""
        return self.filter(outlet_id=actor.outlet_id) if actor.outlet_id is not None else self.none()


class AccountHelp(models.Model):
    """A citizen is helped to an account of her own; each step is kept with its proof, never a secret."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    citizen = models.ForeignKey("intake.Citizen", on_delete=models.PROTECT, related_name="account_helps")
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=12, default=HelpState.OPEN)
    booked_for = models.DateTimeField(null=True)
    """When the citizen is expected where she must appear."""
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    """Of the last step: what stays too long becomes work for the outlet's manager."""
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[OfOutlet] = OfOutlet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(AccountKind)), name="account_help_kind_known"),
            models.CheckConstraint(condition=Q(state__in=list(HelpState)), name="account_help_state_known"),
            models.UniqueConstraint(fields=["citizen", "kind"], condition=~Q(state__in=sorted(FINAL_HELP)),
                                    name="account_help_once_at_a_time"),
        ]
        indexes = [models.Index(fields=["outlet", "moved_at"], condition=~Q(state__in=sorted(FINAL_HELP)),
                                name="account_help_open")]


class AccountHelpStep(models.Model):
    """One step of an account help: who, when, with what proof."""

    append_only = True

    help = models.ForeignKey(AccountHelp, on_delete=models.PROTECT, related_name="steps")
    action = models.CharField(max_length=12)
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    at = models.DateTimeField()
    actor_id = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)
    document = models.ForeignKey("intake.Document", on_delete=models.PROTECT, null=True, related_name="+")
    """A photo or paper that shows the step."""


class ReferralsOfOutlet(models.QuerySet["Referral"]):
    def seen_by(self, actor: Actor) -> Self:
        """Those of the actor's outlet; every query starts here."""
        return self.filter(outlet_id=actor.outlet_id) if actor.outlet_id is not None else self.none()


class Referral(models.Model):
    """The citizen was told where to go, with what and when; followed up, so that nobody is sent away for nothing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=12, unique=True)
    """Safe to say aloud; stands on the slip."""
    citizen = models.ForeignKey("intake.Citizen", on_delete=models.PROTECT, related_name="referrals")
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    procedure = models.ForeignKey("intake.Procedure", on_delete=models.PROTECT, null=True, related_name="+")
    account_help = models.ForeignKey(AccountHelp, on_delete=models.PROTECT, null=True, related_name="referrals")
    place_kind = models.CharField(max_length=8)
    """"centre" or "police"."""
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    place_name = models.CharField(max_length=160)
    place_address = models.CharField(max_length=200, blank=True)
    place_hours = models.CharField(max_length=160, blank=True)
    place_phone = models.CharField(max_length=20, blank=True)
    matter_vi = models.CharField(max_length=300)
    matter_en = models.CharField(max_length=300)
    bring = models.JSONField(default=list)
    """[{"vi": …, "en": …}], as the published list says."""
    booked_for = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    made_by = models.CharField(max_length=80)
    made_by_name = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, blank=True)
    """Empty: not followed up yet."""
    outcome_note = models.CharField(max_length=300, blank=True)
    outcome_by = models.CharField(max_length=80, blank=True)
    outcome_at = models.DateTimeField(null=True)

    objects: ClassVar[ReferralsOfOutlet] = ReferralsOfOutlet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(place_kind__in=["centre", "police"]), name="referral_place_known"),
            models.CheckConstraint(condition=Q(outcome__in=["", *ReferralOutcome]), name="referral_outcome_known"),
        ]
        indexes = [
            models.Index(fields=["outlet", "made_at"], name="referral_of_outlet"),
            models.Index(fields=["outlet", "booked_for"], condition=Q(outcome=""), name="referral_open"),
        ]
