"""What an officer enters to hand a dossier on, give it back, or have something in it corrected."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.queries.desk import Desk
from intake.rules.corrections import FIELDS
from intake.rules.states import Handling
from intake.views.desk_forms import DecisionForm, text
from shared.errors import DomainError


def colleague_field(desk: Desk, label: Any, *, is_required: bool, nobody: Any) -> forms.TypedChoiceField:
    """The people of the centre; the first choice says what choosing none means."""
    people = [(str(person.id), person.name) for person in desk.colleagues]
    return forms.TypedChoiceField(label=label, required=is_required, choices=[("", nobody), *people],
                                  empty_value=None, error_messages={"required": _("Choose a colleague.")})


class PassOnForm(DecisionForm):
    note = text(_("Where it stands, for the colleague"), longest=500, missing=_("Say where it stands."))
    field_order = ("officer_id", "note")

    def __init__(self, desk: Desk, data: Any = None, files: Any = None) -> None:
        super().__init__(desk, data, files)
        self.fields["officer_id"] = colleague_field(desk, _("To whom"), is_required=True, nobody=_("Choose one"))
        self.order_fields(self.field_order)


class ReleaseForm(DecisionForm):
    note = text(_("Note"), longest=500)


class HandOnForm(DecisionForm):
    """The next step of the internal process, and who does it."""

    note = text(_("Note"), longest=500, rows=1)
    field_order = ("number", "officer_id", "note")

    def __init__(self, desk: Desk, data: Any = None, files: Any = None) -> None:
        now = next((step.number for step in desk.steps if step.state == "now"), 1)
        following = min(now + 1, len(desk.steps) or 1)
        super().__init__(desk, data, files, initial={"number": following})
        self.fields["number"] = forms.TypedChoiceField(
            label=_("Step that begins"), coerce=int,
            choices=[(step.number, f"{step.number}. {step.name}") for step in desk.steps if step.number != now])
        self.fields["officer_id"] = colleague_field(desk, _("Who does it"), is_required=False,
                                                    nobody=_("Stays in the same hands"))
        self.order_fields(self.field_order)


class CorrectForm(DecisionForm):
    """Everything that may be corrected, as it stands; what is left as it is does not count."""

    reason = text(_("Why it has to be corrected"), longest=500, missing=_("Say why it has to be corrected."))

    def __init__(self, desk: Desk, data: Any = None, files: Any = None) -> None:
        super().__init__(desk, data, files)
        for code, before in desk.correctable.items():
            known = FIELDS[code]
            self.fields[f"to-{code}"] = forms.CharField(
                label=str(known.words), required=False, initial=before, max_length=known.longest,
                widget=forms.TextInput(attrs={"autocomplete": "off"}))
        if desk.handling == Handling.RETURNED:
            self.fields["reopens"] = forms.BooleanField(
                label=_("Reopen it, so that the corrected result is handed over again"), required=False)
        self.order_fields([*(f"to-{code}" for code in desk.correctable), "reopens", "reason"])

    def facts(self) -> dict[str, Any]:
        entered = self.cleaned_data
        values = {code: entered.get(f"to-{code}", "") for code in self.desk.correctable}
        return {"values": {code: value for code, value in values.items() if value != self.desk.correctable[code]},
                "reason": entered["reason"], "reopens": entered.get("reopens", False)}

    def take_errors(self, refusal: DomainError) -> None:
        """`/values/citizen_name` belongs to the field of that name."""
        for error in refusal.errors:
            name = f"to-{error.pointer.rpartition('/')[2]}"
            plain = error.pointer.strip("/")
            self.add_error(name if name in self.fields else plain if plain in self.fields else None,
                           str(error.message))
        if not refusal.errors:
            self.add_error(None, f"{refusal.title}. {refusal.detail}")
