"""Coaching sessions, and what citizens said when they were asked later."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from intake.coaching.rules import FEWEST_MINUTES, MOST_MINUTES, SAID
from shared.actors import Actor, ActorKind
from shared.ids import uuid7
from shared.roles import OUTLET_ROLES, PROGRAMME_ROLES, Role

CITY_ROLES = PROGRAMME_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR}


class CoachingQuerySet(models.QuerySet["CoachingSession"]):
    def seen_by(self, actor: Actor) -> Self:
        """An outlet's own, an operator's, a city's; every query starts here."""
        if actor.kind is ActorKind.JOB:
            return self.all()
        if actor.outlet_id is not None and (not actor.role or actor.role in OUTLET_ROLES):
            return self.filter(outlet_id=actor.outlet_id)
        if actor.role == Role.OPERATOR_HQ:
            return self.filter(operator_id=actor.operator_id)
        if actor.role in CITY_ROLES:
            return self.filter(province_code=actor.province_code) if actor.province_code else self.all()
        return self.none()


class CoachingSession(models.Model):
    """One citizen was taught to file alone: what, for how long, by whom, where. Nothing else of her is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client_ref = models.UUIDField(unique=True)
    """Made by the browser or machine before sending: sent twice it is one session."""
    citizen = models.ForeignKey("intake.Citizen", on_delete=models.PROTECT, related_name="+")
    consent = models.ForeignKey("intake.Consent", on_delete=models.PROTECT, related_name="+")
    """Her yes to being counted afterwards; taken back, nobody looks any more."""
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=2)
    topics = ArrayField(models.CharField(max_length=10))
    """Keys of rules.TOPICS."""
    procedure_code = models.CharField(max_length=20, blank=True)
    """What was practised, if it was one procedure."""
    minutes = models.PositiveSmallIntegerField()
    held_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    coached_by = models.CharField(max_length=80)
    coached_by_name = models.CharField(max_length=120)
    later = models.CharField(max_length=10, blank=True)
    """The rules.Later (helped, at_centre) that our dossiers show, by the nightly look; empty: nothing seen."""
    looked_at = models.DateTimeField(null=True)
    struck_at = models.DateTimeField(null=True)
    struck_by_name = models.CharField(max_length=120, blank=True)
    struck_because = models.CharField(max_length=200, blank=True)
    """Entered by mistake: kept, counted nowhere."""

    objects: ClassVar[CoachingQuerySet] = CoachingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(FEWEST_MINUTES, MOST_MINUTES)),
                                   name="coaching_minutes_plausible"),
            models.CheckConstraint(condition=Q(later__in=["", "helped", "at_centre"]),
                                   name="coaching_later_known"),
            models.CheckConstraint(condition=Q(struck_at=None) | ~Q(struck_because=""),
                                   name="coaching_struck_says_why"),
        ]
        indexes = [
            models.Index(fields=["outlet", "-held_at"], name="coaching_of_outlet"),
            models.Index(fields=["province_code", "held_at"], name="coaching_of_province"),
            models.Index(fields=["citizen"], name="coaching_of_citizen"),
        ]


class CoachingAnswer(models.Model):
    """What a coached citizen said later, at a visit or on the telephone. The newest counts."""

    append_only = True

    session = models.ForeignKey(CoachingSession, on_delete=models.PROTECT, related_name="answers")
    said = models.CharField(max_length=10)
    code = models.CharField(max_length=40, blank=True)
    """Of the dossier that she filed alone, as the national portal shows it on her phone."""
    said_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    recorded_by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(said__in=sorted(SAID)), name="coaching_said_known")]
        indexes = [models.Index(fields=["session", "-said_at"], name="coaching_newest_answer")]
