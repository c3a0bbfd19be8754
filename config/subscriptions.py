"""Who does what when something has happened: the whole choreography on one page.

Each subscriber is delivered at least once, in the order of its stream, so what it calls is idempotent by a natural key.
A subscriber's name is its address in the outbox and never changes.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from agents import public as agents
from agents.events import SiteDayChanged, StaffInvited, StaffLeft
from agents.handbook.questions import KeptAnswer, propose_kept
from agents.moves import telling as move_telling
from agents.moves.events import OutletMoveApproved, OutletMoveCalledOff, OutletMoved
from agents.people import mailing
from agents.placement.events import DemandAsked, PlacementAsked
from agents.practice import courier
from agents.practice.events import ExerciseFinished
from billing import public as billing
from billing.cards.events import CardAsked, CardDisputeDecided, CardRefundApproved, CardServiceTold, CardWithdrawn
from billing.events import (
    ClaimConfirmed,
    ClaimReceived,
    DisputeRaised,
    EvidenceGiven,
    ExportAsked,
    ScenarioAsked,
    StatementPrepared,
)
from billing.payments.events import CollectionPaid, CollectionReturned, ShiftCounted
from billing.payouts.events import StatementPaidOut, TransferOrdered
from billing.records import CompensableAct, DeliveredPostage
from config import claim_evidence
from delivery import public as delivery
from delivery.door.events import OriginalsCollected
from delivery.door.operations import elsewhere, outlet_moves
from delivery.events import (
    AddressToBeFound,
    CarrierAsked,
    IndemnityOwed,
    ParcelAccepted,
    ParcelBooked,
    ParcelCancelled,
    ParcelDelivered,
    ParcelLost,
    ParcelReturned,
    ParcelsHandedOver,
    ParcelSplit,
)
from delivery.indemnities import operations as indemnities
from delivery.indemnities import posting as indemnity_posting
from delivery.rules import Direction
from delivery.searches import sweeps as searches
from intake.custody import Signed
from intake.events import (
    AnswerKept,
    AuthoritySettled,
    DocumentStored,
    DossierMoneyReturned,
    DossierPaid,
    DossierReceived,
    DossierResolved,
    DossierSubmitted,
    LogBookAsked,
    ManifestHandedOver,
    PrecedentMade,
)
from intake.messages.models import PromotedAnswer
from intake.operations import (
    assignment,
    authority,
    forwarding,
    inspecting,
    log_books,
    manifest_counts,
    manifests,
    originals,
    payments,
    results,
    site_days,
)
from intake.queries import outlet_moves as open_dossiers
from intake.queries.evidence import DossierEvidence, evidence_of
from intake.rules.catalogue import Channel, ResultChoice
from intake.signing import JointSignature
from shared.actors import Actor, ActorKind, job
from shared.money import Money
from shared.outbox.publishing import on


def _with_papers(event: ParcelAccepted | ParcelDelivered | ParcelReturned) -> bool:
    """Whether the parcel goes to a centre."""
    return event.direction == Direction.DOSSIER


def _with_a_result(event: ParcelAccepted | ParcelDelivered | ParcelReturned) -> bool:
    """Whether the parcel goes to a citizen."""
    return event.direction == Direction.RESULT


# --- a dossier finds its centre -------------------------------------------------------------------------------------


@on(DossierSubmitted)
def forward_online_dossier(event: DossierSubmitted) -> None:
    """Online dossiers need nobody to carry them; one with an unclear authority waits for its answer."""
    if event.channel == Channel.ONLINE:
        forwarding.forward_electronically(dossier_id=event.dossier_id, at=event.submitted_at)


@on(AuthoritySettled)
def forward_settled_dossier(event: AuthoritySettled) -> None:
    """An online dossier goes on as soon as a person has said where to."""
    forwarding.forward_if_online(dossier_id=event.dossier_id, at=event.settled_at)


@on(PrecedentMade)
def answer_the_same_questions(event: PrecedentMade) -> None:
    """What waits with the same question is answered too."""
    authority.settle_by_precedent(precedent_id=event.precedent_id, by=job("precedents"), at=timezone.now())


@on(SiteDayChanged)
def move_due_moments(event: SiteDayChanged) -> None:
    """A centre is closed out of turn: its running terms lose the day."""
    site_days.follow_site_day(site_day_id=event.site_day_id, is_withdrawn=event.is_withdrawn, at=timezone.now())


# --- an outlet moves ------------------------------------------------------------------------------------------------


@on(OutletMoveApproved)
def announce_outlet_move(event: OutletMoveApproved) -> None:
    """The outlet, its operator and the centres that have its dossiers read that it moves, and when."""
    move_telling.announce_move(move_id=event.move_id, at=timezone.now(),
                               centre_ids=open_dossiers.centres_of_open(event.outlet_id))


@on(OutletMoveCalledOff)
def withdraw_outlet_move(event: OutletMoveCalledOff) -> None:
    """It stays where it is."""
    move_telling.take_back_announcement(move_id=event.move_id, at=timezone.now())


@on(OutletMoved)
def send_parcels_to_the_new_place(event: OutletMoved) -> None:
    """What waits for the carrier starts at the new place, what is on its way goes there."""
    outlet_moves.follow_outlet_move(outlet_id=event.outlet_id, move_id=event.move_id, at=event.moved_at)


@on(ParcelDelivered, only=_with_papers)
def record_hand_over(event: ParcelDelivered) -> None:
    """Postman and centre have signed: the legal filing time of the papers inside; of split ones, when all are there."""
    if whole := delivery.whole_dossiers(event.parcel_id):
        forwarding.record_hand_over(dossier_ids=whole, at=event.delivered_at)


# --- the result goes home -------------------------------------------------------------------------------------------


@on(DossierResolved)
def send_result_home(event: DossierResolved) -> None:
    """The centre decided: its result is booked home."""
    if event.result_choice == ResultChoice.HOME:
        results.send_result_home(dossier_id=event.dossier_id, at=event.resolved_at)


@on(ParcelBooked)
def send_parcel_to_carrier(event: ParcelBooked) -> None:
    """The carrier is told at once; what has not worked is tried again by delivery's own sweep."""
    delivery.send_parcel_to_carrier(parcel_id=event.parcel_id, at=timezone.now())


