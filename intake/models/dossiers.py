"""The dossier, its steps, and the daily number of its code."""

from typing import ClassVar, Self
from uuid import UUID

import pgtrigger
from django.db import models
from django.db.models import F, Q

from intake.rules.catalogue import Channel, ResultChoice
from intake.rules.states import (
    Handling,
    MoneyState,
    ResultState,
    SyncState,
)
from shared.actors import Actor, ActorKind
from shared.ids import uuid7
from shared.money import MoneyField
from shared.roles import CENTRE_ROLES, FINANCE_ROLES, OUTLET_ROLES, Role

RECEIVED_ELSEWHERE = (
    Q(receiving_centre=None) | Q(receiving_centre__lt=F("authority_centre"))
    | Q(receiving_centre__gt=F("authority_centre")))
"""Another centre receives than decides. Said in the index's own words, so that a query finds it."""


class DossierQuerySet(models.QuerySet["Dossier"]):
    def seen_by(self, actor: Actor) -> Self:
        """Only what `actor` may see; every query starts here."""
        if actor.role in OUTLET_ROLES or (not actor.role and actor.outlet_id):
            return self.filter(outlet_id=actor.outlet_id)
        if actor.role in CENTRE_ROLES or (not actor.role and actor.centre_id):
            return self.filter(Q(receiving_centre_id=actor.centre_id) | Q(authority_centre_id=actor.centre_id))
        if actor.role == Role.OPERATOR_HQ or (not actor.role and actor.operator_id):
            return self.filter(operator_id=actor.operator_id)
        if actor.role in FINANCE_ROLES | {Role.AUDITOR} or (not actor.role and actor.province_code):
            return self.filter(province_code=actor.province_code)
        return self.filter(province_code=actor.province_code) if actor.province_code and actor.role else self.none()

    def at_outlet(self, outlet_id: UUID) -> Self:
        return self.filter(outlet_id=outlet_id)

    def at_centre(self, centre_id: UUID) -> Self:
        """Received or to be received at this centre."""
        return self.filter(receiving_centre_id=centre_id)

    def in_inbox(self) -> Self:
        """Sent to the receiving centre and not yet received or refused there."""
        return self.filter(handling=Handling.REGISTERED, forwarded_at__isnull=False)


