"""The entries of each kind of rule, above its tables."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rule_book.describing import (
    CHANNELS,
    DIRECTIONS,
    VAT,
    WHEN_EMPTY,
)
from billing.rule_book.forms.fields import CONFIDENCES, TextEntry, choice, choices_of, day, figure
from billing.rule_book.forms.reading import amount_text, dong, parts_of_share, share_text, whole


class TermsForm(forms.Form):
    """The entries of every kind; `rows` are the tables below them."""

    use_required_attribute = False
    label_suffix = ""
    code = TextEntry(
        _("Code"), help_text=_("Capitals and digits; every line of the books names it, so it is used once."),
        longest=40, needed=True)
    name_vi = TextEntry(_("Name in Vietnamese"), longest=200, needed=True)
    name_en = TextEntry(_("Name in English"), longest=200, needed=True)
    legal_basis = TextEntry(_("Legal basis"), help_text=_("Number, day and who issued it."), needed=True)
    confidence = choice(_("How sure"), CONFIDENCES, needed=True)

    def as_terms(self) -> dict[str, Any]:
        """Entries that are empty are left out, so that what is missing is told as missing."""
        raw = {name: self.cleaned_data.get(name, "").strip() for name in (
            "code", "name_vi", "name_en", "legal_basis", "confidence")}
        return {name: value for name, value in raw.items() if value} | self._own()

    def _own(self) -> dict[str, Any]:
        return {}

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        """What the fields show for terms."""
        return {name: terms.get(name, "") for name in ("code", "name_vi", "name_en", "legal_basis", "confidence")}


class _Dated(TermsForm):
    valid_from = day(_("Holds from"), _("Never inside a closed month."))
    valid_to = day(_("Holds until"), _("The first day on which it no longer holds; empty: until further notice."),
                    needed=False)

    def _days(self) -> dict[str, Any]:
        begin, end = self.cleaned_data["valid_from"].strip(), self.cleaned_data["valid_to"].strip()
        return ({"valid_from": begin} if begin else {}) | {"valid_to": end or None}

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        return super().start(terms) | {"valid_from": terms.get("valid_from") or "",
                                       "valid_to": terms.get("valid_to") or ""}


class SubsidyForm(_Dated):
    numerator = TextEntry(_("Share of what is left"), help_text=_("After the national reduction: 100 %, 50 % or 1/3."),
                      longest=12, needed=True)
    cap_per_trip_vnd = figure(_("Cap for a trip, đồng"), help_text=_("Empty: no cap."))
    channels = choices_of(_("Channels"), CHANNELS, needed=True)
    directions = choices_of(_("Directions"), DIRECTIONS, needed=True)
    budget_line = TextEntry(_("Budget line"), longest=60, needed=True)

    def _own(self) -> dict[str, Any]:
        data = self.cleaned_data
        return self._days() | parts_of_share(data["numerator"]) | {
            "cap_per_trip_vnd": dong(data["cap_per_trip_vnd"]) if data["cap_per_trip_vnd"].strip() else None,
            "channels": data["channels"], "directions": data["directions"], "budget_line": data["budget_line"].strip()}

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        return super().start(terms) | {
            "numerator": share_text(terms), "cap_per_trip_vnd": amount_text(terms.get("cap_per_trip_vnd")),
            "channels": terms.get("channels", ["online"]), "directions": terms.get("directions", []),
            "budget_line": terms.get("budget_line", "")}


class ReductionForm(_Dated):
    beneficiary_class = TextEntry(_("Class"), longest=40, needed=True)
    numerator = TextEntry(_("Share removed"), help_text=_("100 %, 50 % or 1/3."), longest=12, needed=True)

    def _own(self) -> dict[str, Any]:
        name = self.cleaned_data["beneficiary_class"].strip()
        return self._days() | parts_of_share(self.cleaned_data["numerator"]) | (
            {"beneficiary_class": name} if name else {})

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        return super().start(terms) | {"beneficiary_class": terms.get("beneficiary_class", ""),
                                       "numerator": share_text(terms)}


class NormForm(_Dated):
    budget_line = TextEntry(_("Budget line"), longest=60)

    def _own(self) -> dict[str, Any]:
        return self._days() | {"budget_line": self.cleaned_data["budget_line"].strip()}

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        return super().start(terms) | {"budget_line": terms.get("budget_line", "")}


class TariffForm(_Dated):
    operator_code = TextEntry(_("Operator"), longest=12, needed=True)
    direction = choice(_("Direction"), DIRECTIONS, needed=True)
    vat = choice(_("VAT"), VAT, needed=True)

    def _own(self) -> dict[str, Any]:
        data = self.cleaned_data
        return self._days() | {"operator_code": data["operator_code"].strip(), "direction": data["direction"],
                               "vat": data["vat"]}

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        return super().start(terms) | {name: terms.get(name, "") for name in ("operator_code", "direction", "vat")}


class BudgetForm(TermsForm):
    year = figure(_("Year"), needed=True)
    amount_vnd = figure(_("Given or taken, đồng"), needed=True, help_text=_("A minus takes money away."))
    granted_on = day(_("Given on"))
    when_empty = choice(_("When it is used up"), WHEN_EMPTY, needed=True)
    warn_weeks = figure(_("Warned before, weeks"), needed=True)

    def _own(self) -> dict[str, Any]:
        data = self.cleaned_data
        figures = {"year": whole(data["year"]), "amount_vnd": dong(data["amount_vnd"]),
                   "warn_weeks": whole(data["warn_weeks"]), "granted_on": data["granted_on"].strip(),
                   "when_empty": data["when_empty"]}
        return {name: value for name, value in figures.items() if value != ""}

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        return super().start(terms) | {
            "year": terms.get("year", ""), "amount_vnd": amount_text(terms.get("amount_vnd")),
            "granted_on": terms.get("granted_on", ""), "when_empty": terms.get("when_empty", "citizen_pays"),
            "warn_weeks": terms.get("warn_weeks", 6)}
