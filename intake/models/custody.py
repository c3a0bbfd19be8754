"""Originals and whose hand each is in. It changes only by a move, and PostgreSQL lets no move be skipped."""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q

from intake.rules.custody import CustodyAction, Holder
from shared.actors import Actor, ActorKind
from shared.ids import uuid7
from shared.roles import CENTRE_ROLES, FINANCE_ROLES, OUTLET_ROLES, Role

_FIRST_HAND = """
    IF NEW.holder <> 'citizen' OR NEW.moves <> 0 THEN
        RAISE EXCEPTION 'custody: an original begins in the citizen''s hand';
    END IF;
    RETURN NEW;
"""
# At depth 1 somebody writes the row itself; at depth 2 a move does.
_ONLY_BY_A_MOVE = """
    IF pg_trigger_depth() < 2 AND (NEW.holder, NEW.holder_ref, NEW.moves, NEW.held_since)
            IS DISTINCT FROM (OLD.holder, OLD.holder_ref, OLD.moves, OLD.held_since) THEN
        RAISE EXCEPTION 'custody: an original changes hands by a move only';
    END IF;
    RETURN NEW;
"""
_FROM_WHERE_IT_IS = """
    UPDATE intake_original
       SET holder = NEW.to_holder, holder_ref = NEW.to_ref, holder_name = NEW.to_name, held_since = NEW.at,
           moves = NEW.number
     WHERE id = NEW.original_id AND moves = NEW.number - 1 AND holder = NEW.from_holder
       AND holder_ref = NEW.from_ref AND held_since <= NEW.at;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'custody: the original is not in the hand that this move takes it from';
    END IF;
    RETURN NEW;
"""


class OriginalQuerySet(models.QuerySet["Original"]):
    def seen_by(self, actor: Actor) -> Self:
        """Only what `actor` may see; every query starts here."""
        if actor.role in OUTLET_ROLES or (not actor.role and actor.outlet_id):
            return self.filter(outlet_id=actor.outlet_id)
        if actor.role in CENTRE_ROLES or (not actor.role and actor.centre_id):
            return self.filter(centre_id=actor.centre_id)
        if actor.role == Role.OPERATOR_HQ or (not actor.role and actor.operator_id):
            return self.filter(operator_id=actor.operator_id)
        if actor.role in FINANCE_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR} or (not actor.role and actor.province_code):
            return self.filter(province_code=actor.province_code)
        return self.none()

    def held(self, holder: Holder) -> Self:
        return self.filter(holder=holder)


class Original(models.Model):
    """An original paper that somebody else than the citizen holds or held; always in exactly one hand."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, related_name="originals")
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, null=True, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, null=True, related_name="+")
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    """The receiving centre, which is to see it coming."""
    province_code = models.CharField(max_length=2)
    component = models.CharField(max_length=40)
    """Code of the published list, or "other"."""
    name = models.CharField(max_length=200)
    identifier = models.CharField(max_length=60, blank=True)
    """Number on the paper, e.g. of a land-use certificate; never a person's."""
    sheets = models.PositiveSmallIntegerField(default=1)
    goes_back = models.BooleanField(default=True)
    """Whether the citizen gets it back; otherwise the authority keeps it."""
    holder = models.CharField(max_length=10, choices=[(h.value, h.value) for h in Holder], default=Holder.CITIZEN)
    holder_ref = models.CharField(max_length=40, blank=True)
    """Id of the outlet or centre, number of the parcel; empty for the citizen."""
    holder_name = models.CharField(max_length=160, blank=True)
    held_since = models.DateTimeField()
    moves = models.PositiveSmallIntegerField(default=0)
    """Number of its last move."""

    objects: ClassVar[OriginalQuerySet] = OriginalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(holder__in=[h.value for h in Holder]), name="original_holder_known"),
            models.CheckConstraint(
                condition=Q(holder__in=[Holder.CITIZEN, Holder.ARCHIVE]) | ~Q(holder_ref=""),
                name="original_holder_named"),
            models.CheckConstraint(condition=Q(sheets__range=(1, 500)), name="original_sheets_plausible"),
        ]
        indexes = [
            models.Index(fields=["outlet", "held_since"], condition=Q(holder="outlet"), name="original_at_outlet"),
            models.Index(fields=["centre", "held_since"], condition=Q(holder="centre"), name="original_at_centre"),
            models.Index(fields=["holder_ref"], condition=Q(holder__in=["parcel", "carrier"]),
                         name="original_in_parcel"),
        ]
        triggers = [
            pgtrigger.Trigger(name="first_hand", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_FIRST_HAND),
            pgtrigger.Trigger(name="only_by_a_move", when=pgtrigger.Before, operation=pgtrigger.Update,
                              func=_ONLY_BY_A_MOVE),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.name


class CustodyMove(models.Model):
    """An original passed from one hand to another; the moves of an original are its whole way."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    original = models.ForeignKey(Original, on_delete=models.PROTECT, related_name="chain")
    number = models.PositiveSmallIntegerField()
    """1, 2, 3, … of this original."""
    action = models.CharField(max_length=20, choices=[(a.value, a.value) for a in CustodyAction])
    from_holder = models.CharField(max_length=10)
    from_ref = models.CharField(max_length=40, blank=True)
    from_name = models.CharField(max_length=160, blank=True)
    to_holder = models.CharField(max_length=10)
    to_ref = models.CharField(max_length=40, blank=True)
    to_name = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    actor_kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in ActorKind])
    actor_id = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=120, blank=True)
    signed_name = models.CharField(max_length=120, blank=True)
    """Who signed for it."""
    signature = models.TextField(blank=True)
    """The drawn signature as an SVG path; empty: confirmed by the typed name."""
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["original", "number"], name="custody_one_chain"),
            models.CheckConstraint(condition=Q(number__gte=1), name="custody_number_from_one"),
        ]
        triggers = [
            pgtrigger.Trigger(name="from_where_it_is", when=pgtrigger.Before, operation=pgtrigger.Insert,
                              func=_FROM_WHERE_IT_IS),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
