"""A carrier's daily file has the same effect as its webhooks, line by line; the same file again has none."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from delivery.carriers.files import COLUMNS, HeaderWrongError, looked_through
from delivery.models.events import ProofOfDelivery, TrackingEvent
from delivery.models.parcels import Parcel
from delivery.operations import files, parked
from delivery.queries.verification import differences
from shared.identifiers import s10_number
from shared.models.messages import InboxMessage, OutboxMessage
from tests.delivery import carrier
from tests.factories import parcels

pytestmark = pytest.mark.django_db(transaction=True)


def file_of(*events: dict[str, Any]) -> str:
    lines = [",".join(COLUMNS)]
    for event in events:
        receiver = event.get("receiver", {})
        cells = [event["event_id"], event["number"], event["code"], event["occurred_at"], event.get("office", ""),
                 event.get("note", ""), *(receiver.get(name, "") for name in ("name", "relation", "id_kind", "method"))]
        lines.append(",".join(f'"{cell}"' for cell in cells))
    return "\n".join(lines) + "\n"


def take_in(text: str, **asked: Any) -> files.FileReport:
    return files.ingest_file(carrier="vnpost", text=text, at=timezone.now(), **asked)


def life(number: str) -> list[dict[str, Any]]:
    return [carrier.event(number, "EMA", office="Bưu cục Phong Dinh"), carrier.event(number, "EDE", 5),
            carrier.delivered(number, 24)]


def test_a_file_moves_parcels_as_webhooks_do():
    one, two = parcels.parcel(), parcels.parcel()

    report = take_in(file_of(*life(one.number), *life(two.number)))

    assert (report.lines, report.applied, report.refused) == (6, 6, ())
    assert set(Parcel.objects.values_list("state", flat=True)) == {"delivered"}
    assert ProofOfDelivery.objects.filter(receiver_name="Nguyễn Thị Thử").count() == 2
    assert differences() == []


def test_the_same_file_again_changes_nothing():
    text = file_of(*life(parcels.parcel().number))
    take_in(text)
    told = OutboxMessage.objects.count()

    report = take_in(text)

    assert (report.applied, report.known) == (0, 3)
    assert OutboxMessage.objects.count() == told
    assert InboxMessage.objects.filter(source="carrier-file:vnpost").count() == 1


def test_what_the_webhook_told_before_is_known(client):
    parcel = parcels.parcel()
    events = life(parcel.number)
    carrier.tell(client, *events[:2])

    report = take_in(file_of(*events))

    assert (report.applied, report.known) == (1, 2)
    carrier.tell(client, *events)
    assert TrackingEvent.objects.count() == 3
    assert differences() == []


@pytest.mark.parametrize("size", [1, 2, 10_000])
def test_how_a_file_is_cut_does_not_matter(monkeypatch, size):
    monkeypatch.setattr(files, "AT_ONCE", size)
    parcel = parcels.parcel()

    take_in(file_of(*reversed(life(parcel.number))))

    parcel.refresh_from_db()
    assert parcel.state == "delivered"
    assert differences() == []


def test_portions_hold_every_line_once_and_a_parcels_lines_together():
    numbers = [f"PN{n:09d}VN" for n in range(40)]
    text = file_of(*(carrier.event(number, "EDE", hours) for hours in (1, 2, 3) for number in numbers))

    with looked_through("vnpost", io.BytesIO(text.encode()), 25) as daily:
        portions = [chunk.read(timezone.now())[0] for chunk in daily.chunks()]
        places = sorted(place for chunk in daily.chunks() for place in chunk.numbers)

    homes = [{event.number for event in portion} for portion in portions]
    assert len(portions) > 1
    assert sum(map(len, homes)) == len(set().union(*homes)) == 40
    assert sorted(event.event_id for portion in portions for event in portion) == sorted(
        line.split(",")[0].strip('"') for line in text.splitlines()[1:])
    assert places == list(range(2, 122))


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_file_may_begin_with_a_mark_and_end_lines_in_two_ways(ends):
    parcel = parcels.parcel()

    report = take_in("\ufeff" + file_of(*life(parcel.number)).replace('"', "").replace("\n", ends))

    assert (report.applied, report.refused) == (3, ())
    assert differences() == []


def test_what_stands_first_under_an_id_counts_however_its_line_looks():
    parcel = parcels.parcel()
    first = carrier.event(parcel.number, "EMA", note="đường " + "x" * 30)
    other = first | {"code": "EDE"}
    lines = file_of(first, other).replace('"', "").splitlines()
    lines[1] = lines[1].replace(first["note"], f"{first['note']} ")

    report = take_in("\n".join(lines) + "\n")

    assert (report.applied, report.known) == (1, 1)
    assert TrackingEvent.objects.get().code == "EMA"


def test_a_bad_line_is_named_and_the_others_are_taken():
    parcel = parcels.parcel()
    good = life(parcel.number)
    text = file_of(good[0], good[1] | {"occurred_at": "gestern"}, good[2]) + "half,a,line\n"

    report = take_in(text)

    assert report.applied == 2
    assert [(line.line, line.reason.split(":")[0]) for line in report.refused] == [
        (3, "occurred_at"), (5, "3 columns instead of 10")]


def test_text_is_brought_to_one_form_as_from_the_webhook():
    parcel = parcels.parcel()

    take_in(file_of(carrier.event(parcel.number, "EMA", office="Bưu cu\u0323c  Phong Dinh")))

    assert TrackingEvent.objects.get().office == "Bưu cục Phong Dinh"


def test_lines_about_unknown_parcels_wait_for_them():
    number = s10_number("RR", 10_000_000)

    report = take_in(file_of(carrier.event(number, "EMA"), carrier.delivered(number)))
    assert (report.applied, report.parked) == (0, 2)

    parcel = parcels.parcel()
    assert parked.retry_parked_events(at=timezone.now()) == 2
    parcel.refresh_from_db()
    assert parcel.state == "delivered"
    assert differences() == []


@pytest.mark.parametrize("text", ["", "a,b,c\n1,2,3\n"])
def test_a_file_without_its_header_is_refused_whole(text):
    with pytest.raises(HeaderWrongError):
        take_in(text)


def test_the_command_says_what_became_of_the_file(tmp_path):
    parcel = parcels.parcel()
    path = tmp_path / "day.csv"
    path.write_text(file_of(*life(parcel.number)) + "x\n", encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()

    with pytest.raises(CommandError, match="refused"):
        call_command("ingest_carrier_file", "vnpost", path, stdout=out, stderr=err)

    assert "3 applied" in out.getvalue()
    assert "line 5" in err.getvalue()
    call_command("verify_parcels", stdout=out)
    with pytest.raises(CommandError, match="No carrier"):
        call_command("ingest_carrier_file", "dhl", path)


def test_a_standing_that_was_tampered_with_is_found(client):
    parcel = parcels.parcel()
    carrier.tell(client, carrier.event(parcel.number, "EMA"))
    Parcel.objects.update(state="delivered")

    with pytest.raises(CommandError, match="1 parcels"):
        call_command("verify_parcels", stderr=io.StringIO())


def test_a_quotation_mark_that_is_never_closed_spoils_its_own_line_only():
    parcel = parcels.parcel()
    head, *lines = file_of(*life(parcel.number)).splitlines()

    report = take_in("\n".join([head, '"broken', *lines]))

    assert (report.applied, [line.line for line in report.refused]) == (3, [2])
