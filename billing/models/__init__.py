"""Django looks for models here; code imports the submodule it means."""

from billing.models.ledger import Account, Charge, Explanation, Posting, PostingGroup
from billing.models.rates import CompensationNorm, NormItem, Reduction, SubsidyRuleSet, Tariff, TariffRate
from billing.models.statements import Statement

__all__ = [
    "Account",
    "Charge",
    "CompensationNorm", "Explanation",
    "NormItem",
    "Posting",
    "PostingGroup",
    "Reduction",
    "Statement",
    "SubsidyRuleSet",
    "Tariff",
    "TariffRate",
]