@on(CarrierAsked)
def send_request_to_carrier(event: CarrierAsked) -> None:
    """The same for what a carrier is asked about a parcel that it knows."""
    delivery.send_request_to_carrier(request_id=event.request_id, at=timezone.now())


@on(ParcelAccepted, only=_with_a_result)
def result_on_the_way(event: ParcelAccepted) -> None:
    """The carrier has the result."""
    results.note_result_dispatched(dossier_ids=event.dossier_ids, at=event.accepted_at)


@on(ParcelDelivered, only=_with_a_result)
def result_delivered(event: ParcelDelivered) -> None:
    """The citizen has the result, all parts of it: the dossier is closed."""
    if whole := delivery.whole_dossiers(event.parcel_id):
        results.note_result_delivered(dossier_ids=whole, at=event.delivered_at)


@on(ParcelReturned, only=_with_a_result)
def result_came_back(event: ParcelReturned) -> None:
    """Nobody took the result: it lies at the centre again."""
    results.note_result_came_back(dossier_ids=event.dossier_ids, at=event.returned_at)


@on(ParcelCancelled)
def result_stays(event: ParcelCancelled) -> None:
    """The trip was called off before it began: the result lies at the centre and can be sent anew."""
    if event.direction == Direction.RESULT:
        results.note_result_came_back(dossier_ids=event.dossier_ids, at=event.cancelled_at)


@on(ParcelLost)
def conclude_lost_parcel(event: ParcelLost) -> None:
    """The search for it has ended; without one, the loss is kept as one."""
    searches.conclude_lost(parcel_id=event.parcel_id, at=event.lost_at)


