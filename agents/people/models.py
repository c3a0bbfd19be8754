"""What people's coming and going leaves behind."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from agents.people import rules
from agents.people.errors import InvitationOver, ResetOver
from agents.people.rules import RESET_MOVES, InvitationState, InvitationStep, ResetState, ResetStep
from agents.people.words import INVITATION_STATES, RESET_STATES
from shared.errors import Text
from shared.ids import uuid7
from shared.roles import Role


class Invitation(models.Model):
    """Somebody is asked to open an account of a role at a place. Of the secret in its link only digests are kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    display_name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    role = models.CharField(max_length=20, choices=Role)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, null=True, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, null=True, related_name="+")
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    province = models.ForeignKey("shared.Province", on_delete=models.PROTECT, null=True, related_name="+")
    procedure_groups = ArrayField(models.CharField(max_length=40), default=list)
    works_until = models.DateField(null=True)
    """Of the account to be: the first day without access."""
    state = models.CharField(max_length=8, choices=[(each.value, each.value) for each in InvitationState],
                             default=InvitationState.OPEN)
    digest = models.BinaryField(max_length=32, unique=True)
    """Of the code that the inviter was shown."""
    mailed_digest = models.BinaryField(max_length=32, null=True, unique=True)
    """Of the code in the e-mail: nobody but her has seen it."""
    expires_at = models.DateTimeField()
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, null=True, related_name="+")
    """None: the machine's owner."""
    invited_by_name = models.CharField(max_length=120)
    account = models.OneToOneField("agents.StaffAccount", on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(InvitationState)), name="invitation_state_known"),
            models.CheckConstraint(condition=~Q(email="", phone=""), name="invitation_reaches_somebody"),
            models.CheckConstraint(condition=Q(state="accepted", account__isnull=False)
                                   | (~Q(state="accepted") & Q(account=None)),
                                   name="invitation_accepted_has_account"),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="open"), name="invitation_open")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def state_word(self) -> Text:
        return INVITATION_STATES[InvitationState(self.state)]

    @property
    def place_name(self) -> str:
        """Load the invitation with its place (agents.people.queries does)."""
        place = self.outlet or self.centre or self.operator or self.province
        return "" if place is None else place.name

    @property
    def is_open(self) -> bool:
        return self.state == InvitationState.OPEN

    @property
    def may_be_sent_again(self) -> bool:
        return rules.after(InvitationState(self.state), InvitationStep.RESEND) is not None

    def move(self, step: InvitationStep) -> None:
        """Take the state that `step` leads to; the caller saves. Raises InvitationOver."""
        following = rules.after(InvitationState(self.state), step)
        if following is None:
            raise InvitationOver
        self.state = following


class ExternalIdentity(models.Model):
    """Who an account is at the organisation's own sign-in (OpenID Connect)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.OneToOneField("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=255)
    email = models.EmailField()
    """Small letters; by it she is known until her first sign-in."""
    subject = models.CharField(max_length=255, blank=True)
    """By it she is known from then on: an e-mail may become somebody else's."""
    linked_by_name = models.CharField(max_length=120)
    linked_at = models.DateTimeField()
    bound_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "email"], name="identity_email_once"),
            models.UniqueConstraint(fields=["issuer", "subject"], condition=~Q(subject=""),
                                    name="identity_subject_once"),
        ]

    def __str__(self) -> str:
        return self.email


class SecondFactorReset(models.Model):
    """Somebody has lost her phone or key: one who answers for her asks, another one takes her second factors off."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in ResetState],
                             default=ResetState.ASKED)
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_by_name = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(ResetState)), name="factor_reset_state_known"),
            models.UniqueConstraint(fields=["account"], condition=Q(state="asked"), name="factor_reset_open_once"),
        ]

    def __str__(self) -> str:
        return str(RESET_STATES[ResetState(self.state)])

    def move(self, step: ResetStep) -> None:
        """Take the state that `step` leads to; the caller saves. Raises ResetOver."""
        following = RESET_MOVES.get((ResetState(self.state), step))
        if following is None:
            raise ResetOver
        self.state = following
