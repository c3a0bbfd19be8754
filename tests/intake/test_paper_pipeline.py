"""A paper on its way out of quarantine:

antivirus, the rebuilt view, damage and repair, nothing lost and nothing shown early.
"""

import io
import os
from datetime import timedelta

import pikepdf
import pytest
from django.urls import reverse
from PIL import Image

from intake import antivirus, blobs, decoding, document_sweeps
from intake.errors import (
    DocumentDamaged,
    DocumentNotChecked,
    DocumentNotFound,
    DocumentNotReadable,
    DocumentQuarantined,
)
from intake.models.documents import Document
from intake.operations import documents, inspecting, opening
from intake.records import DocumentRef
from intake.rules.document_states import (
    DOCUMENT,
    DOCUMENT_WORDS,
    FINAL_DOCUMENT,
    WATCHED_DOCUMENTS,
    DocumentState,
)
from shared.models.messages import OutboxMessage
from shared.models.oversight import AuditEntry, WorkItem
from shared.roles import Role
from tests.factories import antivirus as engines
from tests.factories import dossiers, network
from tests.factories.antivirus import EICAR
from tests.factories.papers import looked_at, pdf, picture, stored
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]
S = DocumentState


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def by():
    return network.acting(network.clerk())


@pytest.fixture
def engine(settings):
    with engines.running() as running:
        settings.CLAMD_ADDRESS = running.address
        yield running


def infected_pdf() -> bytes:
    return pdf() + EICAR + b"\n%%EOF\n"


def opened(document: Document, by) -> bytes:
    return opening.open_document(document_id=document.id, by=by, at=NOW).content


def test_every_state_is_final_or_watched_by_a_sweep_and_has_words():
    assert set(S) - FINAL_DOCUMENT == set(WATCHED_DOCUMENTS)
    assert {watch.sweep for watch in WATCHED_DOCUMENTS.values()} == set(document_sweeps.SWEEPS)
    assert {watch.owner_role for watch in WATCHED_DOCUMENTS.values()} <= set(Role.values)
    assert set(DOCUMENT_WORDS) == set(S)
    assert set(DOCUMENT.values()) == set(S)


def test_an_upload_asks_for_its_inspection_in_the_same_commit(by):
    document = stored(by)

    message = OutboxMessage.objects.get(event="DocumentStored")
    assert (message.subscriber, message.payload) == ("prepare_document", {"document_id": str(document.id)})


def test_nothing_is_shown_before_it_was_looked_at(by):
    document = stored(by)

    with pytest.raises(DocumentNotChecked):
        opened(document, by)
    with pytest.raises(DocumentNotChecked):
        opening.open_original(document_id=document.id, by=by, at=NOW)


def test_without_an_engine_the_rebuilt_view_is_shown_and_honestly_not_called_clean(by):
    document = looked_at(stored(by))

    assert (document.state, document.verdict, document.verdict_by) == (S.SAFE, "not_checked", "")
    assert opened(document, by).startswith(b"%PDF-")


def test_an_engine_that_finds_nothing_lets_the_view_through(by, engine):
    document = looked_at(stored(by))

    assert (document.state, document.verdict, document.verdict_by) == (S.CLEAN, "clean", engine.version)
    assert opened(document, by).startswith(b"%PDF-")


def test_a_large_file_reaches_the_engine_whole(by, engine):
    engine.signatures["Last-Byte"] = b"the very end"
    answer = antivirus.check(b"0" * (3 * 1024 * 1024 + 17) + b"the very end")

    assert answer.found == "Last-Byte"


def test_an_infected_file_is_kept_apart_the_dossier_goes_on_and_the_manager_is_told(engine):
    counter = dossiers.counter()
    document = stored(counter.by, infected_pdf())
    dossier = counter.submit(documents=(DocumentRef("to_khai", document.id), DocumentRef("giay_chung_sinh")))

    looked_at(document)

    dossier.refresh_from_db()
    assert (document.state, document.view_name, dossier.submitted_at) == (S.INFECTED, "", NOW)
    with pytest.raises(DocumentQuarantined):
        opened(document, counter.by)
    item = WorkItem.objects.get(kind="infected-paper")
    assert (item.owner_role, item.owner_place, item.reference) == (
        Role.OUTLET_MANAGER, counter.outlet.code, str(document.id))
    assert AuditEntry.objects.filter(action="document.catch", object_id=str(document.id)).exists()


