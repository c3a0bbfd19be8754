"""Two bags of a counter, one counted with a difference and one on its way; receipts, one of them voided; originals."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID, uuid5

from agents.models.people import StaffAccount
from config.demo.citizens import acting_for, as_typed, registered
from config.demo.people import Person, people
from config.demo.timeline import Timeline
from intake.models.dossiers import Dossier
from intake.models.manifests import Manifest
from intake.models.receipts import Receipt
from intake.operations import (
    manifest_counts,
    manifests,
    originals,
    paper_receipts,
    payments,
    receipt_numbers,
    submission,
)
from intake.operations.manifest_counts import CountInput, Found, Surplus
from intake.operations.originals import OriginalInput
from intake.operations.paper_receipts import SheetInput
from intake.operations.receipt_numbers import DelegationInput
from intake.operations.receipts import void_receipt
from intake.queries.catalogue import checklist, get_procedure
from intake.records import DocumentRef, PlaceChoice, SubmissionInput
from intake.signing import JointSignature
from shared.calendar import local
from shared.money import Money

_STORY: Final = UUID("0c1f3a52-7c1e-4f5e-9d8a-51f2b7c90a11")
EXTRACT, SINGLE_STATUS = "2.000635", "1.004873"
POSTMAN: Final = JointSignature("Nguyễn Văn Phát", "BT-0417", "M40 120 L90 60 L120 140 L180 50 L260 130 L420 90 ")


def plan(timeline: Timeline, opening: datetime) -> None:
    """Put the counter's bags and receipts of the day of `opening` on the timeline."""
    day = _Day()
    timeline.plan(opening - timedelta(minutes=20), day.allot_numbers)
    timeline.plan(opening + timedelta(minutes=30), day.collect)
    timeline.plan(opening + timedelta(minutes=60), partial(day.pack, "HUE-260417", 3))
    timeline.plan(opening + timedelta(minutes=300), day.count)
    timeline.plan(opening + timedelta(minutes=320), partial(day.pack, "HUE-260418", 2))
    timeline.plan(opening + timedelta(minutes=350), day.keep_an_original)


def _account(username: str) -> StaffAccount:
    return StaffAccount.objects.select_related("outlet__operator", "outlet__commune", "centre", "operator").get(
        username=username)


