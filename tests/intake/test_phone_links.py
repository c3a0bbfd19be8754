"""A phone photographs papers into one filing: ten minutes, one session, initials only, closed with the filing."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from intake.errors import DocumentRefused, NoOpenSession, PhoneLinkClosed
from intake.models.documents import Document
from intake.models.phone_links import PhoneLink
from intake.operations import phone_links, sessions
from intake.queries.sessions import open_session_of
from shared import scope
from tests.factories import dossiers, network
from tests.factories.papers import picture
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]
PAPERS = [{"code": "to_khai", "vi": "Tờ khai", "en": "Declaration"}]


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    yield
    scope.leave()


@pytest.fixture
def counter():
    return dossiers.counter()


def opened(counter, client_ref=None, at=NOW):
    return phone_links.open_phone_link(client_ref=client_ref or uuid4(), papers=PAPERS, by=counter.by, at=at)


def photographed(token: str, *, component: str = "to_khai", at=NOW, content: bytes | None = None) -> Document:
    return phone_links.store_photo(token=token, chunks=[content or picture()], name="IMG_1.jpg", component=component,
                                   at=at)


def test_a_photo_becomes_a_paper_of_the_citizen_in_that_filing(counter):
    link, token = opened(counter)

    document = photographed(token)

    assert (document.citizen_id, document.outlet_id) == (counter.citizen.id, counter.outlet.id)
    assert (document.origin, document.phone_link_id, document.dossier_id) == ("phone", link.id, None)
    assert document.uploaded_by == f"phone:{link.id}"


def test_the_link_is_long_kept_as_a_digest_and_says_nothing_of_the_citizen(counter):
    link, token = opened(counter)

    assert len(token) >= 32
    assert token not in str(PhoneLink.objects.filter(id=link.id).values())
    assert link.initials == "N.T.H."


@pytest.mark.parametrize("end", ["ten minutes", "taken back", "session ended", "newer link", "submitted"])
def test_a_link_ends(counter, end):
    filing = counter.filing()
    _link, token = opened(counter, filing.client_ref)
    at = NOW
    if end == "ten minutes":
        at = NOW + timedelta(minutes=10)
    elif end == "taken back":
        phone_links.close_phone_link(client_ref=filing.client_ref, by=counter.by, at=NOW)
    elif end == "session ended":
        sessions.close_session(session_id=open_session_of(counter.by).id, by=counter.by, at=NOW)
    elif end == "newer link":
        opened(counter, filing.client_ref)
    else:
        counter.submit(client_ref=filing.client_ref)

    with pytest.raises(PhoneLinkClosed):
        photographed(token, at=at)
    assert not Document.objects.exists()


def test_a_link_is_no_door_for_a_flood(counter):
    link, token = opened(counter)
    PhoneLink.objects.filter(id=link.id).update(tries=phone_links.MOST_TRIES)

    with pytest.raises(PhoneLinkClosed):
        photographed(token)


def test_a_refused_file_counts_as_a_try(counter):
    link, token = opened(counter)

    with pytest.raises(DocumentRefused):
        photographed(token, content=b"\xff\xd8\xff" + b"\0" * 50)

    link.refresh_from_db()
    assert link.tries == 1


def test_only_papers_that_were_asked_for_are_taken(counter):
    _link, token = opened(counter)

    with pytest.raises(DocumentRefused):
        photographed(token, component="result")


def test_nobody_acts_for_anybody_no_link(counter):
    with pytest.raises(NoOpenSession):
        phone_links.open_phone_link(client_ref=uuid4(), papers=PAPERS, by=network.acting(network.clerk()), at=NOW)


@time_machine.travel(NOW, tick=False)
def test_the_phones_page_shows_initials_and_papers_only_and_takes_a_photo(counter, client):
    _link, token = opened(counter)
    address = reverse("intake:phone", args=[token])
    scope.enter(None)

    shown = client.get(address)
    sent = client.post(address, {"component": "to_khai", "photo": SimpleUploadedFile("a.jpg", picture(), "image/jpeg")})

    page = shown.content.decode()
    assert "N.T.H." in page
    assert "Tờ khai" in page
    assert counter.citizen.full_name not in page
    assert "no-store" in shown["Cache-Control"]
    assert shown["X-Robots-Tag"] == "noindex, nofollow"
    assert "Đã nhận 1 ảnh" in sent.content.decode()


@time_machine.travel(NOW, tick=False)
def test_the_phones_page_says_what_is_wrong_with_a_photo(counter, client):
    _link, token = opened(counter)

    refused = client.post(reverse("intake:phone", args=[token]),
                          {"component": "to_khai", "photo": SimpleUploadedFile("a.jpg", b"hello", "image/jpeg")})
    empty = client.post(reverse("intake:phone", args=[token]), {"component": "to_khai"})

    assert refused.status_code == empty.status_code == 422
    assert "Chỉ nhận tệp PDF" in refused.content.decode()
    assert "Chưa nhận được ảnh" in empty.content.decode()


@pytest.mark.parametrize("token", ["x", "A" * 32])
def test_an_unknown_link_says_so_and_no_more(client, token):
    answer = client.get(reverse("intake:phone", args=[token]))

    assert answer.status_code == 404
    assert "Liên kết này không còn hiệu lực" in answer.content.decode()


def test_another_outlet_sees_no_links(counter):
    opened(counter)
    scope.enter(network.acting(network.clerk()))

    assert not PhoneLink.objects.exists()
