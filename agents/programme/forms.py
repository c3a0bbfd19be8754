"""What people type into the pages of the programme. Rules live in the operations."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agents.models.organisations import Operator, OperatorClass, Task
from agents.programme import measures
from agents.programme.models import PhaseGate
from agents.programme.ports import groups
from agents.programme.rules import Outcome
from agents.programme.wording import KINDS, VERDICTS
from shared.models.places import Commune
from shared.text import fold

CONTACTS: Final = 3
PRICES: Final = 4


def _day(label: Any, *, required: bool = True, **facts: Any) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}), **facts)


def _lines(label: Any, rows: int = 3, **facts: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **facts)


class BeginForm(forms.Form):
    """A city's programme."""

    use_required_attribute = False
    name = forms.CharField(label=_("Name"), max_length=160)
    legal_basis = forms.CharField(label=_("Decision it rests on"), max_length=300)


class ReasonForm(forms.Form):
    use_required_attribute = False
    reason = _lines(_("Reason"), 2, max_length=500, help_text=_("At least ten characters; the other side reads it."))


class HoldsForm(ReasonForm):
    """From when on the programme holds."""

    prefix = "holds"
    holds_from = _day(_("From"))
    field_order = ("holds_from", "reason")


class PhaseForm(forms.Form):
    """A phase as it is planned; what is left empty includes all."""

    use_required_attribute = False
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind of phase"))
    starts_on = _day(pgettext_lazy("programme", "Begins"))
    ends_on = _day(pgettext_lazy("programme", "Ends"), required=False,
                   help_text=_("The first day that is not part of it."))
    legal_basis = forms.CharField(label=_("Decision it rests on"), max_length=300)
    communes = _lines(_("Communes"), 4, required=False, max_length=6000,
                      help_text=_("Names or codes, one a line or with commas; empty: the whole city."))
    operators = forms.MultipleChoiceField(label=_("Operators"), required=False, widget=forms.CheckboxSelectMultiple,
                                          help_text=_("None ticked: all that take part."))
    groups = forms.MultipleChoiceField(label=_("Procedure groups"), required=False,
                                       widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: all."))

    def __init__(self, *args: Any, province_code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.province_code = province_code
        choices: Mapping[str, Any] = {
            "kind": list(KINDS.items()), "groups": list(groups().items()),
            "operators": list(Operator.objects.order_by("name").values_list("code", "name"))}
        for name, those in choices.items():
            self.fields[name].choices = those  # type: ignore[attr-defined]  # choice fields

    def clean_communes(self) -> list[str]:
        """Codes of what was typed."""
        rows = Commune.objects.filter(province_id=self.province_code)
        known = {fold(commune.name): commune.code for commune in rows}
        codes = set(known.values())
        typed = [each.strip() for each in re.split(r"[,;\n]", self.cleaned_data["communes"]) if each.strip()]
        found = [each if each in codes else known.get(fold(each), "") for each in typed]
        if "" in found:
            raise forms.ValidationError(_("Not a commune of this city: %(name)s"),
                                        params={"name": typed[found.index("")]})
        return found


class GatesForm(forms.Form):
    """One line a measure; without a threshold it is no gate."""

    use_required_attribute = False

    def __init__(self, *args: Any, gates: Iterable[PhaseGate] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {gate.measure: gate for gate in gates}
        for code, measure in measures.known().items():
            gate = asked.get(code)
            self.fields[f"{code}-threshold"] = forms.DecimalField(
                label=str(measure.label), required=False, max_digits=9, decimal_places=1,
                initial=gate.threshold if gate else None)
            self.fields[f"{code}-least"] = forms.IntegerField(
                label=_("Smallest sample"), required=False, min_value=0, max_value=1_000_000,
                initial=gate.least_sample if gate else None)

    def rows(self) -> list[dict[str, Any]]:
        return [{"measure": measure, "threshold": self[f"{code}-threshold"], "least": self[f"{code}-least"]}
                for code, measure in measures.known().items()]

    def asked(self) -> list[tuple[str, Decimal, int]]:
        data = self.cleaned_data
        return [(code, data[f"{code}-threshold"], data.get(f"{code}-least") or 1) for code in measures.known()
                if data.get(f"{code}-threshold") is not None]


class DecisionForm(forms.Form):
    """What is proposed for a phase; a failing gate is named with a reason of its own."""

    use_required_attribute = False
    verdict = forms.ChoiceField(label=_("Proposal"), choices=list(VERDICTS.items()))
    reason = _lines(_("Reason"), 3, max_length=1000)
    conditions = _lines(_("Conditions"), 2, max_length=1000, required=False,
                        help_text=_("What must be done by when; for “go with conditions”."))

    def __init__(self, *args: Any, failing: Iterable[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.failing = list(failing)
        for code, label in self.failing:
            self.fields[f"despite-{code}"] = forms.CharField(
                label=label, max_length=500, required=False, help_text=_("This gate fails. Why open all the same?"))

    def despite(self) -> dict[str, str]:
        return {code: self.cleaned_data.get(f"despite-{code}", "") for code, _label in self.failing}


class OperatorForm(forms.Form):
    """An operator that is to take part; one that the house knows is found by its code."""

    use_required_attribute = False
    code = forms.CharField(label=_("Code"), max_length=12, help_text=_("Capital letters and digits, such as VNPOST"))
    name = forms.CharField(label=_("Name"), max_length=120, required=False,
                           help_text=_("The rest is needed for an operator that is new to the house."))
    operator_class = forms.ChoiceField(label=_("Kind of enterprise"), required=False, choices=[
        choice for choice in OperatorClass.choices if choice[0] != OperatorClass.PUBLIC_POST])
    carrier_code = forms.CharField(label=_("Carrier of its parcels"), max_length=12, required=False)
    hotline = forms.CharField(label=_("Hotline"), max_length=20, required=False)


class EvidenceForm(forms.Form):
    use_required_attribute = False
    item = forms.ChoiceField(label=_("Item"))
    outcome = forms.ChoiceField(label=_("Result"), choices=[
        (Outcome.MET.value, pgettext_lazy("accreditation", "met")),
        (Outcome.NOT_MET.value, pgettext_lazy("accreditation", "not met"))])
    evidence = _lines(_("Evidence"), 2, max_length=500, help_text=_("Which paper or test, its number, where it is."))
    evidence_on = _day(_("Of the day"))

    def __init__(self, *args: Any, items: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = items  # type: ignore[attr-defined]  # a ChoiceField


class AgreementForm(forms.Form):
    """A signed agreement, its contacts and its price list."""

    use_required_attribute = False
    number = forms.CharField(label=_("Number of the agreement"), max_length=60)
    notice_days = forms.IntegerField(label=_("Notice in days"), min_value=0, max_value=730, initial=90)
    valid_from = _day(_("Agreement from"))
    valid_until = _day(_("Agreement until"), required=False, help_text=_("The first day on which it no longer holds."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(CONTACTS):
            for name, label in (("what", _("For what")), ("name", _("Office or person")), ("phone", _("Phone")),
                                ("email", _("E-mail"))):
                self.fields[f"contact-{number}-{name}"] = forms.CharField(label=label, required=False, max_length=120)
        for number in range(PRICES):
            self.fields[f"price-{number}-what"] = forms.CharField(label=_("Service"), required=False, max_length=120)
            self.fields[f"price-{number}-amount"] = forms.IntegerField(
                label=_("đ for the citizen"), required=False, min_value=0, max_value=100_000_000)

    def plain(self) -> list[Any]:
        return [self[name] for name in ("number", "notice_days", "valid_from", "valid_until")]

    def contact_rows(self) -> list[list[Any]]:
        return [[self[f"contact-{number}-{name}"] for name in ("what", "name", "phone", "email")]
                for number in range(CONTACTS)]

    def price_rows(self) -> list[list[Any]]:
        return [[self[f"price-{number}-{name}"] for name in ("what", "amount")] for number in range(PRICES)]

    def contacts(self) -> list[dict[str, str]]:
        rows = [{name: self.cleaned_data.get(f"contact-{number}-{name}", "") for name in (
            "what", "name", "phone", "email")} for number in range(CONTACTS)]
        return [row for row in rows if any(row.values())]

    def prices(self) -> list[tuple[str, int]]:
        rows = [(self.cleaned_data.get(f"price-{number}-what", ""), self.cleaned_data.get(f"price-{number}-amount"))
                for number in range(PRICES)]
        return [(what, amount or 0) for what, amount in rows if what or amount is not None]


class NoticeForm(ReasonForm):
    prefix = "notice"
    ends_on = _day(_("First day without"))
    field_order = ("ends_on", "reason")


class EndForm(NoticeForm):
    prefix = "end"


class DelegationForm(forms.Form):
    use_required_attribute = False
    prefix = "task"
    task = forms.ChoiceField(label=_("Task"), choices=Task)
    group = forms.ChoiceField(label=_("Procedure group"), required=False)
    valid_from = _day(_("From"))
    valid_until = _day(pgettext_lazy("programme", "Until"), required=False)
    legal_basis = forms.CharField(label=_("Decision it rests on"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = [("", _("every group")), *groups().items()]
        self.fields["group"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
