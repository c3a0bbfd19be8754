"""Drafts live through a closed browser, go on at another counter, and tell two people apart."""

import io
from uuid import UUID

import pypdf
import pytest
from django.test import Client

from intake.errors import PaperNotReady
from intake.models.counter import ComeBackSlip, Taking
from intake.models.dossiers import Dossier
from intake.operations import come_backs
from intake.rules.states import Handling
from shared.models.oversight import AuditEntry
from shared.roles import Role
from tests.factories import citizens, network
from tests.intake.counter_cases import TAKE, Counter
from tests.intake.moments import MONDAY_MORNING

pytestmark = pytest.mark.django_db
KEEP = "/quay/ban-nhap/"


@pytest.fixture
def counter(client: Client, rate_book) -> Counter:
    return Counter(client)


@pytest.fixture
def colleague(counter) -> Counter:
    """Another clerk of the same outlet, at another counter, acting for the same citizen later."""
    other = Counter.__new__(Counter)
    other.client, other.outlet, other.centre = Client(), counter.outlet, counter.centre
    other.clerk = network.staff(Role.OUTLET_CLERK, "Lê Văn Khác", outlet=counter.outlet)
    other.actor = network.acting(other.clerk)
    other.client.force_login(other.clerk)
    return other


def keep(counter: Counter, **changes):
    return counter.client.post(KEEP, counter.filled(**changes)).json()


def test_what_is_typed_is_kept_without_being_asked(counter):
    counter.acts_for()

    told = keep(counter, shown=[], note="Cần gấp")

    draft = Dossier.objects.get()
    assert told["version"] == draft.version
    assert draft.handling == Handling.DRAFT
    assert draft.filing["note"] == "Cần gấp"
    assert Taking.objects.get().findings == [{"code": "paper-missing", "severity": "stop", "component": "to_khai"}]


def test_keeping_the_same_again_changes_nothing(counter):
    counter.acts_for()
    form = counter.filled()

    first, again = counter.client.post(KEEP, form).json(), counter.client.post(KEEP, form).json()

    assert first["version"] == again["version"]
    assert AuditEntry.objects.filter(action="dossier.save_draft").count() == 1


def test_a_colleague_goes_on_and_the_first_hears_who_was_there(counter, colleague):
    citizen = counter.acts_for()
    form = counter.filled(shown=[])
    version = counter.client.post(KEEP, form).json()["version"]
    citizens.session(citizen, colleague.clerk)

    taken = colleague.client.post(KEEP, {**form, "draft_version": version, "copies": "3"}).json()
    late = counter.client.post(KEEP, {**form, "draft_version": version, "note": "Của tôi"}).json()

    assert taken["version"] > version
    assert colleague.clerk.display_name in late["conflict"]
    assert "Số bản" in late["conflict"]
    assert Dossier.objects.get().filing["copies"] == 3
    taking = Taking.objects.get()
    assert (taking.begun_by_name, taking.held_by_name) == (counter.clerk.display_name, colleague.clerk.display_name)
    assert AuditEntry.objects.filter(action="dossier.take_over_draft").count() == 1


def test_the_page_keeps_what_was_typed_when_somebody_else_was_first(counter, colleague):
    citizen = counter.acts_for()
    form = counter.filled(shown=[])
    version = counter.client.post(KEEP, form).json()["version"]
    citizens.session(citizen, colleague.clerk)
    colleague.client.post(KEEP, {**form, "draft_version": version, "copies": "3"})

    refused = counter.client.post(TAKE, {**form, "draft_version": version, "do": "draft", "note": "Của tôi"})
    forced = counter.client.post(TAKE, {**form, "draft_version": version, "do": "draft", "overwrite": "1"})

    assert refused.status_code == 422
    assert "Của tôi" in refused.content.decode()
    assert forced.status_code == 302
    assert Dossier.objects.get().filing["copies"] == 1


