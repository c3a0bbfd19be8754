"""Dossiers that lie before a centre, brought there step by step."""

import io
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction
from PIL import Image
from pypdf import PdfWriter

from agents.models.organisations import Centre
from intake.models.citizens import Citizen
from intake.models.dossiers import Dossier
from intake.rules.states import HandlingAction
from intake.steps import take_step
from shared.actors import job
from shared.calendar import LOCAL_ZONE
from shared.identifiers import spoken_code
from shared.models.calendar import CalendarDay
from shared.text import fold
from shared.working_days import forget
from tests.factories import catalogue, network, places


def at(day: str, clock: str = "09:00") -> datetime:
    """A local moment: at("2025-07-02", "14:30")."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=LOCAL_ZONE)


WEDNESDAY = at("2025-07-02")


def calendar_day(day: str, *, is_working: bool) -> None:
    CalendarDay.objects.update_or_create(date=date.fromisoformat(day), defaults={
        "is_working": is_working, "name_vi": "x", "name_en": "x", "legal_basis": "x", "confidence": "known"})
    forget()


def hue_centre() -> Centre:
    """The centre of Phong Dinh, with a code as the city gives them."""
    return network.centre(agency_code="H57.31")


def citizen(name: str = "Phan Văn Thử") -> Citizen:
    return Citizen.objects.create(
        full_name=name, search_key=fold(name), national_id_masked="046•••••4127", phone="+84914000268",
        commune=places.commune(), registered_at=WEDNESDAY)


def filed(*, outlet=None, centre=None, authority=None, code=catalogue.BIRTH, channel="online", result_choice="home",
          moment=WEDNESDAY, name="Phan Văn Thử") -> Dossier:
    """Submitted at an outlet, still there."""
    outlet = outlet or network.outlet()
    centre = centre or hue_centre()
    procedure = catalogue.procedure(code)
    dossier = Dossier.objects.create(
        client_ref=uuid4(), agent_ref=spoken_code(), procedure=procedure, procedure_code=procedure.code,
        citizen=citizen(name), province_code=centre.province_id, outlet=outlet, operator=outlet.operator,
        receiving_centre=centre, authority_centre=authority or centre, channel=channel, result_choice=result_choice,
        created_at=moment, submitted_at=moment, delivery_name=name, delivery_street="12 đường Thử Nghiệm",
        delivery_commune=places.commune())
    with transaction.atomic():
        take_step(dossier, HandlingAction.SUBMIT, by=job("test"), at=moment)
    return dossier


def forwarded(*, handed_over_at: datetime | None = None, moment: datetime = WEDNESDAY, **fields) -> Dossier:
    """In the centre's inbox."""
    dossier = filed(moment=moment, **fields)
    dossier.forwarded_at, dossier.handed_over_at = moment, handed_over_at
    with transaction.atomic():
        take_step(dossier, HandlingAction.FORWARD, by=job("test"), at=moment,
                  also=("forwarded_at", "handed_over_at"))
    return dossier


def small_picture() -> bytes:
    """A sheet of paper as a scanner gives it."""
    out = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(out, format="PNG")
    return out.getvalue()


def small_pdf() -> bytes:
    """One empty page."""
    out = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.write(out)
    return out.getvalue()
