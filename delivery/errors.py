"""What delivery refuses, and why."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from shared.problems import TooManyRequests, Unauthenticated


class ParcelNotFound(NotFound):
    code = "parcel-not-found"
    title = _("There is no such parcel")


class UnknownCarrier(NotFound):
    code = "unknown-carrier"
    title = _("No such carrier is known")


class NumberPoolExhausted(Conflict):
    code = "number-pool-exhausted"
    title = _("The operator has no parcel numbers left")


class NumberRangeTaken(Conflict):
    code = "number-range-taken"
    title = _("These parcel numbers were allotted before")


class NumberPoolNotFound(NotFound):
    code = "number-pool-not-found"
    title = _("There is no such range of numbers")


class NumbersRefused(Invalid):
    code = "numbers-refused"
    title = _("These numbers cannot be handed out or recalled like this")


class MayNotHandNumbers(Forbidden):
    code = "may-not-hand-numbers"
    title = _("Only the operator's headquarters or an administrator hands out its numbers")


class ParcelNotSplittable(Conflict):
    code = "parcel-not-splittable"
    title = _("This parcel cannot be opened any more")


class SplitRefused(Invalid):
    code = "split-refused"
    title = _("The parcel cannot be split like this")


class AddressNotFound(NotFound):
    code = "address-not-found"
    title = _("There is no such address")


class AddressRefused(Invalid):
    code = "address-refused"
    title = _("The address cannot be kept like this")


class DispatchNotFound(NotFound):
    code = "dispatch-not-found"
    title = _("There is no such dispatch list")


class DispatchNotThere(Conflict):
    code = "dispatch-not-there"
    title = _("The dispatch list cannot take this step now")


class DispatchRefused(Invalid):
    code = "dispatch-refused"
    title = _("The dispatch list cannot be kept like this")


class NotForDispatch(Conflict):
    code = "not-for-dispatch"
    title = _("This parcel does not wait here for the carrier")


class LabelsRefused(Invalid):
    code = "labels-refused"
    title = _("These labels cannot be printed together")


class BookingInvalid(Invalid):
    code = "booking-invalid"
    title = _("The parcel cannot be booked like this")


class SignatureMissing(Unauthenticated):
    code = "signature-missing"
    title = _("The Wardpost-Signature header is missing or cannot be read")


class SignatureWrong(Unauthenticated):
    code = "signature-wrong"
    title = _("The signature does not fit this body")


class SignatureStale(Unauthenticated):
    code = "signature-stale"
    title = _("The signature's time is too far from ours")


class EventsMalformed(Invalid):
    code = "events-malformed"
    title = _("The message cannot be read as events")


class EventIdReused(Conflict):
    code = "event-id-reused"
    title = _("This event id was used for another event")


class NothingToSettle(Conflict):
    code = "nothing-to-settle"
    title = _("This parcel's events do not contradict one another")


class OutcomeUnknown(Invalid):
    code = "outcome-unknown"
    title = _("This does not say what became of the parcel")


class MayNotSettle(Forbidden):
    code = "may-not-settle"
    title = _("Only the operator's headquarters or an administrator may settle this")


class WorkNotFound(NotFound):
    code = "parcel-work-not-found"
    title = _("Nothing of this kind is open about the parcel")


class MayNotEndWork(Forbidden):
    code = "may-not-end-parcel-work"
    title = _("Whoever this work belongs to says how it ended")


class CarrierUnavailable(Unavailable):
    code = "carrier-unavailable"
    title = _("The carrier does not answer; it will be tried again")


class CarrierRefused(Conflict):
    code = "carrier-refused"
    title = _("The carrier refused the booking")


class CarrierRequestImpossible(Conflict):
    code = "carrier-request-impossible"
    title = _("The carrier cannot be asked this any more")


class CarrierRequestInvalid(Invalid):
    code = "carrier-request-invalid"
    title = _("The carrier cannot be asked like this")


class TripGoesOn(Conflict):
    code = "trip-goes-on"
    title = _("The trip cannot be called off")


class ParkedEventNotFound(NotFound):
    code = "parked-event-not-found"
    title = _("There is no such waiting event")


class ParkedEventRefused(Invalid):
    code = "parked-event-refused"
    title = _("The event cannot be assigned or dismissed like this")


class CarrierFileRefused(Invalid):
    code = "carrier-file-refused"
    title = _("The carrier's file cannot be read")


class CarrierRequestNotFound(NotFound):
    code = "carrier-request-not-found"
    title = _("There is no such request to a carrier")


class CarrierRequestAnswered(Conflict):
    code = "carrier-request-answered"
    title = _("This request to the carrier has its answer")


class TrackingNotFound(NotFound):
    """Unknown, not yours, wrong digits: one answer."""

    code = "tracking-not-found"
    title = _("No dossier fits this code and these digits")


class TooManyTries(TooManyRequests):
    code = "too-many-tries"
    title = _("Too many tries; please wait an hour")
    retry_after_seconds = 3600


class SearchNotFound(NotFound):
    code = "search-not-found"
    title = _("There is no such search")


class SearchOver(Conflict):
    code = "search-over"
    title = _("This search has ended")


class SearchRunning(Conflict):
    code = "search-running"
    title = _("This parcel is being looked for already")


class NothingToSearch(Conflict):
    code = "nothing-to-search"
    title = _("This parcel cannot be looked for")


class SearchAnswerIncomplete(Invalid):
    code = "search-answer-incomplete"
    title = _("The answer does not say enough")


class MayNotAnswerSearch(Forbidden):
    code = "may-not-answer-search"
    title = _("Only the operator's headquarters may answer now, and the city once the answer is overdue")


class IndemnityNotFound(NotFound):
    code = "indemnity-not-found"
    title = _("There is no such indemnity")


class IndemnitySettled(Conflict):
    code = "indemnity-settled"
    title = _("This indemnity cannot take this step now")


class IndemnityIncomplete(Invalid):
    code = "indemnity-incomplete"
    title = _("Something is missing to settle the indemnity")


class MayNotAnswerIndemnity(Forbidden):
    code = "may-not-answer-indemnity"
    title = _("The operator answers and pays, the city's finance decides")


class NothingToReissue(Conflict):
    code = "nothing-to-reissue"
    title = _("Only papers in a lost parcel are issued again at the post's cost")


class IndemnityUnpriced(Conflict):
    code = "indemnity-unpriced"
    title = _("No rule says what is owed for this parcel")


class ProposalNotFound(NotFound):
    code = "share-proposal-not-found"
    title = _("There is no such proposal")


class ProposalDecided(Conflict):
    code = "share-proposal-decided"
    title = _("This proposal was decided before")


class ProposalReasonMissing(Invalid):
    code = "share-proposal-reason-missing"
    title = _("Say why it is decided like this")
