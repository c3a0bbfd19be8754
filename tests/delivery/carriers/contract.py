"""What every carrier's adapter must keep. A new carrier is one module beside the others and one subclass of this."""

import csv
import io
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.utils import timezone

from delivery.carriers.adapter import adapter_of, line_to
from delivery.carriers.files import COLUMNS
from delivery.carriers.known import get_carrier
from delivery.carriers.meaning import code_of
from delivery.carriers.protocol import Answer, Carrier, Consignment, Instruction, Outcome, Party
from delivery.models.events import TrackingEvent
from delivery.models.parcels import Parcel
from delivery.operations import files, polling, sending
from delivery.queries.verification import differences
from delivery.rules.carrier_requests import RequestKind
from delivery.rules.codes import EVENT_CODES
from delivery.simulator.desk import OLD
from delivery.simulator.words import in_own_words
from shared.ids import uuid7
from tests.delivery import carrier as at_the_door
from tests.factories import parcels

PLACE = "Phường Phú Xuân, Thành phố Huế"
DETAILS: Mapping[RequestKind, Mapping[str, str]] = {
    RequestKind.CANCEL: {}, RequestKind.RETURN: {}, RequestKind.RESCHEDULE: {"day": "2026-01-20"},
    RequestKind.REDIRECT: {"address": "9 đường Thử Nghiệm", "commune": PLACE}}


def wait_for(count: int, look: Callable[[], list[dict[str, Any]]], *, seconds: float = 20) -> list[dict[str, Any]]:
    """What `look` finds once it finds `count` of them, or after so long."""
    until = time.monotonic() + seconds
    while len(found := look()) < count and time.monotonic() < until:
        time.sleep(0.1)
    return found


