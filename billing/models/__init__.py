"""Django looks for models here; code imports the submodule it means."""

from billing.cards.models import CardPayment, CardRefund
from billing.disputes.models import (
    Dispute,
    DisputeEntry,
    DisputeFile,
    DisputeLine,
    EvidenceCheck,
    StatementAnswer,
)
from billing.known_errors.models import AffectedLine, ErrorNotice, KnownError, LookBack
from billing.models.budget import BudgetDay, BudgetGrant, BudgetLine, BudgetStop
from billing.models.claims import CallBack, Claim, ClaimDecision, ClaimFault, ClaimFile, ClaimLine
from billing.models.ledger import Account, Charge, Explanation, Posting, PostingGroup
from billing.models.rates import (
    CompensationNorm,
    NormItem,
    NormModifier,
    Reduction,
    SubsidyPart,
    SubsidyRuleSet,
    Tariff,
    TariffRate,
)
from billing.models.rule_book import RuleDraft
from billing.models.scenarios import Scenario, ScenarioRow
from billing.models.seals import AuditSeal, Checkpoint, LineSeal, OutletDay, RecordSeal, SigningKey, Verification
from billing.models.statements import (
    ExportFile,
    Statement,
    StatementExport,
    StatementPayment,
    StatementSignature,
    Withheld,
)
from billing.payments.models import (
    BankFile,
    BankLine,
    CashMovement,
    CashShift,
    CollectingAccount,
    Collection,
    ShiftPaper,
)
from billing.payouts.models import (
    PayeeAccount,
    Payout,
    PayoutBankFile,
    PayoutBankLine,
    PayoutBatch,
    PayoutOrder,
)
from billing.redress.models import InterestRule, Redress
from billing.support.models import SupportAccess, SupportLook
from billing.take_backs.models import TakeBack

__all__ = [
    "Account",
    "AffectedLine",
    "AuditSeal",
    "BankFile",
    "BankLine",
    "BudgetDay",
    "BudgetGrant",
    "BudgetLine",
    "BudgetStop",
    "CallBack",
    "CardPayment",
    "CardRefund",
    "CashMovement",
    "CashShift",
    "Charge",
    "Checkpoint",
    "Claim",
    "ClaimDecision",
    "ClaimFault",
    "ClaimFile",
    "ClaimLine",
    "CollectingAccount",
    "Collection",
    "CompensationNorm",
    "Dispute",
    "DisputeEntry",
    "DisputeFile",
    "DisputeLine",
    "ErrorNotice",
    "EvidenceCheck",
    "Explanation",
    "ExportFile",
    "InterestRule",
    "KnownError",
    "LineSeal",
    "LookBack",
    "NormItem",
    "NormModifier",
    "OutletDay",
    "PayeeAccount",
    "Payout",
    "PayoutBankFile",
    "PayoutBankLine",
    "PayoutBatch",
    "PayoutOrder",
    "Posting",
    "PostingGroup",
    "RecordSeal",
    "Redress",
    "Reduction",
    "RuleDraft",
    "Scenario",
    "ScenarioRow",
    "ShiftPaper",
    "SigningKey",
    "Statement",
    "StatementAnswer",
    "StatementExport",
    "StatementPayment",
    "StatementSignature",
    "SubsidyPart",
    "SubsidyRuleSet",
    "SupportAccess",
    "SupportLook",
    "TakeBack",
    "Tariff",
    "TariffRate",
    "Verification",
    "Withheld",
]
