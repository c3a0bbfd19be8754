"""What intake refuses."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, DomainError, Forbidden, Invalid, NotFound


class DossierNotFound(NotFound):
    code = "dossier-not-found"
    title = _("No such dossier")


class IllegalTransition(Conflict):
    """Facts: dossier_state, action."""

    code = "illegal-transition"
    title = _("The dossier cannot take this step now")


class DossierChanged(Conflict):
    """Somebody else was first; facts say what changed, by whom and when."""

    code = "dossier-changed"
    title = _("Somebody else changed this dossier in the meantime")


# --- citizens -------------------------------------------------------------------------------------------------------


class CitizenNotFound(NotFound):
    code = "citizen-not-found"
    title = _("No such citizen")


class CitizenRefused(Invalid):
    """`errors` holds one entry for each field; fact `data_kept`: nothing typed is lost."""

    code = "citizen-invalid"
    title = _("Some entries about the citizen need correcting")


class CitizenDoubtful(Invalid):
    """Odd but possible entries: send them again with is_confirmed after looking at the card."""

    code = "citizen-to-confirm"
    title = _("Please compare these entries with the card and confirm them")


class CitizenAlreadyRegistered(Conflict):
    """Fact `citizen_id`: the citizen with this number."""

    code = "citizen-already-registered"
    title = _("A citizen with this ID number is already registered")


class CitizenChanged(Conflict):
    """Fact `version`: the present one."""

    code = "citizen-changed"
    title = _("Somebody else corrected this citizen in the meantime")


class RevealNotAllowed(Forbidden):
    code = "reveal-not-allowed"
    title = _("You may see the whole number only of a citizen you have served within the last day")


class PurposeMissing(Invalid):
    code = "purpose-missing"
    title = _("Say why you need to see this")


class SessionAlreadyOpen(Conflict):
    """Fact `citizen_id`: whom the clerk acts for now."""

    code = "session-already-open"
    title = _("You are still acting for another citizen")


class NoOpenSession(Conflict):
    code = "no-open-session"
    title = _("No session is open for this citizen")


class ConsentMissing(Conflict):
    """Fact `purpose`."""

    code = "consent-missing"
    title = _("The citizen has not agreed to this")


class CitizenMaybeKnown(Conflict):
    """Fact `candidates`: who may be the same person, masked. A person decides; `distinct_from` names who is not."""

    code = "citizen-maybe-known"
    title = _("This may be somebody who is registered already")


class TooManySearches(DomainError):
    """Fact `cap`. The outlet's or centre's manager is told."""

    status = 429
    code = "too-many-searches"
    title = _("You have searched by ID number more often today than one counter needs; your manager has been told")
    retry_after_seconds = 3600


class MandateRefused(Invalid):
    """`errors` holds one entry for each field of the mandate."""

    code = "mandate-invalid"
    title = _("This mandate cannot be recorded like this")


class MandateNotFound(NotFound):
    code = "mandate-not-found"
    title = _("No such mandate is in force")


class StopNotFound(NotFound):
    code = "second-citizen-stop-not-found"
    title = _("Nothing of a second citizen waits to be decided here")


class StopRefused(Invalid):
    code = "second-citizen-stop-invalid"
    title = _("This cannot be decided like this")


# --- account help and referrals -------------------------------------------------------------------------------------


class AccountHelpNotFound(NotFound):
    code = "account-help-not-found"
    title = _("No such help with an account")


class AccountHelpRefused(Invalid):
    code = "account-help-invalid"
    title = _("This step cannot be recorded like this")


class AccountHelpChanged(Conflict):
    """Facts: state, action. Somebody else took a step, or it does not follow from here."""

    code = "account-help-changed"
    title = _("This step does not follow from where the help stands now")


class ReferralNotFound(NotFound):
    code = "referral-not-found"
    title = _("No such referral")


class ReferralRefused(Invalid):
    code = "referral-invalid"
    title = _("The referral cannot be made like this")


# --- catalogue and routing ------------------------------------------------------------------------------------------


class ProcedureNotFound(NotFound):
    code = "procedure-not-found"
    title = _("No such procedure is in force on this day")


class PlaceNotFound(NotFound):
    code = "place-not-found"
    title = _("No such place")


class RouteRefused(Invalid):
    code = "route-invalid"
    title = _("This dossier cannot be routed like this")


class QuestionNotFound(NotFound):
    code = "authority-question-not-found"
    title = _("No such open question")


class NotYourQuestion(Forbidden):
    code = "not-your-question"
    title = _("Only the centre managers of the province answer this")


class AnswerRefused(Invalid):
    code = "authority-answer-invalid"
    title = _("This centre cannot be the competent authority")


# --- submission and forwarding --------------------------------------------------------------------------------------


class SubmissionRefused(Invalid):
    """`errors` holds every reason with a pointer to its field."""

    code = "submission-invalid"
    title = _("The dossier cannot be submitted yet")


class BundleRefused(Invalid):
    """The filings of one event: errors name the filing by its place in the list."""

    code = "bundle-invalid"
    title = _("Something is missing in these dossiers")


class ClientRefReused(Conflict):
    code = "client-ref-reused"
    title = _("This client_ref already belongs to a dossier with other content")


class CertificateMissing(Forbidden):
    """Fact `courses`: the codes of the courses whose certificate the clerk lacks."""

    code = "certificate-missing"
    title = _("You need a certificate before you may take such a dossier")


class GroupNotYours(Forbidden):
    """Fact `group`: the procedure's group, which is not among those that the clerk was given."""

    code = "group-not-yours"
    title = _("You were not given this group of procedures; a colleague may take the dossier")


