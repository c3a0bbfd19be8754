"""A result that came back is sent again: who pays for it by the rules, what it costs, and why somebody else should."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import public as billing
from delivery import public as delivery
from intake.operations.results import Repeat, bearer_by_rule
from intake.queries.desk import Desk
from intake.views.desk_forms import DecisionForm, needed, text
from shared.formatting import money

PAYS = {
    delivery.Party.RECIPIENT: gettext_lazy("The addressee pays"),
    delivery.Party.SENDER: gettext_lazy("The authority pays"),
    delivery.Party.CARRIER: gettext_lazy("The carrier bears it itself"),
    delivery.Party.NOBODY: gettext_lazy("Paid for as the first time"),
}


class SendAgainForm(DecisionForm):
    """Who pays is said by the rules; somebody else only with a reason."""

    bearer = forms.ChoiceField(label=gettext_lazy("Who pays for sending it again"), error_messages=needed(
        gettext_lazy("Choose who pays for sending it again.")))
    why = text(gettext_lazy("Why somebody else than the rules say"), longest=300, rows=1)

    def __init__(self, desk: Desk, data: Any = None, files: Any = None) -> None:
        by_rule = bearer_by_rule(desk.parcels)
        super().__init__(desk, data, files, initial={"bearer": by_rule.value})
        self.fields["bearer"].choices = list(_choices(desk, by_rule))  # type: ignore[attr-defined]
        self.fields["bearer"].help_text = _("Decision 45/2016/QĐ-TTg, Article 12.4: whoever was at fault pays. By the "
                                            "trip that came back: %(who)s.") % {"who": PAYS[by_rule]}

    def facts(self) -> dict[str, Any]:
        return {"repeat": Repeat(self.cleaned_data["bearer"], self.cleaned_data["why"])}


def _choices(desk: Desk, by_rule: delivery.Party) -> Iterator[tuple[str, str]]:
    """The one by the rules first, each with what the citizen would pay at the address of the last trip."""
    last = next((each for each in reversed(desk.parcels) if each.direction == "result"), None)
    for party in sorted(PAYS, key=lambda each: each is not by_rule):
        share = _citizen_share(last, party) if last is not None else ""
        yield party.value, f"{PAYS[party]} ({share})" if share else str(PAYS[party])


def _citizen_share(parcel: delivery.ParcelInfo, party: delivery.Party) -> str:
    borne_by = "" if party is delivery.Party.NOBODY else party.value
    try:
        quote = billing.quote(replace(parcel.case, borne_by=borne_by))
    except (billing.NoTariff, billing.ZoneNotPriced, billing.WeightNotPriced):
        return ""
    return _("citizen %(amount)s") % {"amount": money(quote.citizen_share.amount)}
