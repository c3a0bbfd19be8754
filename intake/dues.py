"""What is due for a dossier, in the parts that go to different hands."""

from intake.models.dossiers import Dossier
from intake.plain_data import pricing_from_data
from shared.money import Money


def parts_due(dossier: Dossier) -> tuple[Money, Money]:
    """The authority's fee and the citizen's share of the postage, as they were quoted."""
    pricing = pricing_from_data(dossier.quote)
    whole = pricing.citizen_total if pricing is not None else dossier.fee
    return dossier.fee, whole - dossier.fee
