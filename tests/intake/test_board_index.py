"""The national index from days counted at night: the same as from every dossier one by one."""

from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.boards.figures import Unit
from intake.boards.index_days import count_index_days
from intake.boards.models import BoardMark, IndexDay
from intake.boards.national import facts_of, slow_facts
from intake.boards.rules.national import Share
from intake.models.decisions import Resolution
from intake.models.documents import Document
from intake.models.dossiers import Dossier
from intake.satisfaction.models import Satisfaction
from shared.identifiers import spoken_code
from tests.factories import catalogue, network, places
from tests.intake.centre_cases import at, citizen, hue_centre

pytestmark = pytest.mark.django_db

FIRST, LAST = at("2025-12-20", "00:00"), at("2026-01-12", "18:00")


class Year:
    """Dossiers around a New Year: by any channel, some decided, some answered, some told to us out of order."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.centres = [hue_centre(), network.centre(places.PHU_XUAN), None]
        self.procedure = catalogue.procedure(catalogue.CERTIFIED_COPY)
        self.person = citizen()

    def moment(self, since: datetime = FIRST, until: datetime = LAST) -> datetime:
        return since + timedelta(seconds=self.random.randrange(int((until - since).total_seconds()) + 1))

    def go_on(self, count: int, *, since: datetime = FIRST) -> None:
        for _ in range(count):
            centre, moment = self.random.choice(self.centres), self.moment(since)
            dossier = Dossier.objects.create(
                client_ref=uuid4(), agent_ref=spoken_code(), code=str(uuid4()), procedure=self.procedure,
                procedure_code=self.procedure.code, citizen=self.person, province_code=places.HUE,
                receiving_centre=centre, authority_centre=centre, channel=self.random.choice(("online", "direct")),
                result_choice="collect", created_at=moment, received_at=self.random.choice((moment, moment, None)))
            if self.random.random() < 0.7:
                self._decide(dossier, max(since, moment + timedelta(hours=self.random.choice((-30, 2, 90)))))
            if self.random.random() < 0.5:
                Satisfaction.objects.create(
                    dossier=dossier, province_code=places.HUE, centre=centre, overall=self.random.randrange(1, 6),
                    was_asked_for_money=False, answered_at=self.moment(since))

    def _decide(self, dossier: Dossier, moment: datetime) -> None:
        paper = None
        if self.random.random() < 0.5:
            paper = Document.objects.create(
                dossier=dossier, component="result", original_name="x.pdf", blob_name=str(uuid4()),
                content_type="application/pdf", size_bytes=1, sha256="0" * 64, uploaded_at=moment, uploaded_by="test")
        Resolution.objects.create(
            dossier=dossier, decision_number="1", summary="x", result_document=paper, resolved_by=uuid4(),
            resolved_by_name="x", resolved_at=moment, was_on_time=True)

    def must_be_equal(self) -> None:
        for unit in (Unit(places.HUE), *(Unit(places.HUE, centre.id) for centre in self.centres if centre)):
            for moment in (self.moment(), at("2026-01-01", "00:00"), LAST):
                assert facts_of(unit, moment) == slow_facts(unit, moment)


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(min_value=0, max_value=2**32))
def test_the_index_equals_a_count_of_every_dossier_before_between_and_after_nights(seed):
    BoardMark.objects.all().delete()
    IndexDay.objects.all().delete()
    year = Year(Random(seed))
    year.go_on(10)
    year.must_be_equal()

    night = year.moment(at("2025-12-25", "03:10"), at("2026-01-08", "03:10"))
    count_index_days(at=night)
    year.must_be_equal()
    year.go_on(6, since=night)
    year.must_be_equal()

    year.go_on(6)
    count_index_days(at=LAST)
    year.must_be_equal()


def test_what_was_told_late_or_moved_is_put_right_the_night_after():
    centre, other = hue_centre(), network.centre(places.PHU_XUAN)
    year = Year(Random(1))
    dossier = Dossier.objects.create(
        client_ref=uuid4(), agent_ref=spoken_code(), code="x", procedure=year.procedure,
        procedure_code=year.procedure.code, citizen=year.person, province_code=places.HUE, receiving_centre=centre,
        authority_centre=centre, channel="online", result_choice="collect", created_at=FIRST, received_at=FIRST)
    count_index_days(at=FIRST + timedelta(days=1))
    Dossier.objects.filter(id=dossier.id).update(receiving_centre=other)

    moment = at("2025-12-30", "12:00")
    assert facts_of(Unit(places.HUE, centre.id), moment).online == Share(1, 1)
    count_index_days(at=moment)

    assert facts_of(Unit(places.HUE, centre.id), moment).online == Share(0, 0)
    assert facts_of(Unit(places.HUE, other.id), moment).online == Share(1, 1)
    assert IndexDay.objects.count() == 1