@pytest.mark.parametrize("trouble", ["gone", "limit", "nonsense"])
def test_an_engine_in_trouble_blocks_no_upload_and_shows_nothing_unchecked(by, engine, settings, trouble):
    if trouble == "gone":
        settings.CLAMD_ADDRESS = "tcp://127.0.0.1:1"
    else:
        engine.answers = "INSTREAM size limit exceeded. ERROR" if trouble == "limit" else "?"

    document = looked_at(stored(by))

    assert (document.state, document.verdict) == (S.SAFE, "not_checked")
    with pytest.raises(DocumentNotChecked):
        opened(document, by)


def test_when_the_engine_is_back_what_waited_is_checked(by, engine, settings):
    address, settings.CLAMD_ADDRESS = settings.CLAMD_ADDRESS, "unix:/nowhere/clamd.ctl"
    good, bad = looked_at(stored(by, pdf(1))), looked_at(stored(by, infected_pdf()))
    assert document_sweeps.without_a_verdict(NOW) == 0
    settings.CLAMD_ADDRESS = address

    assert document_sweeps.without_a_verdict(NOW) == 2

    states = dict(Document.objects.values_list("id", "state"))
    assert states == {good.id: S.CLEAN, bad.id: S.INFECTED}


def test_a_wrong_finding_is_taken_back_by_later_signatures(by, engine):
    engine.signatures["False-Alarm"] = b"%PDF-"
    document = looked_at(stored(by))
    assert document.state == S.INFECTED

    del engine.signatures["False-Alarm"]
    assert document_sweeps.infected(NOW) == 0, "the same signatures would say the same"
    engine.version = "ClamAV 1.4.2/27501/Tue Nov 24 2026"
    assert document_sweeps.infected(NOW) == 1
    document_sweeps.left_in_quarantine(NOW + timedelta(minutes=5))

    document.refresh_from_db()
    assert document.state == S.CLEAN
    assert WorkItem.objects.get(kind="infected-paper").outcome == "released"


def test_a_virus_that_was_not_known_yet_is_found_by_later_signatures(by, engine):
    document = looked_at(stored(by))
    engine.version, engine.signatures["New"] = "ClamAV 1.4.2/27502/x", b"%PDF-"

    assert document_sweeps.without_a_verdict(NOW) == 1

    document.refresh_from_db()
    assert document.state == S.INFECTED


def test_a_paper_whose_worker_died_is_found_by_the_sweep(by):
    document = stored(by)
    assert document_sweeps.left_in_quarantine(NOW + timedelta(seconds=30)) == 0

    assert document_sweeps.left_in_quarantine(NOW + timedelta(minutes=3)) == 1

    document.refresh_from_db()
    assert document.state == S.SAFE


def test_looking_twice_leaves_one_view(by, store):
    document = looked_at(stored(by))

    inspecting.prepare_document(document_id=document.id, at=NOW)

    files = {each.relative_to(store).as_posix() for each in store.rglob("*") if each.is_file()}
    assert files == {document.blob_name, document.view_name, document.thumbs_name}


@pytest.mark.parametrize("harm", ["deleted", "altered"])
def test_a_lost_or_altered_file_is_found_told_and_comes_back_with_the_backup(by, store, harm):
    document = looked_at(stored(by))
    path = store / document.view_name
    before = path.read_bytes()
    if harm == "deleted":
        path.unlink()
    else:
        path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))

    assert document_sweeps.compare_with_hashes(at=NOW, limit=10) == 1
    with pytest.raises(DocumentDamaged):
        opened(document, by)
    assert document_sweeps.damaged(NOW) == 0

    path.write_bytes(before)
    assert document_sweeps.damaged(NOW) == 1
    assert looked_at(document).state == S.SAFE
    assert WorkItem.objects.get(kind="damaged-paper").outcome == "restored"