class _Day:
    """One counter, its manager, its operator and the centre that counts. Played again, nothing happens twice."""

    def __init__(self) -> None:
        self.clerk, self.manager = _account("quay.hue").actor, _account("truong.hue").actor
        self.officer, self.operator = _account("canbo.hue").actor, _account("dieuhanh.vnpost").actor
        outlet = _account("quay.hue").outlet
        assert outlet is not None  # noqa: S101  # as the log-ins are made
        self.outlet_id, self.commune = outlet.id, outlet.commune_id
        self.crowd: Iterator[Person] = people("hand-over", "046")
        self.taken = 0

    def _take(self, procedure_code: str, channel: str, at: datetime) -> Dossier:
        self.taken += 1
        client_ref = uuid5(_STORY, f"visit-{self.taken}")
        citizen_id = registered(as_typed(next(self.crowd), self.commune), self.clerk, at)
        procedure = get_procedure(procedure_code, local(at).date())
        with acting_for(citizen_id, self.clerk, at):
            return submission.submit_dossier(SubmissionInput(
                client_ref=client_ref, citizen_id=citizen_id, procedure_code=procedure_code, channel=channel,
                result_choice="home", place=PlaceChoice(commune_code=self.commune),
                documents=tuple(DocumentRef(paper.code) for paper in checklist(procedure, channel)
                                if paper.is_required)), by=self.clerk, at=at)

    def allot_numbers(self, at: datetime) -> None:
        """The authority of Phong Dinh delegates; the outlet gets numbers and a block for when the network is down."""
        assert self.officer.centre_id is not None  # noqa: S101  # an officer works at a centre
        year = local(at).year
        delegation = receipt_numbers.record_delegation(DelegationInput(
            number=f"12/UNBL-{year}", centre_id=self.officer.centre_id, agency_tax_code="3301700123",
            purpose="Thu phí, lệ phí hồ sơ thủ tục hành chính tại điểm phục vụ", signed_on=date(year - 1, 12, 15),
            tax_told_on=date(year - 1, 12, 20), valid_from=date(year, 1, 1)), by=self.operator, at=at)
        receipt_numbers.publish_delegation(delegation_id=delegation.id, by=self.operator, at=at)
        self._allot(delegation.id, "electronic", f"PD-{year % 100}E", count=500, at=at)
        self.block_id = self._allot(delegation.id, "preprinted", f"PD-{year % 100}P", count=50, at=at)

    def _allot(self, delegation_id: UUID, kind: str, symbol: str, *, count: int, at: datetime) -> UUID:
        series = receipt_numbers.open_series(
            delegation_id=delegation_id, kind=kind, form_symbol="01BLP3-001", symbol=symbol, year=local(at).year,
            last=99_999, by=self.operator, at=at)
        return receipt_numbers.allot_range(series_id=series.id, outlet_id=self.outlet_id, count=count,
                                           by=self.operator, at=at).id

    def collect(self, at: datetime) -> None:
        """Three fees, one receipt in the wrong name, and a sheet written while the network was down."""
        for minute in range(3):
            moment = at + timedelta(minutes=4 * minute)
            dossier = self._take(EXTRACT, "online", moment)
            payments.record_payment(dossier_id=dossier.id, by=self.clerk, at=moment + timedelta(minutes=2))
        wrong = Receipt.objects.filter(outlet_id=self.outlet_id).order_by("number").first()
        assert wrong is not None  # noqa: S101  # written just now
        later = at + timedelta(minutes=20)
        void_receipt(receipt_id=wrong.id, reason="wrong-payer", note="Con trai nộp thay, ghi nhầm tên",
                     payer_name="Hồ Văn Nộp", by=self.manager, at=later)
        paper_receipts.enter_sheet(
            SheetInput(number=1, collected_at=at, amount=Money(8_000), payer_name="Trần Thị Mận"),
            range_id=self.block_id, by=self.clerk, at=later)

    def pack(self, seal: str, how_many: int, at: datetime) -> None:
        """Fill a bag, seal it, and let the postman sign."""
        packed: list[Dossier] = []
        for number in range(how_many):
            moment = at + timedelta(minutes=3 * number)
            packed.append(self._take(SINGLE_STATUS, "post", moment))
            originals.take_original(
                OriginalInput("other", name="Giấy xác nhận tình trạng hôn nhân cũ", identifier=f"XN {20 + number}/PD"),
                dossier_id=packed[-1].id, by=self.clerk, at=moment)
            manifests.scan_out(code=packed[-1].agent_ref, by=self.clerk, at=moment)
        manifest = Manifest.objects.filter(outlet_id=self.outlet_id, state="open").latest("opened_at")
        sealed_at = at + timedelta(minutes=20)
        manifests.seal(manifest_id=manifest.id, seal_number=seal, weight_grams=90 * how_many, by=self.clerk,
                       at=sealed_at)
        manifests.hand_to_carrier(manifest_id=manifest.id, gives=JointSignature(self.clerk.name, "GDV-031"),
                                  takes=POSTMAN, by=self.clerk, at=sealed_at + timedelta(minutes=15))

    def count(self, at: datetime) -> None:
        """The centre finds one dossier missing and an envelope too many, and receives the rest."""
        manifest = Manifest.objects.get(outlet_id=self.outlet_id, seal_number="HUE-260417")
        items = list(manifest.items.order_by("position"))
        lines = {item.id: Found("missing" if item is items[-1] else "there") for item in items}
        manifest_counts.count(CountInput(
            lines=lines, seal_number="HUE-260417", gives=POSTMAN, takes=JointSignature(self.officer.name, "CB-112"),
            surplus=(Surplus("BI-THU-TRANG", "bì thư trắng, không ghi mã hồ sơ"),)),
            manifest_id=manifest.id, by=self.officer, at=at)
        manifest_counts.receive_counted(manifest_id=manifest.id, by=self.officer, at=at + timedelta(minutes=5))

    def keep_an_original(self, at: datetime) -> None:
        """An original that the clerk keeps overnight, so that the list of what is where is not empty."""
        dossier = self._take(EXTRACT, "online", at)
        originals.take_original(
            OriginalInput("other", name="Giấy khai sinh bản chính (mẫu cũ)", identifier="KS 118/1998"),
            dossier_id=dossier.id, by=self.clerk, at=at)
