"""What people type into a draft. Entries become terms; billing.rule_book.terms alone says what is wrong with them.

So every field may stay empty here, and a refusal finds its field by the JSON pointer it carries.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rule_book.describing import (
    CHANNELS,
    COMPLEXITIES,
    DIRECTIONS,
    GROUPS,
    VAT,
    WHEN_EMPTY,
    said,
)
from billing.rules.compensation import MODIFIERS, PERIOD_CAP, STAND_BY, TASKS
from billing.rules.rates import ModifierKind, Unit
from billing.rules.rule_book import RuleKind
from billing.rules.zones import ZONE_WORDS, Zone
from shared.confidence import Confidence
from shared.errors import DomainError
from shared.formatting import number, speaks_vietnamese

_AMOUNT: Final = re.compile(r"(-?)([\d.,\s\u00a0]+)(?:đ|vnd|vnđ)?", re.IGNORECASE)
_SHARE: Final = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?\s*%?")
_FRACTION: Final = re.compile(r"(\d{1,4})\s*/\s*(\d{1,4})")
SPARE_ROWS: Final = 2


def dong(text: str) -> object:
    """`12.000 đ` as a whole number; what is none stays as typed, to be refused at its place."""
    found = _AMOUNT.fullmatch(text.strip())
    digits = re.sub(r"\D", "", found[2]) if found else ""
    return int(f"{found[1]}{digits}") if found and digits else text.strip()


def whole(text: str) -> object:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text.strip()) else text.strip()


def parts_of_share(text: str) -> dict[str, object]:
    """`50 %`, `33,5 %` or `1/3` as two whole numbers."""
    text = text.strip()
    if found := _FRACTION.fullmatch(text):
        return {"numerator": int(found[1]), "denominator": int(found[2])}
    if found := _SHARE.fullmatch(text):
        decimals = found[2] or ""
        rate = Fraction(int(found[1] + decimals), 100 * 10 ** len(decimals))
        return {"numerator": rate.numerator, "denominator": rate.denominator}
    return {"numerator": text} if text else {}


def share_text(data: Mapping[str, Any]) -> str:
    if data.get("numerator") is None:
        return ""
    rate = Fraction(data["numerator"], data["denominator"]) * 100
    return f"{rate.numerator} %" if rate.denominator == 1 else f"{data['numerator']}/{data['denominator']}"


def amount_text(value: int | None) -> str:
    return "" if value is None else number(value).replace("\u2212", "-")


class _Text(forms.CharField):
    def __init__(self, label: Any, *, help_text: Any = "", longest: int = 300, needed: bool = False,
                 **attrs: Any) -> None:
        super().__init__(label=label, required=needed, max_length=longest, help_text=help_text,
                         widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}))


def _figure(label: Any, **options: Any) -> _Text:
    return _Text(label, longest=20, inputmode="numeric", **options)


def _day(label: Any, help_text: Any = "", *, needed: bool = True) -> _Text:
    return _Text(label, help_text=help_text, longest=10, needed=needed, type="date")


def _choice(label: Any, words: Mapping[Any, Any], *, needed: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=needed, choices=[(str(key), word) for key, word in words.items()])


def _choices(label: Any, words: Mapping[str, Any], *, needed: bool = False) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=needed, choices=list(words.items()),
                                     widget=forms.CheckboxSelectMultiple)


CONFIDENCES: Final = {Confidence.VERIFIED: Confidence.VERIFIED.label, Confidence.KNOWN: Confidence.KNOWN.label,
                      Confidence.ASSUMED: Confidence.ASSUMED.label}


class TermsForm(forms.Form):
    """The entries of every kind; `rows` are the tables below them."""

    use_required_attribute = False
    label_suffix = ""
    code = _Text(_("Code"), help_text=_("Capitals and digits; every line of the books names it, so it is used once."),
                 longest=40, needed=True)
    name_vi = _Text(_("Name in Vietnamese"), longest=200, needed=True)
    name_en = _Text(_("Name in English"), longest=200, needed=True)
    legal_basis = _Text(_("Legal basis"), help_text=_("Number, day and who issued it."), needed=True)
    confidence = _choice(_("How sure"), CONFIDENCES, needed=True)

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
    valid_from = _day(_("Holds from"), _("Never inside a closed month."))
    valid_to = _day(_("Holds until"), _("The first day on which it no longer holds; empty: until further notice."),
                    needed=False)

    def _days(self) -> dict[str, Any]:
        begin, end = self.cleaned_data["valid_from"].strip(), self.cleaned_data["valid_to"].strip()
        return ({"valid_from": begin} if begin else {}) | {"valid_to": end or None}

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        return super().start(terms) | {"valid_from": terms.get("valid_from") or "",
                                       "valid_to": terms.get("valid_to") or ""}


class SubsidyForm(_Dated):
    numerator = _Text(_("Share of what is left"), help_text=_("After the national reduction: 100 %, 50 % or 1/3."),
                      longest=12, needed=True)
    cap_per_trip_vnd = _figure(_("Cap for a trip, đồng"), help_text=_("Empty: no cap."))
    channels = _choices(_("Channels"), CHANNELS, needed=True)
    directions = _choices(_("Directions"), DIRECTIONS, needed=True)
    budget_line = _Text(_("Budget line"), longest=60, needed=True)

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
    beneficiary_class = _Text(_("Class"), longest=40, needed=True)
    numerator = _Text(_("Share removed"), help_text=_("100 %, 50 % or 1/3."), longest=12, needed=True)

    def _own(self) -> dict[str, Any]:
        name = self.cleaned_data["beneficiary_class"].strip()
        return self._days() | parts_of_share(self.cleaned_data["numerator"]) | (
            {"beneficiary_class": name} if name else {})

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        return super().start(terms) | {"beneficiary_class": terms.get("beneficiary_class", ""),
                                       "numerator": share_text(terms)}


class NormForm(_Dated):
    budget_line = _Text(_("Budget line"), longest=60)

    def _own(self) -> dict[str, Any]:
        return self._days() | {"budget_line": self.cleaned_data["budget_line"].strip()}

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        return super().start(terms) | {"budget_line": terms.get("budget_line", "")}


class TariffForm(_Dated):
    operator_code = _Text(_("Operator"), longest=12, needed=True)
    direction = _choice(_("Direction"), DIRECTIONS, needed=True)
    vat = _choice(_("VAT"), VAT, needed=True)

    def _own(self) -> dict[str, Any]:
        data = self.cleaned_data
        return self._days() | {"operator_code": data["operator_code"].strip(), "direction": data["direction"],
                               "vat": data["vat"]}

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        return super().start(terms) | {name: terms.get(name, "") for name in ("operator_code", "direction", "vat")}


class BudgetForm(TermsForm):
    year = _figure(_("Year"), needed=True)
    amount_vnd = _figure(_("Given or taken, đồng"), needed=True, help_text=_("A minus takes money away."))
    granted_on = _day(_("Given on"))
    when_empty = _choice(_("When it is used up"), WHEN_EMPTY, needed=True)
    warn_weeks = _figure(_("Warned before, weeks"), needed=True)

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


# --- the tables below a rule ----------------------------------------------------------------------------------------


class Row(forms.Form):
    """One row of a table; an empty one is left out."""

    use_required_attribute = False

    def is_blank(self) -> bool:
        return not self.has_changed() if not self.initial else not any(self.cleaned_data.values())

    def as_terms(self) -> dict[str, Any]:
        raise NotImplementedError

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        raise NotImplementedError


class ItemRow(Row):
    task = forms.ChoiceField(label=_("Task"), required=False, choices=lambda: [
        ("", "–"), *((task, said(words)) for task, words in TASKS.items() if task != PERIOD_CAP)])
    procedure_group = _choice(_("Procedure group"), GROUPS)
    channel = _choice(_("Channel"), {"": _("any")} | dict(CHANNELS))
    complexity = _choice(_("Complexity"), COMPLEXITIES)
    amount_vnd = _figure(_("Amount, đồng"))

    def is_blank(self) -> bool:
        return not self.cleaned_data.get("task") and not self.cleaned_data.get("amount_vnd", "").strip()

    def as_terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        amount = data["amount_vnd"].strip()
        return {"task": data["task"], "procedure_group": data["procedure_group"], "channel": data["channel"],
                "complexity": data["complexity"], **({"amount_vnd": dong(amount)} if amount else {}),
                "unit": str(Unit.MONTH if data["task"] == STAND_BY else Unit.PIECE)}

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        return {**terms, "amount_vnd": amount_text(terms["amount_vnd"])}


class ModifierRow(Row):
    kind = forms.ChoiceField(label=_("Modifier"), required=False, choices=lambda: [
        ("", "–"), *((str(kind), said(MODIFIERS[kind])) for kind in ModifierKind)])
    numerator = _Text(_("Share or amount"), help_text=_("20 % or 5.000"), longest=20)
    communes = _Text(_("Communes"), help_text=_("codes, parted by commas"), longest=1500)
    late_after_days = _figure(_("Late after, working days"))

    def is_blank(self) -> bool:
        return not any(str(value).strip() for value in self.cleaned_data.values())

    def as_terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        text, days = data["numerator"].strip(), data["late_after_days"].strip()
        worth = parts_of_share(text) if "%" in text or "/" in text else {"amount_vnd": dong(text)} if text else {}
        communes = [part.strip() for part in data["communes"].split(",") if part.strip()]
        return {"kind": data["kind"], **worth, "communes": communes,
                "late_after_days": whole(days) if days else None}

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        has_amount = terms.get("amount_vnd") is not None
        days = terms.get("late_after_days")
        return {"kind": terms["kind"], "communes": ", ".join(terms.get("communes", [])),
                "numerator": amount_text(terms["amount_vnd"]) if has_amount else share_text(terms),
                "late_after_days": "" if days is None else days}


class PartRow(Row):
    name_vi = _Text(_("Whom, in Vietnamese"), longest=200)
    name_en = _Text(_("Whom, in English"), longest=200)
    beneficiary_classes = _Text(_("Classes"), help_text=_("codes, parted by commas"), longest=800)
    numerator = _Text(_("Share"), longest=12)
    cap_per_trip_vnd = _figure(_("Cap, đồng"))
    channels = _choices(_("Channels"), CHANNELS)
    directions = _choices(_("Directions"), DIRECTIONS)
    legal_basis = _Text(_("Legal basis"))
    confidence = _choice(_("How sure"), CONFIDENCES)

    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in (
            "name_vi", "name_en", "beneficiary_classes", "numerator", "legal_basis"))

    def as_terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        cap = data["cap_per_trip_vnd"].strip()
        classes = [part.strip() for part in data["beneficiary_classes"].split(",") if part.strip()]
        return {**{name: data[name].strip() for name in ("name_vi", "name_en", "legal_basis", "confidence")},
                "beneficiary_classes": classes, **parts_of_share(data["numerator"]),
                "cap_per_trip_vnd": dong(cap) if cap else None, "channels": data["channels"],
                "directions": data["directions"]}

    @classmethod
    def start(cls, terms: Mapping[str, Any]) -> dict[str, Any]:
        return {**terms, "beneficiary_classes": ", ".join(terms["beneficiary_classes"]),
                "numerator": share_text(terms), "cap_per_trip_vnd": amount_text(terms.get("cap_per_trip_vnd"))}


ZONES: Final = tuple(Zone)


def _zone_name(zone: Zone) -> str:
    words = ZONE_WORDS[zone]
    return words.name_vi if speaks_vietnamese() else words.name_en


class StepRow(Row):
    """A weight and what it costs in each zone; the last kind of row is each further step."""

    is_further = forms.BooleanField(label=_("Each further"), required=False)
    up_to_grams = _figure(_("Grams"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for zone in ZONES:
            self.fields[zone] = _figure(_zone_name(zone))

    def is_blank(self) -> bool:
        return not any(str(self.cleaned_data.get(name, "")).strip() for name in ("up_to_grams", *ZONES))


def zones_of(rows: Sequence[Row]) -> tuple[dict[str, Any], dict[tuple[str, str], int]]:
    """The zones of a tariff's rows, and which row made which entry: ("zone", "steps/0" | "further") → row."""
    zones: dict[str, Any] = {}
    made: dict[tuple[str, str], int] = {}
    for at, row in enumerate(rows):
        if row.is_blank():
            continue
        for zone in ZONES:
            text = row.cleaned_data[zone].strip()
            if not text:
                continue
            step = {"up_to_grams": whole(row.cleaned_data["up_to_grams"]), "amount_vnd": dong(text)}
            entry = zones.setdefault(str(zone), {"steps": []})
            if row.cleaned_data["is_further"]:
                entry["further"], made[zone, "further"] = step, at
            else:
                made[zone, f"steps/{len(entry['steps'])}"] = at
                entry["steps"].append(step)
    return zones, made