def test_damage_is_noticed_by_the_reader_too(by, store):
    document = looked_at(stored(by))
    (store / document.view_name).unlink()

    with pytest.raises(DocumentDamaged):
        opened(document, by)

    assert WorkItem.objects.get(kind="damaged-paper").owner_role == Role.ADMINISTRATOR


def test_the_scrub_begins_with_what_was_compared_longest_ago(by):
    old, young = looked_at(stored(by, pdf(1))), looked_at(stored(by, pdf(2)))
    Document.objects.filter(id=young.id).update(verified_at=NOW + timedelta(days=1))

    document_sweeps.compare_with_hashes(at=NOW + timedelta(days=2), limit=1)

    old.refresh_from_db()
    assert old.verified_at == NOW + timedelta(days=2)


def test_files_without_a_row_are_collected_after_a_day(by, store):
    document = looked_at(stored(by))
    orphan = blobs.keep_bytes(b"its transaction was rolled back")
    fresh = blobs.keep_bytes(b"its transaction may still be running")
    day_before = (NOW - timedelta(hours=30)).timestamp()
    for name in (orphan, document.blob_name, document.view_name):
        os.utime(store / name, (day_before, day_before))
    os.utime(store / fresh, (NOW.timestamp(), NOW.timestamp()))

    assert document_sweeps.collect_orphans(at=NOW) == 1

    assert not (store / orphan).exists()
    assert (store / fresh).exists()
    assert document_sweeps.is_intact(document)


def test_a_decoder_that_hangs_or_crashes_means_unreadable(by, monkeypatch):
    document = stored(by)
    monkeypatch.setattr(decoding, "ask", lambda verb, **_: {"cause": "unreadable"})

    looked_at(document)

    assert document.state == S.UNREADABLE
    with pytest.raises(DocumentNotReadable):
        opened(document, by)


def test_a_process_that_takes_too_long_is_ended(tmp_path):
    assert decoding.ask("examine", seconds=0, path=tmp_path / "x", kind="image/png") == {"cause": "unreadable"}


def test_one_citizens_file_is_stored_once_and_goes_only_with_its_last_row(store, django_capture_on_commit_callbacks):
    counter = dossiers.counter()
    one = looked_at(stored(counter.by))
    other = stored(counter.by, component="giay_chung_sinh")

    assert (other.blob_name, other.view_name, other.state) == (one.blob_name, one.view_name, S.SAFE)
    with django_capture_on_commit_callbacks(execute=True):
        documents.remove_waiting_document(document_id=one.id, by=counter.by, at=NOW)
    assert document_sweeps.is_intact(other)
    with django_capture_on_commit_callbacks(execute=True):
        documents.remove_waiting_document(document_id=other.id, by=counter.by, at=NOW)
    assert [each for each in store.rglob("*") if each.is_file()] == []


def test_the_same_content_of_another_citizen_is_stored_apart():
    counter = dossiers.counter()
    one = stored(counter.by)
    dossiers.next_citizen(counter)

    other = stored(counter.by, component="giay_chung_sinh")

    assert other.citizen_id != one.citizen_id
    assert other.blob_name != one.blob_name


def test_a_paper_that_is_here_already_needs_no_bytes():
    counter = dossiers.counter()
    one = stored(counter.by)

    named = documents.store_by_hash(sha256=one.sha256, name="ban-sao.pdf", component="giay_chung_sinh", by=counter.by,
                                    at=NOW)

    assert (named.blob_name, named.component, named.original_name) == (one.blob_name, "giay_chung_sinh", "ban-sao.pdf")
    again = documents.store_by_hash(sha256=one.sha256, name="x", component="giay_chung_sinh", by=counter.by, at=NOW)
    assert again.id == named.id