class OutletMayNot(Forbidden):
    """Facts: outlet, task."""

    code = "outlet-may-not"
    title = _("The agreement of this outlet does not cover this task today")


class NotAnOutlet(Forbidden):
    code = "not-an-outlet"
    title = _("Only an outlet can do this")


class AuthorityUnclear(Conflict):
    code = "authority-unclear"
    title = _("The competent authority is not clear yet; a question is waiting for its answer")


class ForwardingRefused(Conflict):
    """These dossiers cannot travel in one parcel, or not in this way."""

    code = "forwarding-refused"
    title = _("These dossiers cannot be forwarded like this")


class NoPublicOperator(Conflict):
    code = "no-public-operator"
    title = _("No designated public postal operator is registered")


# --- documents ------------------------------------------------------------------------------------------------------


class DocumentNotFound(NotFound):
    code = "document-not-found"
    title = _("No such document")


class DocumentRefused(Invalid):
    """Fact `cause`: "empty", "truncated", "password", "no-pages", "too-many-pages", "too-many-pixels", "unreadable"."""

    code = "document-unreadable"
    title = _("This file cannot be used")


class DocumentTypeRefused(Invalid):
    """Fact `found`: what the content is."""

    status = 415
    code = "document-type-not-accepted"
    title = _("Only PDF, JPEG, PNG and HEIC files are accepted")


class DocumentTooLarge(Invalid):
    status = 413
    code = "document-too-large"
    title = _("The file is larger than 20 MB")


class DocumentQuarantined(Forbidden):
    code = "document-quarantined"
    title = _("The antivirus found something in this file; it is kept, and not given out")


class DocumentNotChecked(Conflict):
    """It is still being looked at; the very same request succeeds a little later."""

    code = "document-not-checked"
    title = _("This file is still being checked")
    retry_after_seconds = 5


class DocumentNotReadable(Conflict):
    code = "document-not-readable"
    title = _("This file cannot be read; it has to be scanned again")


class DocumentDamaged(Conflict):
    code = "document-damaged"
    title = _("The stored file is damaged or lost; the administrator has been told")


class DocumentSigned(Conflict):
    code = "document-signed"
    title = _("A digitally signed file stays as it is; turning or splitting it would break the signature")


class PhoneLinkClosed(NotFound):
    """Unknown, too old, taken back or used too often: which of them is not told."""

    code = "phone-link-closed"
    title = _("This link no longer works; ask at the counter for a new one")


class DocumentLimit(Conflict):
    code = "document-limit"
    title = _("This dossier already holds as many files as it may")


# --- the centre's desk ----------------------------------------------------------------------------------------------


class NotYourCentre(Forbidden):
    code = "not-your-centre"
    title = _("This is for the staff of another centre")


class OnlyTheManager(Forbidden):
    code = "only-the-manager"
    title = _("Only the centre's manager does this")


class NotYourDossier(Forbidden):
    code = "not-your-dossier"
    title = _("This dossier is another officer's")


class AbsenceNotFound(NotFound):
    code = "absence-not-found"
    title = _("No such absence")


class AbsenceRefused(Invalid):
    """`errors` holds one entry for each field."""

    code = "absence-invalid"
    title = _("The absence cannot be entered like this")


class ExtensionNotPossible(Conflict):
    """Fact `cause`: "not-running", "extended-before", "too-late" (then `send_by`)."""

    code = "extension-not-possible"
    title = _("The term cannot be extended now")


class DecisionTaken(Conflict):
    """A decision was taken, so nothing is stopped or taken back any more (Circular 03/2025/TT-VPCP, Article 7)."""

    code = "decision-taken"
    title = _("The decision has been taken; handling can no longer be stopped")


class CorrectionNotFound(NotFound):
    code = "correction-not-found"
    title = _("No such open correction")


class CorrectionRefused(Invalid):
    """`errors` holds one entry for each field."""

    code = "correction-invalid"
    title = _("The correction cannot be proposed like this")


class CorrectionOpen(Conflict):
    """Fact `correction_id`: the one that waits for its answer."""

    code = "correction-open"
    title = _("Another correction of this dossier waits for its approval")


class CorrectionOutdated(Conflict):
    """Fact `fields`: what was changed since it was proposed."""

    code = "correction-outdated"
    title = _("What it corrects has been changed since")


class LogBookNotFound(NotFound):
    code = "log-book-not-found"
    title = _("No such log book")


class LogBookRefused(Invalid):
    code = "log-book-invalid"
    title = _("The log book cannot be made like this")


class NotForwardedYet(Conflict):
    code = "not-forwarded-yet"
    title = _("The outlet has not sent this dossier yet")


