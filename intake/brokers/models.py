"""Rules and hotlines as dated data; signals, cases, draws, calls and nameless reports."""

from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from intake.brokers.rules import FINAL, Call, CaseState, Signal
from shared.actors import Actor, ActorKind
from shared.confidence import Confidence
from shared.ids import uuid7
from shared.roles import Role

READERS = frozenset({Role.PROGRAMME_OFFICER, Role.AUDITOR})
"""Never an outlet, an operator or a centre: a suspicion is nobody's reputation."""


class BrokerRule(models.Model):
    """From when on how much of what is a signal. Reference data."""

    code = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Signal])
    version = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    """Half-open; null: in force."""
    days = models.PositiveSmallIntegerField()
    """How far back it looks."""
    least = models.PositiveSmallIntegerField()
    """Fewer are never a signal."""
    percent_of_usual = models.PositiveSmallIntegerField()
    """So many per cent of what is usual: 300 is three times as much."""
    seconds = models.PositiveIntegerField(null=True)
    """A session shorter than this is too short (absent); a grace around opening hours (after_hours); how long after
    the first a second filing counts (refiled)."""
    legal_basis = models.CharField(max_length=300)
    confidence = models.CharField(max_length=10, choices=Confidence)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="broker_rule_version_once"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                                   name="broker_rule_valid_period"),
        ]


class Hotline(models.Model):
    """A number that citizens may call. Reference data, shown to everybody."""

    code = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    province_code = models.CharField(max_length=2, blank=True)
    """Empty: everywhere."""
    place = models.PositiveSmallIntegerField()
    """Where it stands in the list."""
    name_vi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    purpose_vi = models.CharField(max_length=300)
    purpose_en = models.CharField(max_length=300)
    number = models.CharField(max_length=30)
    hours_vi = models.CharField(max_length=120)
    hours_en = models.CharField(max_length=120)
    legal_basis = models.CharField(max_length=300)
    confidence = models.CharField(max_length=10, choices=Confidence)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="hotline_version_once"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                                   name="hotline_valid_period"),
        ]

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" else self.name_vi

    @property
    def purpose(self) -> str:
        return self.purpose_en if get_language() == "en" else self.purpose_vi

    @property
    def hours(self) -> str:
        return self.hours_en if get_language() == "en" else self.hours_vi


class BrokerCaseQuerySet(models.QuerySet["BrokerCase"]):
    def seen_by(self, actor: Actor) -> Self:
        """The programme's officers and the auditor of the city; every query starts here."""
        if actor.kind is ActorKind.JOB:
            return self
        return self.filter(province_code=actor.province_code) if (
            actor.role in READERS and actor.province_code) else self.none()


class BrokerCase(models.Model):
    """Something that a person looks into. It blocks nobody and counts in no score."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=10, unique=True)
    """What people call it by."""
    state = models.CharField(max_length=10, default=CaseState.OPENED,
                             choices=[(each.value, each.value) for each in CaseState])
    province_code = models.CharField(max_length=2)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, null=True, related_name="+")
    """Null: a report that names none."""
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    """Until when the present state should be left; null: closed."""
    owner_id = models.CharField(max_length=80, blank=True)
    owner_name = models.CharField(max_length=160, blank=True)
    """Who looks into it; empty: whoever of the programme takes it up."""
    proposed_by = models.CharField(max_length=80, blank=True)
    confirmed_by = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    """Of the present state."""
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[BrokerCaseQuerySet] = BrokerCaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[each.value for each in CaseState]),
                                   name="broker_case_state_known"),
            models.CheckConstraint(condition=~Q(state=CaseState.FOUNDED) | (
                ~Q(proposed_by="") & ~Q(confirmed_by="") & ~Q(confirmed_by=F("proposed_by"))),
                name="broker_case_founded_by_two"),
            models.CheckConstraint(condition=Q(state__in=sorted(FINAL), closed_at__isnull=False)
                                   | (~Q(state__in=sorted(FINAL)) & Q(closed_at=None)),
                                   name="broker_case_closed_when_final"),
        ]
        indexes = [models.Index(fields=["province_code", "state", "due_at"], name="broker_case_by_city")]

    def __str__(self) -> str:
        return self.code


class BrokerSignal(models.Model):
    """What a rule found at an outlet, with its evidence as it was when last computed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(BrokerCase, on_delete=models.PROTECT, related_name="signals")
    rule = models.CharField(max_length=16)
    version = models.CharField(max_length=20)
    province_code = models.CharField(max_length=2)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    clerk = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, null=True, related_name="+")
    """Whose dossiers they are, where the rule looks at one person."""
    subject_index = models.BinaryField(max_length=32)
    """Blind index of phone, address, applicant or representative: equal for equals, and tells nothing."""
    from_day = models.DateField()
    until_day = models.DateField()
    """Half-open."""
    found = models.PositiveIntegerField()
    baseline = models.FloatField()
    """What is usual at this outlet, or for the same procedures at the city's others."""
    threshold = models.FloatField()
    dossiers = ArrayField(models.UUIDField())
    """The newest MOST_EVIDENCE of them; ids, so that each reader finds what is in her own sight."""
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "rule", "outlet", "subject_index"],
                                               name="broker_signal_once_in_a_case")]
        indexes = [models.Index(fields=["rule", "outlet", "subject_index"], name="broker_signal_of_subject")]


