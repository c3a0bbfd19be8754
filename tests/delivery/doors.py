"""Offices, postmen and citizens at the door, as the tests play them."""

import json
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from agents.models.organisations import Outlet
from delivery.door.models import DeliveryRound
from delivery.door.operations import rounds
from delivery.models.parcels import Parcel
from shared.actors import Actor
from tests.delivery import carrier
from tests.factories import network, parcels
from tests.factories.parcels import BOOKED_AT, RECIPIENT

OUT_AT = BOOKED_AT + timedelta(days=1)
"""Thursday 15 January 2026, 09:00."""
DRAWN = "M10 20 L30 40 L50 60 "
KEY_HEADER = "Wardpost-Round"


def at_office(**fields: Any) -> Parcel:
    """A result at its delivery office."""
    booked = parcels.parcel(**fields)
    carrier.tell(Client(), carrier.event(booked.number, "EMA"), carrier.event(booked.number, "EMG", 20))
    booked.refresh_from_db()
    return booked


def clerk_of(outlet: Outlet) -> Actor:
    return network.acting(network.clerk(outlet))


def round_with(*numbers: str, outlet: Outlet | None = None, at: datetime = OUT_AT) -> tuple[DeliveryRound, str]:
    """A round that a phone has opened, and the phone's key."""
    given = rounds.RoundInput("Lê Văn Bưu", "BT-017", numbers)
    _opened, token = rounds.open_round(given, by=clerk_of(outlet or network.outlet()), at=at)
    return rounds.claim_round(token=token, at=at)


def hand_over(**fields: Any) -> dict[str, Any]:
    return {"receiver_name": RECIPIENT, "relation": "self", "id_kind": "cccd", "signature": DRAWN} | fields


def act(number: str, *, at: datetime = OUT_AT, sent_at: datetime | None = None, sequence: int = 1,
        **fields: Any) -> dict[str, Any]:
    """An act as the phone writes it down at `at` by its own clock."""
    said = {"id": str(uuid4()), "number": number, "sequence": sequence, "device_at": at.isoformat(),
            "device_sent_at": (sent_at or at).isoformat()}
    return said | fields


def send(key: str, said: dict[str, Any], photo: bytes | None = None) -> Any:
    files = {} if photo is None else {"photo": SimpleUploadedFile("a.jpg", photo, "image/jpeg")}
    return Client().post("/api/v1/door/acts", {"act": json.dumps(said)} | files, headers={KEY_HEADER: key})


def picture(size: tuple[int, int] = (2400, 1200), kind: str = "JPEG") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (90, 120, 140)).save(out, kind, exif=_with_position())
    return out.getvalue()


def _with_position() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = "bi mat 046"
    return exif