class DecisionRefused(Invalid):
    """`errors` holds one entry for each field of the decision."""

    code = "decision-invalid"
    title = _("The decision cannot be sent like this yet")


class SupplementAskedBefore(Conflict):
    """Facts: asked_at, by. The law lets a centre ask once; again only with a cause (`again_because`)."""

    code = "supplement-asked-before"
    title = _("More papers were already asked for once")


class NotACounterProcedure(Conflict):
    code = "not-a-counter-procedure"
    title = _("This procedure is not received at a counter")


class NotYourProvince(Forbidden):
    code = "not-your-province"
    title = _("This board is for the staff of another province")


class BoardPlaceNotFound(NotFound):
    code = "board-place-not-found"
    title = _("This place is not on your board")


# --- papers ---------------------------------------------------------------------------------------------------------


class PaperNotReady(Conflict):
    """Fact `kind`: "receipt" before the centre received, "slip" before the outlet submitted."""

    code = "paper-not-ready"
    title = _("This paper can be printed once its step has been taken")


# --- outlet and centre speak with each other ------------------------------------------------------------------------


class InquiryNotFound(NotFound):
    code = "inquiry-not-found"
    title = _("No such question")


class InquiryClosed(Conflict):
    code = "inquiry-closed"
    title = _("Whoever asked has closed this question; ask a new one")


class NoCentreToAsk(Conflict):
    code = "no-centre-to-ask"
    title = _("There is no other side to ask: either no centre is known yet, or no outlet took part")


class MessageRefused(Invalid):
    """`errors` holds one entry for each field."""

    code = "message-invalid"
    title = _("The message cannot be sent like this")


class PromotionRefused(Invalid):
    code = "promotion-invalid"
    title = _("The answer cannot be kept for the handbook yet")


class AnswerClockRefused(Invalid):
    code = "answer-clock-invalid"
    title = _("The answer clock cannot be set like this")


# --- receipts -------------------------------------------------------------------------------------------------------


class ReceiptNotFound(NotFound):
    code = "receipt-not-found"
    title = _("No such receipt")


class NothingDue(Conflict):
    code = "nothing-due"
    title = _("Nothing is due for this dossier")


class NoReceiptNumber(Conflict):
    """The outlet holds no number with which it may write a receipt for this authority today."""

    code = "no-receipt-number"
    title = _("This outlet has no receipt number left for this authority")


class ReceiptRefused(Invalid):
    code = "receipt-invalid"
    title = _("The receipt cannot be written like this")


class ReceiptIsVoid(Conflict):
    code = "receipt-is-void"
    title = _("This receipt is void already")


class SecondPersonNeeded(Forbidden):
    """Whoever issued a receipt cannot void it, whoever proposed a correction cannot approve it.

    And who asked for papers does not say alone that they were not brought.
    """

    code = "second-person-needed"
    title = _("Somebody else must do this")


class DelegationNotFound(NotFound):
    code = "receipt-delegation-not-found"
    title = _("No such delegation of receipts")


class DelegationRefused(Invalid):
    code = "receipt-delegation-invalid"
    title = _("The delegation of receipts cannot be kept like this")


class DelegationNotOpen(Conflict):
    code = "receipt-delegation-not-open"
    title = _("Numbers are not allotted under this delegation now")


# --- manifests and originals ----------------------------------------------------------------------------------------


class ManifestNotFound(NotFound):
    code = "manifest-not-found"
    title = _("No such manifest")


class ManifestRefused(Invalid):
    code = "manifest-invalid"
    title = _("The manifest cannot be taken on like this")


class ManifestNotThere(Conflict):
    """Facts: state, action."""

    code = "manifest-not-there"
    title = _("The manifest cannot take this step now")


class DifferenceNotFound(NotFound):
    code = "difference-not-found"
    title = _("No such difference")


class OriginalNotFound(NotFound):
    code = "original-not-found"
    title = _("No such original")


class OriginalRefused(Invalid):
    code = "original-invalid"
    title = _("The original cannot be recorded like this")


class NotInThisHand(Conflict):
    """Facts: holder, action."""

    code = "not-in-this-hand"
    title = _("This original is in another hand")


# --- notices and the national portal --------------------------------------------------------------------------------


class NoticeTextRefused(Invalid):
    """`errors` holds one entry for each field."""

    code = "notice-text-invalid"
    title = _("This text cannot be used yet")


class NothingParked(Conflict):
    code = "nothing-parked"
    title = _("Nothing of this dossier waits to be sent again")


# --- what citizens say ----------------------------------------------------------------------------------------------


class SatisfactionRefused(Invalid):
    """`errors` holds one entry for each field."""

    code = "satisfaction-invalid"
    title = _("Your answer cannot be sent yet")


class AlreadyRated(Conflict):
    code = "already-rated"
    title = _("You have already answered about this dossier; thank you")


class NotRateableYet(Conflict):
    code = "not-rateable-yet"
    title = _("This is asked once you have your result")


class MoneyReportNotFound(NotFound):
    code = "money-report-not-found"
    title = _("No such report")
