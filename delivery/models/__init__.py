"""Django looks for models here; code imports the submodule it means."""

from delivery.models.carrier_requests import CarrierRequest
from delivery.models.events import ProofOfDelivery, TrackingEvent
from delivery.models.lines import CarrierLine, CarrierNumber
from delivery.models.parcels import NumberPool, Parcel, ParcelDossier
from delivery.models.tracking import TrackingTry

__all__ = [
    "CarrierLine", "CarrierNumber", "CarrierRequest", "NumberPool", "Parcel", "ParcelDossier", "ProofOfDelivery",
    "TrackingEvent", "TrackingTry",
]