def test_a_hash_alone_opens_nobody_elses_paper():
    counter = dossiers.counter()
    one = stored(counter.by)
    dossiers.next_citizen(counter)

    with pytest.raises(DocumentNotFound):
        documents.store_by_hash(sha256=one.sha256, name="x", component="to_khai", by=counter.by, at=NOW)


def test_a_photo_is_turned_upright_and_says_no_longer_where_it_was_taken(by):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    Image.effect_noise((1200, 900), 90).convert("RGB").save(file, "JPEG", exif=exif)

    document = looked_at(stored(by, file.getvalue(), name="anh.jpg"))

    view = Image.open(io.BytesIO(opened(document, by)))
    assert (view.size, dict(view.getexif())) == ((900, 1200), {})
    assert document.notes == ["location", "turned"]


def test_a_photo_from_an_iphone_becomes_a_jpeg(by):
    import pillow_heif

    pillow_heif.register_heif_opener()
    document = looked_at(stored(by, picture("HEIF"), name="IMG_1.HEIC"))

    assert (document.content_type, document.original_type) == ("image/jpeg", "image/heic")
    assert opened(document, by).startswith(b"\xff\xd8\xff")


def test_a_pdf_loses_what_runs_opens_or_carries_something_and_keeps_its_pages(by):
    document = looked_at(stored(by, dangerous_pdf()))

    with pikepdf.open(io.BytesIO(opened(document, by))) as view:
        assert len(view.pages) == 2
        whole = b"".join(repr(each).encode() for each in view.objects)
    for word in (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/XFA", b"/OpenAction", b"/AA", b"evil"):
        assert word not in whole
    assert set(document.notes) == {"javascript", "launch", "embedded", "xfa", "links", "external"}


def dangerous_pdf() -> bytes:
    made = pikepdf.open(io.BytesIO(pdf(2)))
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('evil')"))
    made.Root.OpenAction = script
    made.Root.AA = pikepdf.Dictionary(WC=script)
    made.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=made.make_stream(b"<evil/>"))
    made.attachments["evil.exe"] = pikepdf.AttachedFileSpec(
        made, b"MZ evil", filename="evil.exe", description="", mime_type="", creation_date="", mod_date="")
    made.pages[0].Annots = pikepdf.Array([
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9],
                           A=pikepdf.Dictionary(S=name, F=pikepdf.String("evil.exe"), URI=pikepdf.String("http://evil")))
        for name in (pikepdf.Name.Launch, pikepdf.Name.URI, pikepdf.Name.GoToR)])
    file = io.BytesIO()
    made.save(file)
    return file.getvalue() + b"<html><script>evil()</script></html>"


def test_a_page_is_drawn_small_for_putting_in_order(by, client):
    document = looked_at(stored(by, pdf(2)))

    assert opening.page_picture(document=document, number=2, at=NOW).startswith(b"\xff\xd8\xff")
    assert opening.page_picture(document=document, number=3, at=NOW) is None


def test_pages_are_shown_without_being_run_guessed_at_or_kept(client):
    clerk = network.clerk()
    client.force_login(clerk)
    photo = looked_at(stored(network.acting(clerk), picture(), name="a\u202egpj.exe"))
    waiting = stored(network.acting(clerk), pdf(3))

    shown = client.get(reverse("intake:scan", args=[photo.id]))
    waits = client.get(reverse("intake:scan", args=[waiting.id]))
    small = client.get(reverse("intake:scan-page", args=[photo.id, 1]))
    taken = client.get(reverse("intake:scan-original", args=[photo.id]))

    assert "sandbox" in shown["Content-Security-Policy"]
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in shown["Cache-Control"]
    assert "\u202e" not in shown["Content-Disposition"]
    assert "đang được kiểm tra" in waits.content.decode()
    assert b"%PDF-" not in waits.content
    assert small["Content-Type"] == "image/jpeg"
    assert taken["Content-Disposition"].startswith("attachment")
    assert client.get(reverse("intake:scan-page", args=[waiting.id, 1])).status_code == 404