def test_the_day_says_what_is_missing_and_who_holds_the_draft(counter, colleague):
    citizen = counter.acts_for()
    form = counter.filled(shown=[])
    version = counter.client.post(KEEP, form).json()["version"]
    citizens.session(citizen, colleague.clerk)
    colleague.client.post(KEEP, {**form, "draft_version": version, "copies": "2"})

    page = counter.client.get("/quay/").content.decode()

    assert "Tờ khai" in page
    assert colleague.clerk.display_name in page
    assert f"{counter.clerk.display_name} làm từ đầu" in page
    assert "lần đến thứ 2" in page


def test_a_draft_of_another_outlet_is_not_kept_over(counter, client):
    counter.acts_for()
    form = counter.filled()
    counter.client.post(KEEP, form)
    stranger = Counter(Client())
    stranger.acts_for()

    told = stranger.client.post(KEEP, form).json()

    assert told["stop"] is True
    assert Dossier.objects.get().outlet_id == counter.outlet.id


def test_without_a_session_nothing_is_kept(counter):
    assert keep(counter)["stop"] is True
    assert not Dossier.objects.exists()


def test_the_come_back_slip_says_exactly_what_is_missing_and_opens_the_draft_in_one_scan(counter):
    counter.acts_for(street="", phone="")

    answer = counter.client.post(TAKE, counter.filled(shown=[], do="come-back"))
    draft = Dossier.objects.get()
    pdf = counter.client.get(f"/quay/ban-nhap/{draft.id}/phieu-hen.pdf")
    text = " ".join(pypdf.PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text().split())
    scanned = counter.client.post("/tim/", {"q": draft.agent_ref})

    assert answer["Location"] == f"/quay/ho-so/{draft.id}/"
    assert "Còn thiếu: Tờ khai" in text
    assert "Chưa có địa chỉ nhận kết quả" in text
    assert draft.agent_ref in text
    assert counter.outlet.name in text
    assert scanned["Location"] == f"{TAKE}?draft={draft.id}"
    assert "In phiếu hẹn" in counter.client.get(f"/quay/ho-so/{draft.id}/").content.decode()


def test_a_slip_is_printed_again_as_it_was_and_a_new_one_made_when_less_is_missing(counter):
    counter.acts_for()
    form = counter.filled(shown=[])
    counter.client.post(KEEP, form)
    draft = Dossier.objects.get()
    issue = lambda: come_backs.issue_slip(dossier_id=draft.id, by=counter.actor, at=MONDAY_MORNING)  # noqa: E731

    first, again = issue(), issue()
    counter.client.post(KEEP, {**form, "shown": ["to_khai"]})
    second = issue()

    assert first.id == again.id
    assert second.number == 2
    assert second.data["missing"] == []
    assert ComeBackSlip.objects.count() == 2


def test_no_slip_for_what_is_filed_already(counter):
    counter.acts_for()
    counter.posts(do="submit")

    with pytest.raises(PaperNotReady):
        come_backs.issue_slip(dossier_id=Dossier.objects.get().id, by=counter.actor, at=MONDAY_MORNING)


def test_time_and_visits_are_counted_to_the_submission(counter):
    citizen = counter.acts_for()
    form = counter.filled(shown=[])
    counter.client.post(KEEP, form)
    counter.client.post("/quay/phien/ket-thuc/")
    citizens.session(citizen, counter.clerk)
    page = counter.client.get(f"{TAKE}?draft={Dossier.objects.get().id}").content.decode()
    opened = page.split('name="opened" value="')[1].split('"')[0]

    counter.client.post(TAKE, {**form, "shown": ["to_khai"], "opened": opened, "do": "submit"})

    taking = Taking.objects.get()
    assert Dossier.objects.get().handling == Handling.REGISTERED
    assert taking.visits == 2
    assert taking.seconds is not None
    assert 0 <= taking.seconds < 60
    assert taking.submitted_at is not None


def test_a_draft_kept_after_its_submission_changes_nothing(counter):
    counter.acts_for()
    form = counter.filled()
    counter.client.post(TAKE, {**form, "do": "submit"})

    told = counter.client.post(KEEP, {**form, "note": "muộn"}).json()

    assert told["stop"] is True
    assert UUID(form["client_ref"]) == Dossier.objects.get().client_ref
    assert Dossier.objects.get().note == ""