@on(ParcelLost)
def propose_indemnity_for_loss(event: ParcelLost) -> None:
    """What the law gives for a loss is worked out; the operator answers."""
    indemnities.consider_loss(parcel_id=event.parcel_id, at=timezone.now())


@on(ParcelDelivered)
def propose_refund_for_delay(event: ParcelDelivered) -> None:
    """A parcel that came after its term: its postage goes back. And was it handed over where it was to go?"""
    indemnities.consider_delay(parcel_id=event.parcel_id, at=timezone.now())
    elsewhere.consider_place(parcel_id=event.parcel_id, at=timezone.now())


@on(IndemnityOwed)
def post_indemnity(event: IndemnityOwed) -> None:
    """Agreed or decided, it enters the books."""
    indemnity_posting.post_indemnity(indemnity_id=event.indemnity_id, at=timezone.now())


# --- papers leave quarantine ----------------------------------------------------------------------------------------


@on(DocumentStored)
def prepare_document(event: DocumentStored) -> None:
    """Antivirus, a view that is safe to open, digital signatures; the sweep of papers finds what was missed."""
    inspecting.prepare_document(document_id=event.document_id, at=timezone.now())


# --- bags and originals follow their parcels --------------------------------------------------------------------------


@on(ParcelDelivered, only=_with_papers)
def note_bag_arrived(event: ParcelDelivered) -> None:
    """The bag is at its centre, which counts it."""
    manifest_counts.note_bag_arrived(parcel_number=event.number, at=event.delivered_at)


@on(ParcelAccepted)
def originals_picked_up(event: ParcelAccepted) -> None:
    """Originals in the parcel are in the carrier's hand."""
    _follow_originals(event.parcel_id, f"{event.direction}-accepted", event.dossier_ids, event.accepted_at)


@on(ParcelDelivered)
def originals_delivered(event: ParcelDelivered) -> None:
    """Originals in the parcel are with the centre, or with the citizen."""
    _follow_originals(event.parcel_id, f"{event.direction}-delivered", event.dossier_ids, event.delivered_at)


@on(ParcelReturned)
def originals_came_back(event: ParcelReturned) -> None:
    """Originals that nobody took are with the centre again."""
    _follow_originals(event.parcel_id, f"{event.direction}-returned", event.dossier_ids, event.returned_at)


@on(AddressToBeFound)
def find_address(event: AddressToBeFound) -> None:
    """The geocoder is asked at once; what it does not answer is asked again by delivery's own sweep."""
    delivery.find_address_on_ground(address_id=event.address_id, at=timezone.now())


@on(OriginalsCollected)
def originals_taken_back(event: OriginalsCollected) -> None:
    """What the citizen gave up for her result is in the carrier's hand, on its way to the centre."""
    act = delivery.taken_back(event.act_id)
    originals.collect_at_door(
        number=event.number, carrier=act.parcel.carrier, at=event.collected_at,
        signed=Signed(act.receiver_name[:120], act.signature),
        taken=[originals.TakenBack(UUID(each["dossier_id"]), each["code"], each["name"], each["sheets"])
               for each in act.collected])


@on(ParcelSplit)
def follow_split(event: ParcelSplit) -> None:
    """What was put into another parcel is known to lie there: dossiers that were sent, and originals."""
    forwarding.follow_split(number=event.number, part_number=event.part_number, dossier_ids=event.moved_dossier_ids,
                            at=event.split_at)
    originals.follow_split(number=event.number, part_number=event.part_number, dossier_ids=event.moved_dossier_ids,
                           original_ids=event.moved_original_ids, at=event.split_at)


