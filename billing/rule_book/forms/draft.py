"""What people type into a draft. Entries become terms; billing.rule_book.terms alone says what is wrong with them.

So every field may stay empty here, and a refusal finds its field by the JSON pointer it carries.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rule_book.forms.heads import BudgetForm, NormForm, ReductionForm, SubsidyForm, TariffForm, TermsForm
from billing.rule_book.forms.rows import ItemRow, ModifierRow, PartRow, Row, StepRow, start_of_zones, zones_of
from billing.rules.rule_book import RuleKind
from shared.errors import DomainError

SPARE_ROWS: Final = 2
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
