"""Each exercise is finished by a clerk at the real screens, step by step, by what her pages post."""

import re
from io import BytesIO
from uuid import uuid4

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agents.practice import live, runs, world
from agents.practice.exercises import exercises
from agents.practice.models import PracticeRun
from billing.payments.models import CashShift
from delivery.models.parcels import Parcel
from intake.models.dossiers import Dossier
from intake.models.manifests import Manifest
from intake.models.procedures import Procedure
from shared import practice
from tests.agents.practice_cases import as_live, as_practice, token_in
from tests.factories import catalogue, network, places, rates

pytestmark = pytest.mark.django_db(transaction=True)
TAKE, CITIZEN, DRAFT = "/quay/ho-so-moi/", "/quay/ho-so-moi/nguoi-dan/", "/quay/ban-nhap/"
SIGNED = {"gives_name": "Trần Thị Thử", "takes_name": "Lê Văn Phát"}


class Trainee:
    """Somebody at a practice outlet, with a try of one exercise under way."""

    def __init__(self, account, settings, code):
        as_live(settings)
        link = live.give_link(exercise_code=code, by=account.actor, at=timezone.now())
        as_practice(settings)
        self.account = world.enter(token=token_in(link.url), at=timezone.now()).trainee.account
        self.client = Client()
        self.client.force_login(self.account)
        self.run = PracticeRun.objects.get(id=self._begun(code))
        self.person = runs.people_of(self.run)[0]

    def _begun(self, code):
        return self.client.post(f"/luyen-tap/bai/{code}/")["Location"].rstrip("/").rpartition("/")[2]

    def posts(self, path, status=302, **entries):
        answer = self.client.post(path, entries)
        told = re.sub(r"<[^>]+>|\s+", " ", answer.content.decode().partition("<main")[2])
        assert answer.status_code == status, told[:1500]
        return answer

    def registers(self):
        self.posts(CITIZEN, do="register", full_name=self.person.full_name, national_id=self.person.national_id,
                   birth=f"{self.person.birth_date:%d/%m/%Y}", sex=self.person.sex, phone=self.person.phone,
                   commune=places.PHONG_DINH, street=self.person.street, who="self",
                   agree=["assist_filing", "deliver_home", "notify"])

    def form(self, procedure, **changes):
        return {"client_ref": str(uuid4()), "procedure_code": procedure, "copies": "1", "pages": "1",
                "place": places.PHONG_DINH, "channel": "online", "result_choice": "home",
                "shown": [paper["code"] for paper in Procedure.objects.get(code=procedure).documents], **changes}

    def sends(self, procedure, **changes):
        self.posts(TAKE, **self.form(procedure, do="submit", **changes))
        return Dossier.objects.get()

    def is_done(self):
        """Whether the page that looks says so."""
        self.posts(f"/luyen-tap/lan/{self.run.id}/kiem-tra/")
        self.run.refresh_from_db()
        return self.run.is_finished, set(self.run.done)


def says_practice(answer):
    """Whether every page of a paper carries the mark."""
    pages = pypdf.PdfReader(BytesIO(answer.content)).pages
    return all(practice.WORDS.replace(" ", "") in "".join(page.extract_text().split()) for page in pages)


def registers_a_birth(at):
    at.registers()
    at.sends(catalogue.BIRTH)
    at.posts("/quay/phien/ket-thuc/")


def sends_nobody_away(at):
    at.registers()
    form = at.form(catalogue.BIRTH, shown=["to_khai"])
    form["draft_version"] = str(at.posts(DRAFT, 200, **form).json()["version"])
    at.posts(TAKE, **form, do="come-back")
    slip = at.client.get(f"{DRAFT}{Dossier.objects.get().id}/phieu-hen.pdf")
    assert says_practice(slip)


def hands_a_bag_over(at):
    at.registers()
    dossier = at.sends(catalogue.BIRTH, channel="post")
    at.posts(reverse("intake:scan-out"), code=dossier.agent_ref)
    bag = Manifest.objects.get()
    at.posts(reverse("intake:seal-bag", args=[bag.id]), seal_number="HUE-77001", weight_grams="300")
    at.posts(reverse("intake:pick-up-bag", args=[bag.id]), **SIGNED)
    papers = {"intake:bag-minutes": bag.id, "intake:slip": dossier.id, "delivery:label": Parcel.objects.get().id}
    for name, of in papers.items():
        assert says_practice(at.client.get(reverse(name, args=[of]))), name


def takes_cash(at):
    at.posts("/quay/ca/mo/", **{"note-10000": "5"})
    at.registers()
    dossier = at.sends(catalogue.EXTRACT, copies="2")
    at.posts(f"/quay/ho-so/{dossier.id}/thu-tien/")
    shift = CashShift.objects.get()
    at.posts(f"/quay/ca/{shift.id}/dem/", **{"note-10000": "5"})


def catches_up(at):
    at.posts("/su-co/bao/", kind="network", text="Mất mạng một giờ", effect="slow")
    at.registers()
    at.sends(catalogue.BIRTH)


DOING = {"birth-certificate": registers_a_birth, "incomplete-dossier": sends_nobody_away,
         "hand-over-a-bag": hands_a_bag_over, "cash-at-the-counter": takes_cash, "system-outage": catches_up}


@pytest.fixture
def clerk():
    rates.load()
    for code in (catalogue.BIRTH, catalogue.EXTRACT):
        catalogue.procedure(code)
    yield network.clerk(network.outlet(places.PHONG_DINH))
    rates.forget()


def test_each_exercise_is_tried_here():
    assert set(DOING) == {each.code for each in exercises()}


@pytest.mark.parametrize("code", sorted(DOING))
def test_an_exercise_is_finished_at_the_real_screens(code, clerk, settings):
    at = Trainee(clerk, settings, code)
    assert at.is_done() == (False, set())
    DOING[code](at)
    steps = {each.code for exercise in exercises() if exercise.code == code for each in exercise.steps}
    assert at.is_done() == (True, steps)