@on(ParcelsHandedOver)
def bags_handed_over(event: ParcelsHandedOver) -> None:
    """The collector's signature on the dispatch list is the one on the bags in it."""
    signed = delivery.dispatch_signed(event.dispatch_id)
    manifests.note_collected(
        parcel_numbers=event.parcel_numbers, carrier=signed.carrier, at=event.handed_over_at,
        gives=JointSignature(signed.gave_name), takes=JointSignature(signed.taken_by_name, signed.taken_by_badge))


@on(ManifestHandedOver)
def note_bag_collected(event: ManifestHandedOver) -> None:
    """A bag that was signed for alone waits for no collection any more."""
    delivery.note_collected(parcel_number=event.parcel_number, at=event.picked_up_at)


def _follow_originals(parcel_id: UUID, what: str, dossier_ids: Sequence[UUID], at: datetime) -> None:
    parcel = delivery.get_parcel(parcel_id)
    originals.follow_parcel(number=parcel.number, carrier=parcel.carrier, what=what, dossier_ids=dossier_ids,
                            centre_id=parcel.centre_id, at=at)


# --- a centre's people ----------------------------------------------------------------------------------------------


@on(StaffLeft)
def return_dossiers(event: StaffLeft) -> None:
    """What an officer had in hand is her team's again, and its manager's to place."""
    assignment.return_dossiers_of(officer_id=event.account_id, at=event.left_at)


@on(StaffInvited, when=mailing.is_connected)
def mail_invitation(event: StaffInvited) -> None:
    """The letter's code is made where it is sent, and stands nowhere else."""
    mailing.mail_invitation(invitation_id=event.invitation_id, at=timezone.now())


@on(LogBookAsked)
def make_log_book(event: LogBookAsked) -> None:
    """A worker makes the file, however long the book is."""
    log_books.make_log_book(log_book_id=event.log_book_id, at=timezone.now())


# --- what citizens pay ----------------------------------------------------------------------------------------------


@on(DossierPaid)
def note_cash(event: DossierPaid) -> None:
    """Cash lies in a clerk's drawer from now on."""
    if event.method == payments.CASH and event.outlet_id is not None and event.fee_vnd + event.postage_vnd:
        billing.note_cash(_cash(event, event.outlet_id, sign=1, at=event.paid_at), at=timezone.now())


@on(DossierMoneyReturned)
def note_cash_back(event: DossierMoneyReturned) -> None:
    """A receipt was voided: the money leaves the drawer, or goes back by the bank."""
    if event.fee_vnd + event.postage_vnd:
        billing.note_cash_back(_cash(event, event.outlet_id, sign=-1, at=event.returned_at), was_taken=event.was_taken,
                               taken_by=event.taken_by, at=timezone.now())


def _cash(event: DossierPaid | DossierMoneyReturned, outlet_id: UUID, *, sign: int, at: datetime) -> billing.CashTaken:
    due = billing.Due("dossier", event.dossier_id, Money(sign * event.fee_vnd), Money(sign * event.postage_vnd))
    till = payments.till_of(Actor(ActorKind.PERSON, event.person_id, outlet_id=outlet_id))
    return billing.CashTaken(f"dossier:{event.dossier_id}:{event.version}", till, due, event.person_id,
                             event.person_name, at, event.receipt)


@on(CollectionPaid)
def record_transfer(event: CollectionPaid) -> None:
    """The bank has told of the money: the dossier is paid, by whom it was asked for."""
    asked_by = Actor(ActorKind.PERSON, event.asked_by, event.asked_by_name, outlet_id=event.outlet_id)
    payments.record_transfer(dossier_id=event.source_id, collection_id=event.collection_id, method=event.method,
                             by=asked_by, at=event.paid_at)


@on(CollectionReturned)
def note_returned(event: CollectionReturned) -> None:
    """A transfer or card payment is with its payer again."""
    payments.note_returned(collection_id=event.collection_id, dossier_id=event.source_id, at=event.returned_at)


@on(CardAsked)
def open_card_page(event: CardAsked) -> None:
    """The card service opens a page to pay on."""
    billing.open_card_page(event, at=timezone.now())


