"""Candidate sites: brought as rows, or made from the points of former communes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from agents.models.placement import CandidateSite, SiteSet
from agents.placement.errors import SetInUse, SiteSetNotFound, SitesRefused
from agents.placement.ports import former_points
from agents.placement.reading import site_faults
from agents.placement.terms import MOST_SITES, SiteRow, SiteSource
from shared import audit
from shared.actors import Actor
from shared.errors import ErrorCollector
from shared.models.places import Commune
from shared.transactions import operation


@operation
def take_sites(*, name: str, rows: Sequence[SiteRow], source: SiteSource, by: Actor, at: datetime) -> SiteSet:
    """Keep a whole list of candidate sites, or nothing of it.

    Raises:
        SitesRefused: a row is wrong, or the list has no name.
    """
    wrong = ErrorCollector()
    if not name.strip():
        wrong.add("/name", "missing", _("Give it a name, to find it again."))
    for fault in site_faults(rows, range(1, len(rows) + 1)):
        wrong.add(f"/rows/{max(fault.line - 1, 0)}/{fault.column}", fault.code, fault.message)
    wrong.raise_if_any(SitesRefused)
    made = SiteSet.objects.create(province_id=by.province_code, name=name.strip()[:120], source=source,
                                  sites=len(rows), made_by=by.id, made_by_name=by.name, made_at=at)
    nearest = _nearest_communes(by.province_code, rows)
    CandidateSite.objects.bulk_create([
        CandidateSite(site_set=made, code=row.code, name=row.name, address=row.address, latitude=row.latitude,
                      longitude=row.longitude, commune_id=commune) for row, commune in zip(rows, nearest, strict=True)])
    audit.record(actor=by, action="take_sites", object_type="site_set", object_id=made.id, at=at,
                 after={"sites": made.sites, "source": str(source)})
    return made


@operation
def drop_sites(*, site_set_id: UUID, by: Actor, at: datetime) -> None:
    """Throw a list away that no scenario rests on.

    Raises:
        SiteSetNotFound, SetInUse.
    """
    found = SiteSet.objects.select_for_update().filter(id=site_set_id, province_id=by.province_code).first()
    if found is None:
        raise SiteSetNotFound
    try:
        found.delete()
    except ProtectedError as error:
        raise SetInUse from error
    audit.record(actor=by, action="drop_sites", object_type="site_set", object_id=site_set_id, at=at)


def former_rows(province_code: str) -> list[SiteRow]:
    """The points of the city's former communes, at most as many as one list takes."""
    return [SiteRow(each.code, each.name, each.latitude, each.longitude)
            for each in former_points(province_code)][:MOST_SITES]


def _nearest_communes(province_code: str, rows: Sequence[SiteRow]) -> list[str]:
    """The code of the commune whose point lies nearest to each row's, on a plane: good enough to name a place."""
    communes = list(Commune.objects.filter(province_id=province_code).order_by("code").values_list(
        "code", "latitude", "longitude"))
    points = np.array([(latitude, longitude) for _code, latitude, longitude in communes])
    shrink = np.array([1.0, np.cos(np.radians(points[:, 0].mean()))])
    here = np.array([(row.latitude, row.longitude) for row in rows])
    squares = (((here[:, None, :] - points[None, :, :]) * shrink) ** 2).sum(axis=2)
    return [communes[at][0] for at in squares.argmin(axis=1)]