class CarrierContract:
    """Subclasses name the carrier; the tests are the same for all of them."""

    code: ClassVar[str]
    number: ClassVar[str] = "RR100000000VN"
    operator_code: ClassVar[str] = "VNPOST"

    @pytest.fixture
    def line(self, simulator) -> Carrier:
        line = line_to(get_carrier(self.code))
        assert line is not None
        return line

    def consignment(self, number: str = "") -> Consignment:
        now = timezone.now()
        return Consignment(
            number=number or self.number, direction="result", weight_grams=100,
            sender=Party("Trung tâm Phong Dinh", "", "1 đường Thử Nghiệm", "Phường Phong Dinh, Thành phố Huế"),
            receiver=Party("Nguyễn Thị Thử", "+84914275268", "5 đường Thử Nghiệm", PLACE),
            references=("H57.31-260114-0231",), booked_at=now, promised_date=now.date() + timedelta(days=2))

    def instruction(self, kind: RequestKind) -> Instruction:
        return Instruction(uuid7(), self.number, kind, DETAILS[kind], "người nhận yêu cầu")

    # --- asking it ---

    def test_a_booking_is_taken_once_and_found(self, simulator, line):
        assert line.find(self.number).outcome is Outcome.ABSENT

        first, again = line.book(self.consignment()), line.book(self.consignment())

        assert (first.outcome, again.outcome, line.find(self.number).outcome) == (Outcome.BOOKED,) * 3
        assert simulator.store.counts()["parcels"] == 1

    def test_what_it_calls_the_parcel_is_told(self, simulator, line):
        simulator.configure({"renumbers": True})

        own = line.book(self.consignment()).own_numbers

        assert len(own) == 1
        assert own[0] != self.number
        assert line.find(self.number).own_numbers == own

    @pytest.mark.parametrize("kind", list(RequestKind))
    def test_an_instruction_is_taken_once(self, simulator, line, kind):
        line.book(self.consignment())
        instruction = self.instruction(kind)

        answers = [line.instruct(instruction).outcome, line.instruct(instruction).outcome]

        assert answers == [Outcome.BOOKED] * 2
        assert [each["kind"] for each in simulator.store.instructions()] == [kind.value]

    def test_a_refused_instruction_is_refused(self, simulator, line):
        line.book(self.consignment())
        simulator.configure({"refuses": True})

        assert line.instruct(self.instruction(RequestKind.CANCEL)).outcome is Outcome.REFUSED

    @pytest.mark.parametrize("fault", ["down", "error_bodies"])
    def test_what_does_not_say_is_unknown_and_nothing_else(self, simulator, line, fault):
        line.book(self.consignment())
        simulator.configure({fault: True})
        instruction = self.instruction(RequestKind.RETURN)

        answers: list[Answer] = [line.book(self.consignment()), line.find(self.number), line.instruct(instruction),
                                 line.find_instruction(instruction)]

        assert {answer.outcome for answer in answers} == {Outcome.UNKNOWN}
        assert not line.poll([self.number]).is_answered

    def test_after_a_lost_answer_it_is_found(self, simulator, line):
        line.find(self.number)  # whatever it asks for first, such as a token
        simulator.configure({"lost_answers": 1})
        assert line.book(self.consignment()).outcome is Outcome.UNKNOWN

        assert line.find(self.number).outcome is Outcome.BOOKED

    def test_a_line_that_is_not_there_is_unknown(self, settings):
        settings.WARDPOST_CARRIER_SECRETS = {self.code: "f" * 64}
        settings.WARDPOST_CARRIER_URLS = {self.code: "http://127.0.0.1:9"}
        line = line_to(get_carrier(self.code))

        assert line is not None
        assert line.book(self.consignment()).outcome is Outcome.UNKNOWN

    # --- what it tells ---

    def test_every_code_of_its_own_means_one_of_ours(self):
        own = adapter_of(self.code).codes

        assert set(own.values()) <= set(EVENT_CODES)
        assert all(code_of(self.code, said) is EVENT_CODES[meant] for said, meant in own.items())
        assert code_of(self.code, "nonsense") is None

    def parcel(self, *, booked_ago: timedelta = timedelta(minutes=1)) -> Parcel:
        made = parcels.parcel(operator_code=self.operator_code, booked_at=timezone.now() - booked_ago)
        if made.carrier != self.code:
            Parcel.objects.filter(id=made.id).update(carrier=self.code)
            made.refresh_from_db()
        return made

    def test_what_it_pushes_polls_and_files_is_one_set_of_events(self, simulator, client):
        """The same life three times over, through the three ways in, is that life once."""
        parcel = self.parcel(booked_ago=2 * OLD)  # the simulator gives it no life of its own beside the one we ask for
        assert sending.send_parcel(parcel_id=parcel.id, at=timezone.now()) == "booked"
        _, planned = simulator.play({"carrier": self.code, "number": parcel.number, "outcome": "delivered"})
        events = wait_for(planned["events"], lambda: simulator.happened(self.code, [parcel.number]))

        line = line_to(get_carrier(self.code))
        assert line is not None
        polling.poll_carrier(self.code, line, at=timezone.now())
        parcel.refresh_from_db()
        assert (parcel.state, parcel.proof.receiver_name) == ("delivered", self.receiver_among(events))
        count = TrackingEvent.objects.count()

        for event in events:
            answer = at_the_door.post(client, in_own_words(self.code, event, renumbers=False), carrier=self.code)
            assert answer.status_code in {200, 202}, answer.content
        report = files.ingest_file(carrier=self.code, text=self.daily_file(events), at=timezone.now())

        assert (report.refused, report.applied, TrackingEvent.objects.count()) == ((), 0, count)
        assert differences() == []

    def receiver_among(self, events: list[dict[str, Any]]) -> str:
        """Who took it, as the carrier tells: the citizen, or one of her family in one life of five."""
        (receiver,) = [event["receiver"] for event in events if "receiver" in event]
        return str(receiver["name"])

    def daily_file(self, events: list[dict[str, Any]]) -> str:
        """The events under the carrier's own columns, or under ours where it has none."""
        columns = adapter_of(self.code).file_columns
        out = io.StringIO()
        if not columns:
            written = csv.writer(out)
            written.writerow(COLUMNS)
            for each in events:
                receiver = each.get("receiver", {})
                written.writerow([each["event_id"], each["number"], each["code"], each["occurred_at"],
                                  each.get("office", ""), each.get("note", ""),
                                  *(receiver.get(name, "") for name in ("name", "relation", "id_kind", "method"))])
            return out.getvalue()
        named = csv.DictWriter(out, columns, extrasaction="ignore")
        named.writeheader()
        for each in events:
            told = in_own_words(self.code, each, renumbers=False)
            named.writerow({name: value or "" for name, value in told.get("DATA", told).items()})
        return out.getvalue()

    def test_events_under_its_own_number_find_their_parcel(self, simulator, client):
        simulator.configure({"renumbers": True})
        parcel = self.parcel()
        sending.send_parcel(parcel_id=parcel.id, at=timezone.now())
        (own,) = parcel.carrier_numbers.values_list("number", flat=True)
        said = next((said for said, meant in adapter_of(self.code).codes.items() if meant == "EMA"), "EMA")
        event = {"event_id": "own-1", "number": own, "code": said, "occurred_at": timezone.now().isoformat()}

        answer = at_the_door.post(client, in_own_words(self.code, event, renumbers=True), carrier=self.code)

        assert answer.status_code == 202
        parcel.refresh_from_db()
        assert parcel.state == "accepted"

    @pytest.mark.parametrize("message", [
        {"DATA": 5}, {"DATA": []}, {"DATA": {}}, {"DATA": {"ORDER_STATUS": {"a": 1}}}, {"ORDER_STATUS": None},
        {"Traces": "x"}, {"Traces": [1]}, {"Traces": [{}]}, {"Traces": []}, {"TraceCode": [[]]}, {"TraceCode": "EMI"},
        {"ItemCode": "RR", "Traces": [{"TraceCode": "EMA", "TraceDate": "gestern"}]},
        {"DATA": {"ORDER_STATUS": 501, "ORDER_STATUSDATE": "31/02/2026 25:00:00", "ORDER_NUMBER": "RR1"}}])
    def test_nonsense_in_its_own_words_is_refused(self, simulator, client, message):
        answer = at_the_door.post(client, message, carrier=self.code)

        assert 400 <= answer.status_code < 500, answer.content
