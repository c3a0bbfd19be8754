"""Searches and what was done in them; and the parcels whose promised day has passed."""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q

from delivery.searches.rules import FINAL_SEARCH, SearchCause, SearchState
from shared.ids import uuid7


class SearchQuerySet(models.QuerySet["SearchCase"]):
    def running(self) -> Self:
        return self.filter(ended_at=None)


class SearchCase(models.Model):
    """One search for one parcel, with its owner and the day on which an answer is owed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    parcel = models.ForeignKey("delivery.Parcel", on_delete=models.PROTECT, related_name="searches")
    operator_code = models.CharField(max_length=12)
    province_code = models.CharField(max_length=2)
    outlet_id = models.UUIDField(null=True)
    centre_id = models.UUIDField()
    cause = models.CharField(max_length=12, choices=[(each.value, each.value) for each in SearchCause])
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in SearchState],
                             default=SearchState.SEARCHING)
    opened_at = models.DateTimeField()
    answer_by = models.DateField()
    """The last day for whoever owns it now."""
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[SearchQuerySet] = SearchQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in SearchState]), name="search_state_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None) ^ Q(state__in=sorted(FINAL_SEARCH)), name="search_ends_with_an_answer"),
            models.UniqueConstraint(fields=["parcel"], condition=Q(ended_at=None), name="search_one_at_a_time"),
        ]
        indexes = [
            models.Index(fields=["operator_code", "answer_by"], condition=Q(ended_at=None), name="search_running"),
            models.Index(fields=["province_code", "-opened_at", "-id"], name="search_of_province"),
        ]

    def __str__(self) -> str:
        return f"search {self.id}"


class SearchStep(models.Model):
    """What was done in a search: who asked, looked, answered; in words that everybody concerned may read."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    search = models.ForeignKey(SearchCase, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    action = models.CharField(max_length=12)
    """"open", "note", or an action of delivery.searches.rules."""
    by_kind = models.CharField(max_length=10)
    by_id = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=500, blank=True)
    office = models.CharField(max_length=120, blank=True)
    """Where it was found."""

    class Meta:
        indexes = [models.Index(fields=["search", "id"], name="search_step_of_search")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Delay(models.Model):
    """A parcel whose promised day passed while it was on its way; its people are told once, with the new day."""

    append_only = True

    parcel = models.OneToOneField("delivery.Parcel", on_delete=models.PROTECT, primary_key=True, related_name="delay")
    promised_date = models.DateField()
    expected_date = models.DateField(null=True)
    """As it was when this was noticed."""
    noticed_at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