class BrokerStep(models.Model):
    """One step of a case: who, when, why."""

    append_only = True

    case = models.ForeignKey(BrokerCase, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12)
    state = models.CharField(max_length=10)
    """After it."""
    at = models.DateTimeField()
    by_id = models.CharField(max_length=80)
    by_name = models.CharField(max_length=160)
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]


class BrokerDraw(models.Model):
    """A random sample of citizens to call, drawn so that anybody can draw it again."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(BrokerCase, on_delete=models.PROTECT, related_name="draws")
    seed = models.BigIntegerField()
    population = models.PositiveIntegerField()
    population_sha256 = models.BinaryField(max_length=32)
    """Of the sorted dossier ids that were drawn from, one a line."""
    size = models.PositiveSmallIntegerField()
    drawn_at = models.DateTimeField()
    drawn_by_name = models.CharField(max_length=160)

    class Meta:
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]


class BrokerCall(models.Model):
    """One citizen to call back about one dossier. Her number is not here: it is looked up when somebody calls."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draw = models.ForeignKey(BrokerDraw, on_delete=models.PROTECT, related_name="calls")
    case = models.ForeignKey(BrokerCase, on_delete=models.PROTECT, related_name="calls")
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    """In the order drawn."""
    state = models.CharField(max_length=10, default=Call.WAITING, choices=[(each.value, each.value) for each in Call])
    tries = models.PositiveSmallIntegerField(default=0)
    answers = models.JSONField(default=dict)
    """Question code → "yes", "no" or "unsure"."""
    note = models.CharField(max_length=500, blank=True)
    """National ID numbers in it are masked before it is kept."""
    last_at = models.DateTimeField(null=True)
    last_by_name = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "dossier"], name="broker_call_once_a_case"),
            models.CheckConstraint(condition=Q(state__in=[each.value for each in Call]),
                                   name="broker_call_state_known"),
        ]


class BrokerReport(models.Model):
    """What somebody told without a name. Whoever holds its code reads what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.OneToOneField(BrokerCase, on_delete=models.PROTECT, related_name="report")
    province_code = models.CharField(max_length=2)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, null=True, related_name="+")
    code_index = models.BinaryField(max_length=32, unique=True)
    """Blind index of the receipt's code; the code itself is only with whoever reported."""
    happened_on = models.DateField(null=True)
    text = models.CharField(max_length=2000)
    """National ID numbers in it are masked before it is kept."""
    at = models.DateTimeField()
    answer = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)


class BrokerTry(models.Model):
    """A try at the public pages, counted by a keyed digest that changes every hour and is deleted with it."""

    key = models.BinaryField(max_length=16)
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "tried_at"], name="broker_try_by_key")]
