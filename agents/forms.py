"""What people type into the pages of the network. Rules live in the operations; here are types, labels and lengths."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from types import MappingProxyType
from typing import Any, Final

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from agents.models.organisations import Operator, Phase, Task
from agents.opening import Span
from agents.rules import SCOPES
from shared.errors import DomainError
from shared.formatting import weekday
from shared.places import search_places
from shared.roles import Role
from shared.text import fold

SPANS_A_DAY: Final = 2
CLOCK_FORMATS: Final = ("%H:%M", "%Hh%M", "%Hh", "%H.%M")
"""As people write them: 7:30, 7h30, 7h."""
PASSWORD_HINT: Final = _("At least 10 characters; a sentence is fine.")


class SignInForm(AuthenticationForm):
    """Says nothing about which part was wrong."""

    error_messages = {
        "invalid_login": _("User name or password is not right. Check the keyboard (Caps Lock, Vietnamese typing) and "
                           "try again."),
        "inactive": _("User name or password is not right. Check the keyboard (Caps Lock, Vietnamese typing) and "
                      "try again."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none",
                                                 "spellcheck": "false"}
        self.fields["username"].widget.attrs.pop("autofocus", None)
        self.fields["password"].widget.attrs["maxlength"] = 128
        self.fields["password"].label = _("Password")


class PasswordForm(forms.Form):
    """One's own new password."""

    old_password = forms.CharField(
        label=_("Present password"), strip=False, max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    password = forms.CharField(
        label=_("New password"), strip=False, max_length=128, help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))


class AccountForm(forms.Form):
    """A person to enrol."""

    display_name = forms.CharField(label=_("Full name"), max_length=120)
    username = forms.CharField(label=_("User name"), max_length=60,
                               help_text=_("Small letters without accents, digits, dots, such as hanh.nguyen"))
    role = forms.ChoiceField(label=_("Role"))
    place = forms.ChoiceField(label=_("Place of work"), required=False)
    password = forms.CharField(
        label=_("First password"), strip=False, max_length=128, help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, *args: Any, roles: Iterable[str], places: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = set(roles)
        choices: Any = [(value, label) for value, label in Role.choices if value in allowed]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["place"].choices = [("", "–"), *places]  # type: ignore[attr-defined]


class NewPasswordForm(forms.Form):
    """A password for somebody else."""

    password = forms.CharField(
        label=_("New password"), strip=False, max_length=128, help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))


class ReasonForm(forms.Form):
    """Why; the audit keeps it."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class SiteForm(forms.Form):
    """Where an outlet stands."""

    commune = forms.CharField(label=_("Commune"), max_length=80, help_text=_("Its name or its five-digit code"))
    address = forms.CharField(label=_("House number and street"), max_length=200)
    latitude = forms.FloatField(label=_("Latitude"), min_value=8, max_value=24)
    longitude = forms.FloatField(label=_("Longitude"), min_value=102, max_value=115)

    def clean_commune(self) -> str:
        """The code of what was typed; a name that several communes have is asked back with their codes."""
        typed: str = self.cleaned_data["commune"]
        if typed.isdecimal():
            return typed
        found = [place for place in search_places(typed).present if fold(place.name) == fold(typed)]
        if len(found) == 1:
            return found[0].code
        if not found:
            raise forms.ValidationError(_("No commune is called so since 1 July 2025."))
        choices = ", ".join(f"{place.code} {place.full_name}, {place.province_name}" for place in found[:8])
        message = _("Several are called so; enter the code: %(choices)s")
        raise forms.ValidationError(message, params={"choices": choices})


class AgreementForm(forms.Form):
    """What is delegated to an outlet, and from when to when."""

    tasks = forms.MultipleChoiceField(label=_("Delegated tasks"), choices=Task, widget=forms.CheckboxSelectMultiple)
    phase = forms.ChoiceField(label=_("Phase"), choices=Phase)
    agreement_from = forms.DateField(label=_("Agreement from"), widget=forms.DateInput(attrs={"type": "date"}))
    agreement_until = forms.DateField(label=_("Agreement until"), required=False,
                                      widget=forms.DateInput(attrs={"type": "date"}))


class OutletForm(SiteForm, AgreementForm):
    """An outlet to open."""

    code = forms.CharField(label=_("Code"), max_length=16, help_text=_("Capital letters and digits, such as HUE-003"))
    name = forms.CharField(label=_("Name"), max_length=120)
    operator = forms.ModelChoiceField(label=_("Operator"), queryset=Operator.objects.none(), empty_label="–")
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)

    field_order = ("operator", "code", "name", "commune", "address", "latitude", "longitude", "phone", "tasks", "phase",
                   "agreement_from", "agreement_until")


def name_of(day: int) -> str:
    """The weekday's name, 0 Monday."""
    return weekday(date(2024, 1, 1) + timedelta(days=day))


