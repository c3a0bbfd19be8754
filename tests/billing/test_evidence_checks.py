"""What is put forward as evidence is looked at like a citizen's paper before anybody opens it."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing.disputes.checking import check_files_of, check_waiting
from billing.disputes.files import evidence_of
from billing.disputes.models import EvidenceCheck
from shared.models.messages import OutboxMessage
from tests.billing import disputes as cases
from tests.billing.events import NOW
from tests.factories import antivirus, papers
from tests.factories.antivirus import EICAR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.CLAMD_ADDRESS = ""


@pytest.fixture
def engine(settings):
    with antivirus.running() as running:
        settings.CLAMD_ADDRESS = running.address
        yield running


@pytest.fixture
def place(rate_tables):
    return cases.outlet()


def given(place, content):
    return cases.disputed(place, cases.line_of(place), files=[evidence_of("bien nhan.pdf", content)])


def opened(client, account, dispute, original=""):
    client.force_login(account, backend="agents.backends.StaffBackend")
    return client.get(reverse("billing:dispute-file", args=[dispute.files.get().id]) + original)


def states():
    return list(EvidenceCheck.objects.order_by("id").values_list("state", flat=True))


def test_a_file_is_opened_only_after_the_antivirus_has_spoken_and_comes_rebuilt(client, place, engine):
    paper = papers.pdf(pages=1)
    dispute, boss = given(place, paper), cases.manager(place)
    assert OutboxMessage.objects.filter(event="EvidenceGiven").count() == 1
    waiting = opened(client, boss, dispute)
    assert (waiting.status_code, "Đang kiểm tra" in waiting.content.decode()) == (409, True)

    assert check_files_of(dispute.id, at=NOW) == 1

    answer = opened(client, boss, dispute)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer.content != paper
    assert "attachment" in answer["Content-Disposition"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert opened(client, boss, dispute, "?goc=1").content == paper
    assert opened(client, cases.manager(cases.outlet()), dispute).status_code == 404
    assert EvidenceCheck.objects.get().engine == engine.version
    assert check_files_of(dispute.id, at=NOW) == 0


def test_what_is_infected_stays_closed_for_both_sides_and_says_so(client, place, engine):
    dispute, boss = given(place, papers.pdf(pages=1) + EICAR), cases.manager(place)
    check_files_of(dispute.id, at=NOW)

    for account in (boss, cases.reviewer()):
        assert opened(client, account, dispute).status_code == 409
        assert opened(client, account, dispute, "?goc=1").status_code == 409
        page = client.get(reverse("billing:dispute", args=[dispute.id])).content.decode()
        assert "Có vi-rút, đã cách ly" in page
        assert "?goc=1" not in page
    assert not bytes(EvidenceCheck.objects.get().view)


def test_what_cannot_be_read_is_no_evidence(client, place):
    dispute = given(place, b"%PDF-1.7 minh chung")
    check_files_of(dispute.id, at=NOW)

    assert states() == ["unreadable"]
    assert opened(client, cases.manager(place), dispute).status_code == 409


def test_without_an_antivirus_the_rebuilt_view_is_shown_and_called_unchecked(client, place):
    dispute, boss = given(place, papers.pdf(pages=1)), cases.manager(place)
    check_files_of(dispute.id, at=NOW)

    assert states() == ["safe"]
    assert opened(client, boss, dispute).status_code == 200
    assert "Chưa quét vi-rút" in client.get(reverse("billing:dispute", args=[dispute.id])).content.decode()


def test_an_antivirus_that_comes_later_or_learns_more_is_asked_again(client, place, settings):
    dispute = given(place, papers.pdf(pages=1) + b"% mark")
    later = cases.RAISED + timedelta(minutes=20)
    assert check_waiting(at=later) == 1  # missed by its worker
    assert check_waiting(at=later) == 0
    with antivirus.running() as running:
        settings.CLAMD_ADDRESS = running.address
        assert opened(client, cases.manager(place), dispute).status_code == 409  # one is configured: wait for it
        assert (check_waiting(at=later), check_waiting(at=later)) == (1, 0)
        running.version, running.signatures = "ClamAV 1.4.2/27501/later", {"New": b"% mark"}
        assert check_waiting(at=later) == 1
        assert states() == ["safe", "clean", "infected"]
        assert opened(client, cases.manager(place), dispute).status_code == 409


def test_a_file_goes_in_from_the_page_with_what_was_said(client, place):
    boss = cases.manager(place)
    dispute = cases.disputed(place, cases.line_of(place), by=boss.actor)
    client.force_login(boss, backend="agents.backends.StaffBackend")
    client.post(reverse("billing:dispute-step", args=[dispute.id, "noi"]), {
        "text": "", "files": SimpleUploadedFile("bien nhan.pdf", papers.pdf(pages=1))})
    check_files_of(dispute.id, at=NOW)

    assert opened(client, boss, dispute).status_code == 200


def test_evidence_is_given_and_taken_over_the_api(client, place, engine):
    dispute, boss = cases.disputed(place, cases.line_of(place)), cases.manager(place)
    client.force_login(boss, backend="agents.backends.StaffBackend")
    paper = papers.pdf(pages=1)

    made = client.post(f"/api/v1/disputes/{dispute.id}/files", {
        "text": "Biên nhận có chữ ký.", "file": SimpleUploadedFile("bien nhan.pdf", paper)},
        headers={"Idempotency-Key": "0123456789abcdef0123"})
    assert made.status_code == 201, made.content
    file = made.json()["files"][0]
    assert (file["state"], file["sha256"]) == ("waiting", sha256(paper).hexdigest())
    content = f"/api/v1/dispute-files/{file['id']}/content"
    assert client.get(content).status_code == 409

    check_files_of(dispute.id, at=NOW)

    assert client.get(content).content.startswith(b"%PDF-")
    assert client.get(f"{content}?original=true").content == paper
    assert client.get(f"/api/v1/disputes/{dispute.id}").json()["files"][0]["state"] == "clean"
    client.force_login(cases.manager(cases.outlet()), backend="agents.backends.StaffBackend")
    assert client.get(content).status_code == 404


def test_what_is_no_evidence_is_refused_by_the_api(client, place):
    dispute = cases.disputed(place, cases.line_of(place))
    client.force_login(cases.manager(place), backend="agents.backends.StaffBackend")

    told = client.post(f"/api/v1/disputes/{dispute.id}/files", {"file": SimpleUploadedFile("a.pdf", b"MZ\x90")},
                       headers={"Idempotency-Key": "0123456789abcdef0124"})

    assert told.status_code == 422
    assert not dispute.files.exists()
