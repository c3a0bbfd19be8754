"""Results that wait at a centre with reminders and hand-over lists, and the log book as a file."""

import csv
import io
import zipfile
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from config.subscriptions import make_log_book
from intake import blobs
from intake.errors import DecisionRefused, IllegalTransition, LogBookRefused
from intake.events import LogBookAsked
from intake.log_book import harmless
from intake.models.citizens import Citizen
from intake.models.documents import Document
from intake.models.dossiers import Dossier, DossierStep
from intake.models.papers import LogBook
from intake.operations import log_books, reception, resolution, results_counter
from intake.operations.documents import store_document
from intake.papers.result_list import result_list_pdf
from intake.queries.results_waiting import waiting_results
from shared.models.messages import OutboxMessage
from tests.factories import catalogue, network
from tests.intake.centre_cases import WEDNESDAY, at, forwarded, hue_centre, small_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return network.acting(network.officer(hue_centre()))


def resolved(officer, choice="collect", **fields) -> Dossier:
    dossier = forwarded(code=catalogue.BUSINESS, result_choice=choice, **fields)
    reception.receive(dossier_id=dossier.id, by=officer, at=WEDNESDAY)
    resolution.resolve(dossier_id=dossier.id, decision_number="12/GCN", summary="Cấp giấy", by=officer, at=WEDNESDAY)
    return Dossier.objects.get(id=dossier.id)


@pytest.mark.parametrize(("component", "state", "code"), [
    ("other", "clean", "unknown-document"), ("result", "infected", "infected"), ("result", "clean", None)])
def test_a_result_is_what_the_centre_put_there_and_the_antivirus_let_pass(component, state, code, officer, settings,
                                                                         tmp_path):
    settings.MEDIA_ROOT = tmp_path
    dossier = forwarded(code=catalogue.BUSINESS, result_choice="collect")
    reception.receive(dossier_id=dossier.id, by=officer, at=WEDNESDAY)
    paper = store_document(chunks=[small_picture()], name="kq.png", component=component, by=officer, at=WEDNESDAY,
                           dossier_id=dossier.id)
    Document.objects.filter(id=paper.id).update(state=state)
    decision = {"dossier_id": dossier.id, "decision_number": "12/GCN", "summary": "Cấp giấy", "by": officer,
                "at": WEDNESDAY, "result_document_id": paper.id}

    if code is None:
        assert resolution.resolve(**decision).result_document_id == paper.id
        return
    with pytest.raises(DecisionRefused) as refused:
        resolution.resolve(**decision)
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/result_document_id", code)]


def test_waiting_results_show_their_age_and_reminders(officer):
    lying, travelling = resolved(officer), resolved(officer, "home")
    results_counter.remind(dossier_id=lying.id, by=officer, at=at("2025-07-04"))

    (row,) = waiting_results(officer, now=at("2025-07-09"), to_fetch=True)
    (going,) = waiting_results(officer, now=at("2025-07-09"), to_fetch=False)

    assert (row.id, row.age, row.reminded, row.decision_number) == (lying.id, 5, 1, "12/GCN")
    assert (going.id, going.goes_home) == (travelling.id, True)
    assert OutboxMessage.objects.filter(event="CollectionReminded").count() == 1


def test_reminders_go_out_by_themselves_after_three_days_then_every_five_three_times(officer):
    lying = resolved(officer)
    sent = [results_counter.run_reminders(at=at(day)) for day in (
        "2025-07-04", "2025-07-08", "2025-07-09", "2025-07-16", "2025-07-24", "2025-08-04")]

    assert sent == [0, 1, 0, 1, 1, 0]
    assert DossierStep.objects.filter(dossier=lying, action="remind", actor_kind="job").count() == 3


def test_nobody_is_reminded_of_what_travels_or_is_gone(officer):
    travelling = resolved(officer, "home")

    with pytest.raises(IllegalTransition):
        results_counter.remind(dossier_id=travelling.id, by=officer, at=WEDNESDAY)
    assert results_counter.run_reminders(at=at("2025-07-20")) == 0


def test_a_hand_over_list_is_numbered_and_stays_as_it_was(officer):
    rows = [resolved(officer, "home"), resolved(officer)]
    made = results_counter.make_result_list(dossier_ids=[row.id for row in rows], receiver="Bưu điện thành phố Huế",
                                            by=officer, at=WEDNESDAY)
    first = result_list_pdf(made.id, actor=officer)
    Citizen.objects.update(full_name="Tên Khác")

    assert [row["post"] for row in made.paper["rows"]] == ["X", ""]
    assert result_list_pdf(made.id, actor=officer) == first
    again = results_counter.make_result_list(dossier_ids=[rows[0].id], receiver="x", by=officer, at=WEDNESDAY)
    assert (made.number, again.number, again.year) == (1, 2, 2025)
    assert waiting_results(officer, now=WEDNESDAY, to_fetch=False)[0].list_number == "002/2025"


