"""What people type about people's coming and going. Rules live in the operations."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms import PASSWORD_HINT
from shared.procedure_groups import PROCEDURE_GROUPS
from shared.roles import Role

GROUPS_HINT = _("None chosen: all of them")
LAST_DAY_HINT = _("For a surge helper: with the end of this day the access ends by itself")


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class IdentityForm(forms.Form):
    """By which e-mail the organisation's sign-in knows a person."""

    email = forms.EmailField(label=_("E-mail at the organisation’s sign-in"), max_length=254)


class InvitationForm(forms.Form):
    """Somebody to ask in."""

    display_name = forms.CharField(label=_("Full name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=20,
                            widget=forms.TextInput(attrs={"inputmode": "tel"}))
    role = forms.ChoiceField(label=_("Role"))
    place = forms.ChoiceField(label=_("Place of work"), required=False)
    procedure_groups = forms.MultipleChoiceField(
        label=_("Procedure groups"), required=False, help_text=GROUPS_HINT, choices=list(PROCEDURE_GROUPS.items()),
        widget=forms.CheckboxSelectMultiple)
    last_day = forms.DateField(label=_("Last day"), required=False, help_text=LAST_DAY_HINT, widget=_day())

    def __init__(self, *args: Any, roles: Iterable[str], places: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = set(roles)
        choices: Any = [(value, label) for value, label in Role.choices if value in allowed]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["place"].choices = [("", "–"), *places]  # type: ignore[attr-defined]

    @property
    def works_until(self) -> date | None:
        """The first day without access, of a valid form."""
        return after_last(self.cleaned_data.get("last_day"))


class ReachForm(forms.Form):
    """How far somebody's account reaches."""

    procedure_groups = forms.MultipleChoiceField(
        label=_("Procedure groups"), required=False, help_text=GROUPS_HINT, choices=list(PROCEDURE_GROUPS.items()),
        widget=forms.CheckboxSelectMultiple)
    last_day = forms.DateField(label=_("Last day"), required=False, help_text=LAST_DAY_HINT, widget=_day())
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "reach_%s"})  # it shares its page with other reasons


class CodeForm(forms.Form):
    """The code of an invitation; the page fills it in from its own address."""

    code = forms.CharField(label=_("Code of the invitation"), max_length=80,
                           widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))


class AcceptForm(forms.Form):
    """A new account's own name and password."""

    username = forms.CharField(label=_("User name"), max_length=60,
                               help_text=_("Small letters without accents, digits, dots, such as hanh.nguyen"),
                               widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none",
                                                             "spellcheck": "false"}))
    password = forms.CharField(
        label=_("Password"), strip=False, max_length=128, help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))


def after_last(last_day: date | None) -> date | None:
    return None if last_day is None else last_day + timedelta(days=1)
