"""An address as it was said and checked at one place; other words are another address."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from delivery.addresses.rules import Precision, Search
from shared.actors import Actor
from shared.ids import uuid7
from shared.roles import CENTRE_ROLES, OUTLET_ROLES


class AddressQuerySet(models.QuerySet["Address"]):
    def seen_by(self, actor: Actor) -> Self:
        """Those that the actor's own place wrote down; every query starts here."""
        if actor.role in OUTLET_ROLES or (not actor.role and actor.outlet_id):
            return self.filter(outlet_id=actor.outlet_id)
        if actor.role in CENTRE_ROLES or (not actor.role and actor.centre_id):
            return self.filter(centre_id=actor.centre_id)
        return self.none()


class Address(models.Model):
    """Where somebody lives, in her words and on the map. Its words never change; its point and its proof may come."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    outlet_id = models.UUIDField(null=True)
    centre_id = models.UUIDField(null=True)
    """Who wrote it down: an outlet or a centre."""
    province_code = models.CharField(max_length=2)
    street = models.CharField(max_length=200)
    """House, street, hamlet."""
    landmark = models.CharField(max_length=160, blank=True)
    commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, related_name="+", db_index=False)
    former_commune = models.ForeignKey(
        "shared.FormerCommune", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """The name that people still write, when it was dissolved."""
    latitude = models.FloatField()
    longitude = models.FloatField()
    precision = models.CharField(max_length=10, choices=[(p.value, p.value) for p in Precision])
    found_as = models.CharField(max_length=300, blank=True)
    """What the geocoder calls the place."""
    search = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Search], default=Search.NOT_ASKED)
    tries = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(null=True)
    """When the geocoder is asked (again)."""
    verified_at = models.DateTimeField(null=True)
    verified_by = models.CharField(max_length=80, blank=True)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=80)

    objects: ClassVar[AddressQuerySet] = AddressQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(precision__in=list(Precision)), name="address_precision_known"),
            models.CheckConstraint(condition=Q(search__in=list(Search)), name="address_search_known"),
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="address_point_on_earth"),
            models.CheckConstraint(
                condition=Q(search="waiting", try_at__isnull=False) | ~Q(search="waiting") & Q(try_at=None),
                name="address_search_has_its_moment"),
            models.CheckConstraint(
                condition=Q(outlet_id__isnull=False) | Q(centre_id__isnull=False), name="address_has_its_place"),
        ]
        indexes = [
            models.Index(fields=["try_at"], condition=Q(search="waiting"), name="address_waiting"),
            models.Index(fields=["outlet_id", "commune", "street"], name="address_of_outlet"),
            models.Index(fields=["centre_id", "commune", "street"], name="address_of_centre"),
        ]

    def __str__(self) -> str:
        return f"address {self.id}"  # never its words: this ends up in logs


class ZoneEntry(models.Model):
    """One line of an operator's table of zones: between these two units its tariff counts this zone.

    A line between communes beats one between former districts, and that one a line between provinces; both ways alike.
    """

    operator_code = models.CharField(max_length=12)
    basis = models.CharField(max_length=16)
    """"commune", "former_district" or "province": what the two codes are codes of."""
    origin_code = models.CharField(max_length=5)
    destination_code = models.CharField(max_length=5)
    """The smaller of the two codes stands in `origin_code`."""
    zone = models.CharField(max_length=24)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    """First day on which it no longer holds."""
    legal_basis = models.CharField(max_length=300)
    confidence = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(basis__in=["commune", "former_district", "province"]), name="zone_entry_basis_known"),
            models.CheckConstraint(condition=Q(origin_code__lte=models.F("destination_code")),
                                   name="zone_entry_one_way_round"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")),
                                   name="zone_entry_period"),
            models.UniqueConstraint(
                fields=["operator_code", "basis", "origin_code", "destination_code", "valid_from"],
                name="zone_entry_once"),
        ]
