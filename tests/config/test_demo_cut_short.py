"""A demo that was killed in the middle goes on where it stood: nothing is filed twice, nothing is left half-way."""

from dataclasses import replace
from datetime import datetime

import pytest

from config.demo import hanoi_months
from config.demo.cast import Cast
from config.demo.hanoi_cases import Case
from config.demo.hanoi_months import Months
from config.demo.post import Post
from config.demo.timeline import Timeline
from intake.models.dossiers import Dossier, DossierStep
from shared.calendar import LOCAL_ZONE
from tests.factories import catalogue, network, places, rates
from tests.factories.parcels import number_pool

pytestmark = pytest.mark.django_db
MORNING = datetime(2025, 12, 9, 9, 5, tzinfo=LOCAL_ZONE)
CASE = Case(1, 0, MORNING, "1.004873", "online", "", works_elsewhere=False, outcome="delivered", needs_supplement=True)
STEPS = ["submit", "forward", "receive", "start", "ask_supplement", "answer_supplement", "resolve"]


class Cut(Exception):
    """Somebody stopped the demo."""


class HeardPost(Post):
    """Carriers' events, heard instead of told over HTTP."""

    def __init__(self):
        self.heard = set()

    def _tell(self, carrier, events):
        self.heard |= {event["event_id"] for event in events}


class SmallCast(Cast):
    """The clerk of one outlet and the officer of one centre."""

    def __init__(self, outlet, centre):
        self.clerk_of = {outlet.id: network.acting(network.clerk(outlet))}
        self.officer_of = {centre.id: network.acting(network.officer(centre))}


@pytest.fixture
def months(monkeypatch):
    rates.load()
    number_pool()
    for code in ("1.004873", "2.000635"):
        catalogue.procedure(code)
    outlet, centre = network.outlet(places.HOAN_KIEM), network.centre(places.HOAN_KIEM)
    cast = SmallCast(outlet, centre)
    told = [CASE, replace(CASE, number=2, procedure_code="2.000635", needs_supplement=False)]
    monkeypatch.setattr(hanoi_months, "cases", lambda outlets, calendar: told)
    return lambda timeline, post: Months(timeline, cast, post).plan()


def play(months, post, *, at_most=10_000):
    timeline = Timeline()
    months(timeline, post)

    def told(done, left):
        if done >= at_most:
            raise Cut

    timeline.play(told=told)


@pytest.mark.parametrize("happenings", [1, 2, 4, 6, 8])
def test_what_was_cut_short_ends_as_if_it_had_not_been(months, happenings):
    post = HeardPost()
    with pytest.raises(Cut):
        play(months, post, at_most=happenings)
    play(months, post)

    assert Dossier.objects.count() == 2
    for dossier in Dossier.objects.order_by("submitted_at"):
        taken = DossierStep.objects.filter(dossier=dossier, machine="handling").order_by("id")
        expected = [step for step in STEPS if dossier.procedure.code == "1.004873" or "supplement" not in step]
        assert list(taken.values_list("action", flat=True)) == expected
    assert {event.split("-")[0] for event in post.heard} == {
        parcel for each in Dossier.objects.all() for parcel in [p.number for p in _parcels(each)]}


def _parcels(dossier):
    from delivery.public import parcels_of_dossier

    return parcels_of_dossier(dossier.id)