@on(CardWithdrawn)
def close_card_page(event: CardWithdrawn) -> None:
    """Nobody pays by card what is paid in another way."""
    billing.close_card_page(event, at=timezone.now())


@on(CardRefundApproved)
def send_card_refund(event: CardRefundApproved) -> None:
    """The card service gives money back."""
    billing.send_card_refund(event, at=timezone.now())


@on(CardDisputeDecided)
def send_card_dispute_answer(event: CardDisputeDecided) -> None:
    """The cardholder's bank is told what a person decided."""
    billing.send_card_dispute_answer(event, at=timezone.now())


@on(CardServiceTold)
def look_into_card_message(event: CardServiceTold) -> None:
    """A message is a hint: the card service is asked what is true."""
    billing.look_into_card_message(event, at=timezone.now())


# --- money ----------------------------------------------------------------------------------------------------------


@on(DossierReceived)
def count_acceptance(event: DossierReceived) -> None:
    """A norm may pay the outlet for what the centre has accepted."""
    if event.outlet_id is None:
        return
    task = "accepted_online" if event.channel == Channel.ONLINE else "accepted_paper"
    billing.record_act(at=timezone.now(), act=CompensableAct(
        task=task, source_type="dossier", source_id=event.dossier_id, outlet_id=event.outlet_id,
        operator_code=event.operator_code, province_code=event.province_code, dossier_code=event.code,
        happened_at=event.received_at, evidence=_facts([event.dossier_id])))


@on(ParcelDelivered)
def post_postage(event: ParcelDelivered) -> None:
    """A delivered trip is paid for: by the citizen, the nation and the city, each their part."""
    billing.post_postage(at=timezone.now(), delivered=delivered_postage(
        event.parcel_id, delivered_at=event.delivered_at, relation=event.relation))


@on(ParcelDelivered, only=_with_a_result)
def count_delivered_result(event: ParcelDelivered) -> None:
    """A norm may pay the outlet for a result that reached its citizen."""
    parcel = delivery.get_parcel(event.parcel_id)
    if parcel.outlet_id is None:
        return
    inside = evidence_of(event.dossier_ids)
    billing.record_act(at=timezone.now(), act=CompensableAct(
        task="delivered_result", source_type="parcel", source_id=parcel.id, outlet_id=parcel.outlet_id,
        operator_code=agents.get_outlet(parcel.outlet_id).operator.code, province_code=parcel.province_code,
        dossier_code=_reference(inside), happened_at=event.delivered_at,
        evidence=_facts_of(inside) | {"parcel_number": parcel.number}))


@on(ScenarioAsked)
def compute_scenario(event: ScenarioAsked) -> None:
    """What drafts would have cost is worked out by a worker, over whole months at once."""
    billing.compute_scenario(scenario_id=event.scenario_id, at=timezone.now())


@on(ClaimReceived)
def read_claim_file(event: ClaimReceived) -> None:
    """A worker reads a large claim file."""
    billing.read_claim(claim_id=event.claim_id, by=job("read_claim"), at=timezone.now())


@on(ClaimConfirmed)
def compare_claim(event: ClaimConfirmed) -> None:
    """Claim, books, carriers and centres are compared, if the month is prepared."""
    billing.match_claim(claim_id=event.claim_id, evidence=claim_evidence.tell, at=timezone.now())


@on(StatementPrepared)
def compare_waiting_claims(event: StatementPrepared) -> None:
    """The month is prepared: the claim that waited for it is compared."""
    for claim_id in billing.waiting_claims(province_code=event.province_code, operator_code=event.operator_code,
                                           period=event.period):
        billing.match_claim(claim_id=claim_id, evidence=claim_evidence.tell, at=timezone.now())


@on(ExportAsked)
def make_export(event: ExportAsked) -> None:
    """A worker makes the file, however long the month is."""
    billing.make_export(export_id=event.export_id, at=timezone.now())


