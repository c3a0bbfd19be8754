"""Digital signatures of a PDF: who signed, whether it still holds, in plain words; none holds a dossier up."""

from datetime import timedelta

import pytest

from intake import decoding
from intake.operations import inspecting, opening
from intake.queries.paper_facts import paper_facts
from intake.records import DocumentRef
from tests.factories import dossiers, network
from tests.factories import signed_pdfs as made
from tests.factories.papers import looked_at, stored
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.WARDPOST_TRUST_ROOTS = str(made.roots_folder(tmp_path / "trust"))


@pytest.fixture
def by():
    return network.acting(network.clerk())


def signed_twice() -> bytes:
    return made.signed(made.person("Lê Văn Hai"), made.signed(made.person("Trần Thị Một")), field="Second")


@pytest.mark.parametrize(("content", "standings", "kinds"), [
    (made.plain_pdf, [], []),
    (lambda: made.signed(made.person()), ["valid"], ["ok"]),
    (signed_twice, ["valid", "valid"], ["ok", "ok"]),
    (lambda: made.altered(made.signed(made.person())), ["altered"], ["late"]),
    (lambda: made.garbled(made.signed(made.person())), ["altered"], ["late"]),
    (lambda: made.signed(made.person(by=made.stranger())), ["untrusted"], ["soon"]),
    (lambda: made.signed(made.person(ends=timedelta(days=-1))), ["expired"], ["late"])],
    ids=["unsigned", "valid", "two", "altered", "garbled", "untrusted", "expired"])
def test_a_signature_is_read_and_said_in_plain_words(by, content, standings, kinds):
    document = looked_at(stored(by, content()))

    assert [each["standing"] for each in document.signatures] == standings
    lines = paper_facts(document).signatures
    assert [line.kind for line in lines] == kinds
    assert all(line.words.vi and line.words.en for line in lines)


def test_it_names_the_signer_the_issuer_and_the_time(by):
    document = looked_at(stored(by, made.signed(made.person("Trần Thị Lài"))))

    line = paper_facts(document).signatures[0]
    assert (line.by, line.issuer, line.is_stamped) == ("Trần Thị Lài", made.ROOT_NAME, False)
    assert line.at is not None


def test_the_original_stays_byte_by_byte_and_the_view_is_another_file(by):
    content = made.signed(made.person())
    document = looked_at(stored(by, content))

    assert opening.open_original(document_id=document.id, by=by, at=NOW).content == content
    assert opening.open_document(document_id=document.id, by=by, at=NOW).content != content


def test_a_check_that_does_not_end_is_told_and_holds_nothing_up(by, monkeypatch):
    document = stored(by, made.signed(made.person()))
    asked = decoding.ask
    monkeypatch.setattr(decoding, "ask", lambda verb, **more: (
        {"cause": "unreadable"} if verb == "signatures" else asked(verb, **more)))

    inspecting.prepare_document(document_id=document.id, at=NOW)

    document.refresh_from_db()
    assert (document.state, document.signatures) == ("safe", [{"standing": "unreadable"}])


def test_a_bad_signature_never_keeps_a_dossier_from_being_taken():
    counter = dossiers.counter()
    paper = looked_at(stored(counter.by, made.altered(made.signed(made.person()))))

    dossier = counter.submit(documents=(DocumentRef("to_khai", paper.id), DocumentRef("giay_chung_sinh")))

    assert dossier.submitted_at == NOW