class HoursForm(forms.Form):
    """A week of at most two spans a day; empty: closed."""

    def __init__(self, *args: Any, spans: Iterable[Span] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept: dict[int, list[Span]] = {}
        for span in sorted(spans):
            kept.setdefault(span.weekday, []).append(span)
        for day in range(7):
            for number in range(SPANS_A_DAY):
                known = kept.get(day, [])[number:number + 1]
                self._add(day, number, known[0] if known else None)

    def _add(self, day: int, number: int, span: Span | None) -> None:
        for edge, word in (("opens", _("opens")), ("closes", _("closes"))):
            label = f"{name_of(day)}, {word}"
            self.fields[f"{edge}_{day}_{number}"] = forms.TimeField(
                label=label, required=False, initial=getattr(span, edge, None), input_formats=CLOCK_FORMATS,
                widget=forms.TimeInput(format="%H:%M", attrs={
                    "class": "num", "inputmode": "numeric", "maxlength": 5, "placeholder": "–", "aria-label": label}))

    def rows(self) -> list[tuple[Any, list[tuple[Any, Any]]]]:
        """For the template: a day's name and its pairs of fields."""
        return [(name_of(day), [(self[f"opens_{day}_{n}"], self[f"closes_{day}_{n}"]) for n in range(SPANS_A_DAY)])
                for day in range(7)]

    def clean(self) -> dict[str, Any]:
        """A span needs both ends."""
        for day in range(7):
            for number in range(SPANS_A_DAY):
                opens, closes = self._edges(day, number)
                if (opens is None) != (closes is None):
                    missing = "closes" if closes is None else "opens"
                    self.add_error(f"{missing}_{day}_{number}", _("Enter both opening and closing, or neither."))
        return self.cleaned_data

    def spans(self) -> list[Span]:
        """What was entered; call it on a valid form."""
        edges = [(day, *self._edges(day, number)) for day in range(7) for number in range(SPANS_A_DAY)]
        return [Span(day, opens, closes) for day, opens, closes in edges if opens is not None and closes is not None]

    def _edges(self, day: int, number: int) -> tuple[time | None, time | None]:
        data = self.cleaned_data
        return data.get(f"opens_{day}_{number}"), data.get(f"closes_{day}_{number}")


class TokenForm(forms.Form):
    """A machine's key to issue."""

    name = forms.CharField(label=_("Which machine"), max_length=80)
    place = forms.ChoiceField(label=_("Bound to"))
    scopes = forms.MultipleChoiceField(label=_("Scopes"), choices=[(scope, scope) for scope in sorted(SCOPES)],
                                       widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("Valid for days"), min_value=1, max_value=366, initial=90)

    def __init__(self, *args: Any, places: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]  # a ChoiceField


def show(error: DomainError, form: forms.Form, *, renamed: Mapping[str, str] = MappingProxyType({})) -> None:
    """Put a refusal beside the fields that it names (`renamed`: as the form calls them), others at the top."""
    for each in error.errors:
        name = each.pointer.strip("/").split("/")[0]
        name = renamed.get(name, name)
        form.add_error(name if name in form.fields else None, str(each.message))
    if not error.errors:
        form.add_error(None, str(error.detail))