def delivered_postage(parcel_id: UUID, *, delivered_at: datetime, relation: str) -> DeliveredPostage:
    """What billing is told of a delivered parcel; the sweep in config/sweeps.py tells the same."""
    parcel = delivery.get_parcel(parcel_id)
    inside = evidence_of([dossier_id for dossier_id, _code, _contents in parcel.dossiers])
    proof = {"proof_method": parcel.proof.method} if parcel.proof is not None else {}
    return DeliveredPostage(
        parcel_id=parcel.id, parcel_number=parcel.number, dossier_code=_reference(inside), case=parcel.case,
        delivered_at=delivered_at, relation=relation, outlet_id=parcel.outlet_id, evidence=_facts_of(inside) | proof)


def _facts(dossier_ids: Sequence[UUID]) -> dict[str, object]:
    return _facts_of(evidence_of(dossier_ids))


def _facts_of(inside: Sequence[DossierEvidence]) -> dict[str, object]:
    """The evidence of the first dossier; a parcel with several is told by its number."""
    return dict(inside[0].facts) if inside else {}


def _reference(inside: Sequence[DossierEvidence]) -> str:
    return inside[0].reference if inside else ""


# --- the system suspects itself first -------------------------------------------------------------------------------


@on(EvidenceGiven)
def look_at_evidence(event: EvidenceGiven) -> None:
    """Evidence is checked like citizens’ papers before anybody opens it; the sweep finds what was missed."""
    billing.check_files_of(event.dispute_id, at=timezone.now())


@on(DisputeRaised)
def suspect_ourselves(event: DisputeRaised) -> None:
    """Two outlets that dispute the same thing within a week have found an error of ours until the contrary is shown."""
    billing.watch_disputed_alike(at=event.raised_at)


# --- payouts --------------------------------------------------------------------------------------------------------


@on(StatementPaidOut)
def reconcile_what_was_paid(event: StatementPaidOut) -> None:
    """The last payee has her money: the month is reconciled."""
    billing.reconcile_paid(statement_id=event.statement_id, at=timezone.now())


@on(TransferOrdered)
def send_what_was_ordered(event: TransferOrdered) -> None:
    """An order that goes by the card service is sent, once; without an answer the sweep asks what became of it."""
    billing.send_transfer(order_id=event.order_id, at=timezone.now())


@on(ShiftCounted)
def sign_the_close(event: ShiftCounted) -> None:
    """What a drawer held is signed outside the database."""
    billing.sign_shift(shift_id=event.shift_id, at=timezone.now())


# --- where outlets should stand -------------------------------------------------------------------------------------


@on(PlacementAsked)
def compute_placement(event: PlacementAsked) -> None:
    """Where outlets should stand is worked out by a worker."""
    agents.compute_placement(scenario_id=event.scenario_id, at=timezone.now())


@on(DemandAsked)
def count_demand(event: DemandAsked) -> None:
    """A worker counts a city's dossiers by commune."""
    agents.count_demand_history(demand_set_id=event.demand_set_id, at=timezone.now())


# --- the handbook ---------------------------------------------------------------------------------------------------


@on(AnswerKept)
def propose_kept_answer(event: AnswerKept) -> None:
    """What an officer kept for everybody waits for the operations room's approval."""
    kept = PromotedAnswer.objects.get(inquiry_id=event.inquiry_id)
    propose_kept(at=event.kept_at, kept=KeptAnswer(
        source_code=f"inquiry-{event.inquiry_id}", province_code=kept.province_code,
        procedure_code=kept.procedure_code, question=kept.question, answer=kept.answer,
        legal_source=kept.legal_source, kept_by_name=kept.promoted_by_name))


# --- practice -------------------------------------------------------------------------------------------------------


@on(ExerciseFinished, when=courier.is_connected)
def report_practice_result(event: ExerciseFinished) -> None:
    """The only thing that leaves practice: a signed result, for the live house."""
    courier.report(event.run_id)