def start_of_zones(zones: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows that show a tariff's zones: every weight once, then the further step."""
    rows: dict[tuple[bool, int], dict[str, Any]] = {}
    for zone, rates in zones.items():
        steps = [(False, step) for step in rates["steps"]]
        steps += [(True, rates["further"])] if rates["further"] else []
        for is_further, step in steps:
            row = rows.setdefault((is_further, step["up_to_grams"]),
                                  {"is_further": is_further, "up_to_grams": step["up_to_grams"]})
            row[zone] = amount_text(step["amount_vnd"])
    return [rows[key] for key in sorted(rows)]


FORMS: Final[Mapping[RuleKind, type[TermsForm]]] = {
    RuleKind.SUBSIDY: SubsidyForm, RuleKind.REDUCTION: ReductionForm, RuleKind.NORM: NormForm,
    RuleKind.TARIFF: TariffForm, RuleKind.BUDGET: BudgetForm}
TABLES: Final[Mapping[RuleKind, Sequence[tuple[str, type[Row], Any]]]] = {
    RuleKind.SUBSIDY: [("parts", PartRow, _("For some people instead"))],
    RuleKind.NORM: [("items", ItemRow, _("Amounts")),
                    ("modifiers", ModifierRow, _("What raises, lowers or bounds them"))],
    RuleKind.TARIFF: [("zones", StepRow, _("Prices"))]}


class DraftForm:
    """A draft's entries and its tables as one form: `head`, and `tables` of (name, heading, rows)."""

    def __init__(self, kind: RuleKind, *, typed: Mapping[str, Any] | None = None,
                 terms: Mapping[str, Any] | None = None) -> None:
        self.kind = kind
        begun = terms or {}
        self.head = FORMS[kind](typed, initial=FORMS[kind].start(begun))
        self.tables = [(name, heading, self._rows(name, row, typed, begun))
                       for name, row, heading in TABLES.get(kind, [])]
        self._made: dict[tuple[str, str], int] = {}
        self._kept: dict[str, list[int]] = {}

    def _rows(self, name: str, row: type[Row], typed: Mapping[str, Any] | None, terms: Mapping[str, Any]) -> Any:
        spare = 1 if name == "parts" else SPARE_ROWS
        made = forms.formset_factory(row, extra=spare, max_num=210, absolute_max=210)
        if name == "zones":
            shown = start_of_zones(terms.get("zones", {}))
        else:
            shown = [row.start(each) for each in terms.get(name, [])]
        return made(typed, initial=shown, prefix=name)

    def is_readable(self) -> bool:
        """Whether the entries could be read at all: lengths and choices."""
        found = [self.head.is_valid(), *(rows.is_valid() for _name, _heading, rows in self.tables)]
        return all(found)

    def as_terms(self) -> dict[str, Any]:
        data: dict[str, Any] = {"kind": str(self.kind), **self.head.as_terms()}
        for name, _heading, rows in self.tables:
            if name == "zones":
                data["zones"], self._made = zones_of(rows.forms)
                continue
            self._kept[name] = [at for at, row in enumerate(rows.forms) if not row.is_blank()]
            data[name] = [rows.forms[at].as_terms() for at in self._kept[name]]
        return data

    def show(self, refusal: DomainError) -> None:
        """Put each error beside the field it is about, or above them all."""
        if not refusal.errors:
            self.head.add_error(None, str(refusal.detail))
        for error in refusal.errors:
            form, field = self._field(error.pointer.removeprefix("/terms").strip("/").split("/"))
            form.add_error(field if field in form.fields else None, str(error.message))

    def _field(self, steps: list[str]) -> tuple[forms.Form, str]:
        rows = {name: formset for name, _heading, formset in self.tables}
        name = steps[0]
        if name == "zones" and len(steps) > 1:
            at = self._made.get((steps[1], "/".join(steps[2:4]) if steps[2:3] == ["steps"] else "".join(steps[2:3])))
            last = steps[-1]
            return (self.head, "") if at is None else (
                rows["zones"].forms[at], steps[1] if last == "amount_vnd" else "up_to_grams")
        if name in rows and len(steps) > 1 and steps[1].isdigit():
            return rows[name].forms[self._kept[name][int(steps[1])]], _typed_as(steps[2:])
        return self.head, _typed_as(steps)

    @property
    def errors(self) -> Iterable[Any]:
        return [self.head.errors, *(errors for _n, _h, rows in self.tables for errors in rows.errors)]

    @property
    def is_wrong(self) -> bool:
        return any(self.errors)


def _typed_as(steps: list[str]) -> str:
    """The field in which an entry was typed: a share's two numbers are one."""
    name = steps[0] if steps else ""
    return "numerator" if name == "denominator" else name
