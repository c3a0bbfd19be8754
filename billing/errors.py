"""What billing refuses."""

from django.utils.translation import gettext_lazy as _

from shared import errors


class NoTariff(errors.Invalid):
    code = "no-tariff"
    title = _("No tariff is in force for this operator, direction and day")


class ZoneNotPriced(errors.Invalid):
    code = "zone-not-priced"
    title = _("The tariff has no price for this zone")


class WeightNotPriced(errors.Invalid):
    code = "weight-not-priced"
    title = _("The weight must be between 1 and 30,000 grams, and within the tariff")


class StatementNotFound(errors.NotFound):
    code = "statement-not-found"
    title = _("There is no such statement")


class LineNotFound(errors.NotFound):
    code = "statement-line-not-found"
    title = _("There is no such line")


class PeriodNotOver(errors.Conflict):
    code = "period-not-over"
    title = _("The month is not over yet")


class AlreadyReversed(errors.Conflict):
    code = "charge-already-reversed"
    title = _("This line was reversed before")


class ReversalNotReversible(errors.Conflict):
    code = "reversal-not-reversible"
    title = _("A reversal cannot be reversed; charge the event again instead")


class StillCharged(errors.Conflict):
    code = "event-still-charged"
    title = _("The event is charged already; take that line back first")


class ExportIncomplete(errors.Conflict):
    code = "export-incomplete"
    title = _("This export would not be complete")


class CheckpointNotFound(errors.NotFound):
    code = "checkpoint-not-found"
    title = _("There is no such checkpoint")


class VerificationNotFound(errors.NotFound):
    code = "verification-not-found"
    title = _("There is no such look through the books")


class OutletDayNotFound(errors.NotFound):
    code = "outlet-day-not-found"
    title = _("There is no such signed day")


class EntryDiffers(errors.Conflict):
    code = "entry-differs"
    title = _("This was entered in the books before, with other figures")


class ReasonMissing(errors.Invalid):
    code = "reason-missing"
    title = _("A reversal needs its reason")


class TooManyLines(errors.Invalid):
    code = "too-many-lines"
    title = _("This statement is too long for a workbook; take the CSV file")


class DisputeNotFound(errors.NotFound):
    code = "dispute-not-found"
    title = _("There is no such dispute")


class DisputeStateForbids(errors.Conflict):
    code = "dispute-state-forbids"
    title = _("The dispute cannot take this step now")


class DisputeRefused(errors.Invalid):
    code = "dispute-refused"
    title = _("Please complete the dispute")


class EvidenceNotOpen(errors.Conflict):
    code = "evidence-not-open"
    title = _("This file cannot be opened")


class LineDisputedAlready(errors.Conflict):
    code = "line-disputed-already"
    title = _("This line is disputed already")


class NotIndependent(errors.Forbidden):
    code = "reviewer-not-independent"
    title = _("Somebody who had no part in this line decides on it")


class CauseNotFound(errors.Conflict):
    code = "cause-not-found"
    title = _("A deduction does not stand while its cause is unknown")


class EvidenceRefused(errors.Invalid):
    code = "evidence-refused"
    title = _("This file cannot be taken as evidence")


class MonthChangedMeanwhile(errors.Conflict):
    code = "month-changed-meanwhile"
    title = _("Lines were added to the month since you opened it")


class DraftNotFound(errors.NotFound):
    code = "rule-draft-not-found"
    title = _("There is no such draft")


class DraftNotThere(errors.Conflict):
    code = "rule-draft-not-there"
    title = _("The draft cannot take this step now")


class DraftChanged(errors.Conflict):
    code = "rule-draft-changed"
    title = _("Somebody changed this draft meanwhile; look at it again")


class DraftRefused(errors.Invalid):
    code = "rule-draft-refused"
    title = _("The rule cannot stand like this")


class SecondPersonNeeded(errors.Forbidden):
    code = "rule-second-person-needed"
    title = _("Another person has to approve this")


class PeriodClosed(errors.Conflict):
    code = "rule-in-closed-period"
    title = _("A rule never reaches back into a closed month")


class RuleInForce(errors.Conflict):
    code = "rule-in-force"
    title = _("Versions of one rule must follow one another, day by day")


class KnownErrorNotFound(errors.NotFound):
    code = "known-error-not-found"
    title = _("There is no such known error")


class KnownErrorRefused(errors.Invalid):
    code = "known-error-refused"
    title = _("Please complete the known error")


class ErrorStateForbids(errors.Conflict):
    code = "known-error-state-forbids"
    title = _("The known error cannot take this step now")


class NeedsSecondPerson(errors.Forbidden):
    code = "needs-second-person"
    title = _("Somebody else than who confirmed it does this")
class ScenarioNotFound(errors.NotFound):
    code = "scenario-not-found"
    title = _("There is no such scenario")


class ScenarioRefused(errors.Invalid):
    code = "scenario-refused"
    title = _("The question is not complete")


class ClaimNotFound(errors.NotFound):
    code = "claim-not-found"
    title = _("There is no such claim")


class NotAnOperator(errors.Forbidden):
    code = "only-an-operator-claims"
    title = _("Only an operator sends a claim for its own work")


class ClaimTooLarge(errors.Invalid):
    code = "claim-file-too-large"
    title = _("A claim file has at most 20 MB")


class AnotherClaimThere(errors.Conflict):
    code = "another-claim-there"
    title = _("This month has another claim already; discard it first")


class ClaimStateWrong(errors.Conflict):
    code = "claim-state-wrong"
    title = _("The claim is not at this point")


class ClaimLineNotFound(errors.NotFound):
    code = "claim-line-not-found"
    title = _("There is no such line of a claim")


class DecisionRefused(errors.Invalid):
    code = "claim-decision-refused"
    title = _("This cannot be decided so")


class CallBackNotFound(errors.NotFound):
    code = "call-back-not-found"
    title = _("There is no such call to make")


class CallBackAnswered(errors.Conflict):
    code = "call-back-answered"
    title = _("This citizen has been asked already")


class StepNotPossible(errors.Conflict):
    code = "settlement-step-not-possible"
    title = _("The statement is not at this step")


class SamePerson(errors.Conflict):
    code = "settlement-same-person"
    title = _("Each step is another person's")


class FiguresChanged(errors.Conflict):
    code = "settlement-figures-changed"
    title = _("The figures are no longer those that you saw")


class NotYetSettled(errors.Conflict):
    code = "settlement-not-ready"
    title = _("Something must be settled first")


class PaymentRefused(errors.Invalid):
    code = "settlement-payment-refused"
    title = _("This payment cannot be recorded")


class ExportRefused(errors.Invalid):
    code = "export-refused"
    title = _("This file cannot be made")


class ExportNotFound(errors.NotFound):
    code = "export-not-found"
    title = _("There is no such file")
