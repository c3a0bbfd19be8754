"""Who puts right what goes wrong in a city: one party for each kind, as data that the operations room keeps."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from agents.room.errors import VendorDutyRefused
from agents.room.models import VendorDuty
from agents.room.rules import IncidentKind
from shared import audit
from shared.actors import Actor
from shared.errors import ErrorCollector
from shared.text import clean
from shared.transactions import operation

MOST_MINUTES: Final = 5 * 480


@operation
def set_duty(*, kind: str, vendor: str, phone: str, minutes: int, basis: str, by: Actor, at: datetime) -> VendorDuty:
    """Say who puts right what goes wrong of one kind, within how many working minutes. Again: replaces it.

    Raises VendorDutyRefused.
    """
    vendor, phone, basis = clean(vendor), clean(phone), clean(basis)
    wrong = ErrorCollector()
    if kind not in set(IncidentKind):
        wrong.add("/kind", "unknown", _("There is no such kind of incident."))
    if not 2 <= len(vendor) <= 120:
        wrong.add("/vendor", "length", _("Give the name of the company or office, in 2 to 120 characters."))
    if not 5 <= minutes <= MOST_MINUTES:
        wrong.add("/minutes", "range", _("Between 5 working minutes and 5 working days (2,400)."))
    if len(phone) > 20 or len(basis) > 200:
        wrong.add("/phone", "length", _("This is too long."))
    if not by.province_code:
        wrong.add("/province_code", "missing", _("Vendors are kept by city: sign in with an account of one."))
    wrong.raise_if_any(VendorDutyRefused)
    duty, _made = VendorDuty.objects.update_or_create(province_code=by.province_code, kind=kind, defaults={
        "vendor": vendor, "phone": phone, "minutes": minutes, "basis": basis, "set_at": at, "set_by_name": by.name})
    audit.record(actor=by, action="vendor_duty.set", object_type="vendor_duty", object_id=duty.id, at=at,
                 after={"kind": kind, "vendor": vendor, "minutes": minutes})
    return duty
