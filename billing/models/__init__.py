"""Django looks for models here; code imports the submodule it means."""

from billing.disputes.models import Dispute, DisputeEntry, DisputeFile, DisputeLine, StatementAnswer
from billing.models.ledger import Account, Charge, Explanation, Posting, PostingGroup
from billing.models.rates import CompensationNorm, NormItem, Reduction, SubsidyRuleSet, Tariff, TariffRate
from billing.models.statements import Statement
from billing.redress.models import InterestRule, Redress

__all__ = [
    "Account",
    "Charge",
    "CompensationNorm",
    "Dispute",
    "DisputeEntry",
    "DisputeFile",
    "DisputeLine",
    "Explanation",
    "InterestRule",
    "NormItem",
    "Posting",
    "PostingGroup",
    "Redress",
    "Reduction",
    "Statement",
    "StatementAnswer",
    "SubsidyRuleSet",
    "Tariff",
    "TariffRate",
]
