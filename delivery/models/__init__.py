"""Django looks for models here; code imports the submodule it means."""

from delivery.addresses.models import Address, ZoneEntry
from delivery.clock.models import PromiseCount
from delivery.dispatch.models import CutOff, Dispatch, DispatchItem
from delivery.door.models import DeliveryChange, DeliveryRound, DoorAct, PickUp, Release, RoundStop
from delivery.indemnities.models import Indemnity, IndemnityTerms
from delivery.models.carrier_requests import CarrierRequest
from delivery.models.events import ProofOfDelivery, TrackingEvent
from delivery.models.lines import CarrierLine, CarrierNumber, PollRound
from delivery.models.parcels import NumberPool, Parcel, ParcelDossier
from delivery.models.tracking import TrackingTry
from delivery.searches.models import Delay, SearchCase, SearchStep
from delivery.shares.models import CarrierContract, ShareProposal

__all__ = [
    "Address",
    "CarrierLine",
    "CarrierNumber",
    "CarrierRequest",
    "CutOff",
    "DeliveryChange",
    "DeliveryRound",
    "Dispatch",
    "DispatchItem",
    "DoorAct",
    "NumberPool",
    "Parcel",
    "ParcelDossier",
    "PickUp",
    "PollRound",
    "ProofOfDelivery",
    "Release",
    "RoundStop",
    "TrackingEvent",
    "TrackingTry",
    "ZoneEntry",
]
__all__ += ["CarrierContract", "Delay", "Indemnity", "IndemnityTerms", "PromiseCount", "SearchCase", "SearchStep",
            "ShareProposal"]
