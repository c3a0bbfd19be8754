"""A counter at work: a clerk, a citizen who stands there, and the page filled in as far as a test needs it."""

import io
from uuid import uuid4

import pypdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from intake.operations import sessions
from tests.factories import catalogue, citizens, network, places

TAKE = "/quay/ho-so-moi/"
CITIZEN = "/quay/ho-so-moi/nguoi-dan/"
CARD = ("046192001234|191234567|Hồ Thị Lài|12081992|Nữ|Thôn Trung Thạnh, Phong Chương, Phong Điền, "
        "Thừa Thiên Huế|01072021")


def scan(name: str = "to-khai.pdf") -> SimpleUploadedFile:
    """A one-page PDF as a scanner makes it."""
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.write(out)
    return SimpleUploadedFile(name, out.getvalue(), content_type="application/pdf")


class Counter:
    """An outlet with its centre, a clerk signed in, and a citizen of Phong Dinh whom she may act for."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.outlet = network.outlet(name="Bưu cục Phong Dinh")
        self.centre = network.centre()
        self.clerk = network.clerk(self.outlet)
        self.actor = network.acting(self.clerk)
        catalogue.procedure(catalogue.EXTRACT)
        places.former_commune()
        client.force_login(self.clerk)

    def acts_for(self, *purposes: str, **entries):
        """A citizen is registered and acted for; she agreed to `purposes`, or to everything."""
        citizen = citizens.citizen(self.actor, **entries)
        sessions.open_session(citizen_id=citizen.id, purposes=purposes or citizens.EVERYTHING, by=self.actor,
                              at=timezone.now())
        return citizen

    def filled(self, **changes) -> dict[str, object]:
        """The form for an extract from the register of former Phong Chương, complete."""
        return {
            "client_ref": str(uuid4()), "procedure_code": catalogue.EXTRACT, "copies": "1", "pages": "1",
            "place": f"{places.PHONG_DINH}/{places.PHONG_CHUONG}", "channel": "online", "result_choice": "home",
            "shown": ["to_khai"], **changes}

    def posts(self, **changes):
        return self.client.post(TAKE, self.filled(**changes))
