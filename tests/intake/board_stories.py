"""Receptions and resolutions at random, for what is read from boards."""

from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

from intake.models.dossiers import Dossier
from intake.rules.states import HandlingAction
from intake.steps import take_step
from shared.actors import job
from shared.identifiers import spoken_code
from tests.factories import catalogue
from tests.intake.centre_cases import at, citizen

START = at("2025-06-29", "20:00")
END = at("2025-07-04", "12:00")
CODES = (catalogue.CERTIFIED_COPY, catalogue.BUSINESS, catalogue.DEATH)


def moments(random: Random, count: int) -> list[datetime]:
    """Moments all over the days, whole hours and local midnights among them."""
    minutes = int((END - START).total_seconds() // 60)
    anywhere = [START + timedelta(seconds=random.randrange(60 * minutes)) for _ in range(count)]
    return [*anywhere, at("2025-07-01", "00:00"), at("2025-07-02", "00:00"), at("2025-07-03", "10:00"), END]


def play(random: Random, centres, count: int) -> None:
    """Receptions and resolutions at random moments, in random order, as counters and late reports give them."""
    who, person = job("test"), citizen()
    procedures = [catalogue.procedure(code) for code in CODES]
    for _ in range(count):
        centre, procedure = random.choice(centres), random.choice(procedures)
        received_at = random.choice(moments(random, 20))
        dossier = Dossier.objects.create(
            client_ref=uuid4(), agent_ref=spoken_code(), code=str(uuid4()), procedure=procedure,
            procedure_code=procedure.code, citizen=person, province_code=centre.province_id, receiving_centre=centre,
            authority_centre=centre, channel="direct", result_choice="collect", created_at=received_at,
            received_at=received_at, handling=1)
        take_step(dossier, HandlingAction.RECEIVE, by=who, at=received_at)
        if random.random() < 0.4:
            take_step(dossier, HandlingAction.START, by=who, at=received_at)
            resolved_at = received_at + timedelta(minutes=random.randrange(3000))
            take_step(dossier, HandlingAction.RESOLVE, by=who, at=resolved_at)
