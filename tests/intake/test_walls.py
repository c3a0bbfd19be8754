"""The same work behind PostgreSQL's own wall, as a web request does it: nothing is missing, nothing more is seen."""

import pytest

from intake.errors import ClientRefReused
from intake.models.documents import Document
from intake.models.dossiers import Dossier
from intake.models.routing import AuthorityQuestion
from intake.operations import authority, documents, forwarding, opening, sessions, submission
from intake.records import DocumentRef, PlaceChoice
from shared import scope
from tests.factories import dossiers, network, places
from tests.factories.papers import looked_at
from tests.factories.parcels import number_pool
from tests.intake.moments import MONDAY_MORNING as NOW
from tests.intake.test_documents import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    yield
    scope.leave()


def test_an_outlet_files_uploads_and_forwards_within_its_walls():
    counter = dossiers.counter()
    number_pool()
    scope.enter(counter.by)

    scan = documents.store_document(chunks=[pdf()], name="a.pdf", component="to_khai", by=counter.by, at=NOW)
    papers = (DocumentRef("to_khai", scan.id), *dossiers.SHOWN_BY_POST[1:])
    dossier = counter.submit(channel="post", documents=papers)
    forwarding.forward_on_paper(dossier_ids=[dossier.id], by=counter.by, at=NOW)

    assert Dossier.objects.get().forwarded_at == NOW
    with scope.everything():
        looked_at(scan)
    assert opening.open_document(document_id=scan.id, by=counter.by, at=NOW).content.startswith(b"%PDF-")


def test_a_client_ref_behind_the_wall_is_refused_and_not_a_fault():
    one, other = dossiers.counter(), dossiers.counter(places.PHU_XUAN)
    filing = one.filing()
    submission.submit_dossier(filing, by=one.by, at=NOW)
    scope.enter(other.by)

    with pytest.raises(ClientRefReused):
        other.submit(client_ref=filing.client_ref)


def test_an_outlets_papers_stay_behind_its_wall():
    one, other = dossiers.counter(), dossiers.counter(places.PHU_XUAN)
    documents.store_document(chunks=[pdf()], name="a.pdf", component="to_khai", by=one.by, at=NOW)

    scope.enter(other.by)

    assert not Document.objects.exists()
    assert not Dossier.objects.exists()


def test_a_manager_settles_a_question_for_another_centre_of_the_province():
    counter = dossiers.counter(places.HOAN_KIEM)
    places.former_commune(places.CONG_VI)
    counter.submit(place=PlaceChoice(former_commune_code=places.CONG_VI))
    centre = network.centre(places.NGOC_HA)
    by = network.acting(network.centre_manager(network.provincial_centre(places.HANOI)))
    question = AuthorityQuestion.objects.get()
    scope.enter(by)

    settled = authority.answer_authority_question(question_id=question.id, centre_id=centre.id, legal_basis="Luật thử",
                                                  by=by, at=NOW)

    assert settled.authority_centre_id == centre.id


def test_a_citizen_found_by_number_can_be_served_behind_the_wall():
    counter = dossiers.counter()
    other = network.acting(network.clerk(network.outlet(places.PHU_XUAN)))
    scope.enter(other)

    from intake.operations import citizens
    from intake.operations.citizens import COLUMN
    from shared import crypto

    number = crypto.decrypt(bytes(counter.citizen.national_id_sealed or b""), bound_to=COLUMN)
    found = citizens.find_by_national_id(national_id=number, purpose="tiếp nhận", by=other, at=NOW)

    assert found is not None
    assert sessions.open_session(citizen_id=found.id, purposes=["assist_filing"], by=other, at=NOW)