@pytest.mark.parametrize(("chosen", "receiver", "pointer"), [
    ((), "x", "/dossier_ids"), ((uuid4(),), "x", "/dossier_ids"), (None, " ", "/receiver")])
def test_a_list_of_nothing_or_for_nobody_is_refused(chosen, receiver, pointer, officer):
    ids = [resolved(officer).id] if chosen is None else list(chosen)
    with pytest.raises(DecisionRefused) as refused:
        results_counter.make_result_list(dossier_ids=ids, receiver=receiver, by=officer, at=WEDNESDAY)

    assert [error.pointer for error in refused.value.errors] == [pointer]


# --- the log book ---------------------------------------------------------------------------------------------------


def book(officer, kind) -> LogBook:
    asked = log_books.ask_log_book(from_day=date(2025, 7, 1), until_day=date(2025, 7, 2), format=kind, by=officer,
                                   at=at("2025-07-03"))
    assert OutboxMessage.objects.get(event="LogBookAsked").subscriber == "make_log_book"
    make_log_book(LogBookAsked(asked.id))
    make_log_book(LogBookAsked(asked.id))
    return LogBook.objects.get(id=asked.id)


@pytest.fixture
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_csv_holds_every_dossier_received_in_the_period_and_runs_nothing(officer, store):
    resolved(officer, name="=HYPERLINK(1)")
    reception.receive(dossier_id=forwarded().id, by=officer, at=at("2025-07-03"))  # the day after

    made = book(officer, "csv")

    content = blobs.read(made.storage_name).decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(content))
    assert (made.rows, header[1], row[4]) == (1, "Mã hồ sơ", "'=HYPERLINK(1)")
    assert row[8] == "02/07/2025 09:00"


@pytest.mark.parametrize("cell", ["=1+1", "+84", "-2", "@x", "\tx", "＝1"])
def test_a_cell_that_a_spreadsheet_would_run_is_disarmed(cell):
    assert harmless(cell) == f"'{cell}"
    assert harmless("Phan Văn Thử") == "Phan Văn Thử"
    assert harmless(7) == 7


def test_workbook_and_pdf_are_what_they_say(officer, store):
    resolved(officer)
    for kind in ("xlsx", "pdf"):
        content = blobs.read(book(officer, kind).storage_name)
        assert content.startswith(b"%PDF" if kind == "pdf" else b"PK")
        if kind == "xlsx":
            sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
            assert "<f>" not in sheet
        OutboxMessage.objects.all().delete()
        LogBook.objects.all().delete()


@pytest.mark.parametrize(("fields", "pointer"), [
    ({"until_day": date(2025, 6, 1)}, "/until_day"), ({"until_day": date(2027, 1, 1)}, "/until_day"),
    ({"format": "docx"}, "/format"), ({"from_day": date(2026, 1, 1), "until_day": date(2026, 1, 2)}, "/from_day")])
def test_a_book_that_cannot_be_is_refused(fields, pointer, officer):
    with pytest.raises(LogBookRefused) as refused:
        log_books.ask_log_book(**{"from_day": date(2025, 7, 1), "until_day": date(2025, 7, 2), "format": "csv",
                                  "by": officer, "at": at("2025-07-03"), **fields})

    assert [error.pointer for error in refused.value.errors] == [pointer]


def test_another_centre_fetches_no_book_of_ours(officer, store, client):
    made = book(officer, "csv")
    where = reverse("intake:log-book-file", args=[made.id])
    client.force_login(network.officer(network.centre("19753")))
    assert client.get(where).status_code == 404
    client.force_login(network.officer(hue_centre()))
    assert client.get(where)["Content-Disposition"].endswith('.csv"')
    assert UUID(str(made.id))


def test_the_page_asks_again_while_a_book_is_being_made(client):
    person = network.officer(hue_centre())
    client.force_login(person)
    log_books.ask_log_book(from_day=date(2025, 7, 1), until_day=date(2025, 7, 31), format="csv",
                           by=network.acting(person), at=at("2025-08-01"))

    asked_again = client.get(reverse("intake:log-book"), headers={"HX-Request": "true"})

    assert asked_again.status_code == 200
    assert 'id="books"' in asked_again.content.decode()