class Dossier(models.Model):
    """A citizen's application and its papers, from acceptance to hand-over of the result.

    Three organisations are always distinct: the support point (`outlet`), the receiving point (`receiving_centre`) and
    the competent authority (`authority_centre`). The code is issued once, by the receiving centre; `agent_ref` is ours.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client_ref = models.UUIDField(unique=True)
    """Made by the browser or machine before sending; one client_ref is one dossier, for ever."""
    agent_ref = models.CharField(max_length=16, unique=True)
    """Our own reference, speakable: shared.identifiers.spoken_code."""
    code = models.CharField(max_length=40, unique=True, null=True)
    """The authority's dossier code, null until received."""

    procedure = models.ForeignKey("intake.Procedure", on_delete=models.PROTECT, related_name="+")
    procedure_code = models.CharField(max_length=20)
    citizen = models.ForeignKey("intake.Citizen", on_delete=models.PROTECT, related_name="dossiers")
    province_code = models.CharField(max_length=2)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, null=True, related_name="+")
    """Null: filed at the centre's own counter."""
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, null=True, related_name="+")
    clerk = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, null=True, related_name="+")
    session = models.ForeignKey("intake.ActingSession", on_delete=models.PROTECT, null=True, related_name="+")
    receiving_centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    authority_centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    """Null while the authority is unclear."""
    route = models.JSONField(default=dict)
    """intake.records.Route as it was worked out: rule, version, place, reason in both languages."""

    channel = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Channel])
    copies = models.PositiveSmallIntegerField(default=1)
    result_choice = models.CharField(max_length=10, choices=[(c.value, c.value) for c in ResultChoice])
    collect_reason = models.CharField(max_length=200, blank=True)
    delivery_name = models.CharField(max_length=120, blank=True)
    delivery_phone = models.CharField(max_length=16, blank=True)
    delivery_street = models.CharField(max_length=200, blank=True)
    delivery_commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, null=True, related_name="+")
    delivery_address_id = models.UUIDField(null=True)
    """The delivery.Address that was checked with the citizen; it counts while its words are those above."""
    beneficiary_class = models.CharField(max_length=40, blank=True)
    """The priority group used for postage, decided at submission from a proven claim; empty: none."""
    fee = MoneyField(default=0)
    quote = models.JSONField(default=dict)
    """The fee and postage shown before the citizen chose: intake.records.Pricing, as data."""
    filing = models.JSONField(default=dict)
    """The request as it was handed in (intake.records.SubmissionInput, as data): what a draft goes on from, and what
    tells a repeat of a client_ref from another dossier."""
    bundle = models.ForeignKey("intake.EventBundle", on_delete=models.PROTECT, null=True, related_name="dossiers")
    """The event of life it was prepared for, together with others."""
    presented = models.JSONField(default=list)
    """Codes of papers that were shown and checked, not scanned."""
    note = models.CharField(max_length=2000, blank=True)

    handling = models.PositiveSmallIntegerField(choices=[(h.value, h.name) for h in Handling], default=Handling.DRAFT)
    money = models.CharField(max_length=16, default=MoneyState.NOTHING_DUE)
    result = models.CharField(max_length=16, default=ResultState.NOT_READY)
    sync = models.CharField(max_length=16, default=SyncState.NOT_CONNECTED)

    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    forwarded_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    """When postman and centre signed the hand-over minutes: the legal filing time of a paper dossier (Decision
    45/2016/QĐ-TTg, Article 7.4)."""
    received_at = models.DateTimeField(null=True)
    clock_started_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    term_minutes = models.PositiveIntegerField(null=True)
    """Working minutes from start to due moment when the clock started; what a deadline's bar is drawn from."""
    paused_at = models.DateTimeField(null=True)
    remaining_minutes = models.IntegerField(null=True)
    """Working minutes left when the clock was paused."""
    officer = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    """Returned, refused or withdrawn."""
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[DossierQuerySet] = DossierQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(handling__in=[h.value for h in Handling]), name="dossier_handling_known"
            ),
            models.CheckConstraint(condition=Q(money__in=[m.value for m in MoneyState]), name="dossier_money_known"),
            models.CheckConstraint(condition=Q(result__in=[r.value for r in ResultState]), name="dossier_result_known"),
            models.CheckConstraint(condition=Q(sync__in=[s.value for s in SyncState]), name="dossier_sync_known"),
            models.CheckConstraint(
                condition=Q(
                    handling__in=[Handling.DRAFT, Handling.REGISTERED, Handling.NOT_ACCEPTED, Handling.WITHDRAWN]
                )
                | Q(code__isnull=False, received_at__isnull=False),
                name="dossier_received_has_code",
            ),
            models.CheckConstraint(condition=Q(copies__range=(1, 200)), name="dossier_copies_plausible"),
        ]
        indexes = [
            # A counter's day and an outlet's lists.
            models.Index(fields=["outlet", "handling", "-submitted_at"], name="dossier_of_outlet"),
            # A centre's inbox and its queue by due moment.
            models.Index(fields=["receiving_centre", "forwarded_at"], condition=Q(handling=1), name="dossier_inbox"),
            models.Index(
                fields=["receiving_centre", "due_at"], condition=Q(handling__in=[2, 4, 5, 6, 8]), name="dossier_queue"
            ),
            models.Index(
                fields=["authority_centre", "due_at"],
                condition=Q(handling__in=[2, 4, 5, 6, 8]),
                name="dossier_authority_queue",
            ),
            # What a centre decides and another one received: few, and found without walking through its own.
            models.Index(
                fields=["authority_centre", "due_at"], name="dossier_decided_elsewhere",
                condition=Q(handling__in=[2, 4, 5, 6, 8]) & RECEIVED_ELSEWHERE,
            ),
            models.Index(fields=["province_code", "received_at"], name="dossier_of_province"),
            # An officer's own queue, and what returns to the team when she leaves.
            models.Index(
                fields=["officer", "due_at"], condition=Q(handling__in=[2, 4, 5, 6, 8]), name="dossier_of_officer"
            ),
            # Results of a centre that are decided and not with the citizen yet.
            models.Index(fields=["receiving_centre", "resolved_at"], condition=Q(handling=9), name="dossier_results"),
            # A centre's log book of a period.
            models.Index(fields=["receiving_centre", "received_at"], condition=Q(received_at__isnull=False),
                         name="dossier_log_book"),
        ]

    def __str__(self) -> str:
        return self.code or self.agent_ref


class DossierStep(models.Model):
    """One step of one of the four machines: the trace that control slip, log book and boards are made from."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="steps")
    machine = models.CharField(max_length=10)
    """"handling", "money", "result" or "sync"."""
    action = models.CharField(max_length=24)
    from_state = models.CharField(max_length=16)
    to_state = models.CharField(max_length=16)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    actor_kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in ActorKind])
    actor_id = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=120)
    """As it stood then; a citizen sees who handled the dossier."""
    place = models.CharField(max_length=160, blank=True)
    note = models.CharField(max_length=500, blank=True)
    data = models.JSONField(default=dict)
    province_code = models.CharField(max_length=2, blank=True)
    centre_id = models.UUIDField(null=True)
    outlet_id = models.UUIDField(null=True)
    operator_id = models.UUIDField(null=True)
    procedure_code = models.CharField(max_length=20, blank=True)
    """Where and of what boards count this step, as it was then; empty for steps that move neither the dossier nor
    its term."""
    due_at = models.DateTimeField(null=True)
    """The due moment in force after a step of handling."""

    class Meta:
        indexes = [
            models.Index(fields=["dossier", "at", "id"], name="step_of_dossier"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class DossierNumber(models.Model):
    """The last sequence number that an agency gave on a day; locked while the next is taken."""

    agency_code = models.CharField(max_length=20)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency_code", "day"], name="dossier_number_per_day")]
