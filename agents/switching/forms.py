"""What people type at a locked screen."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.people.factor_forms import PasswordForm


class UnlockForm(forms.Form):
    """A PIN or a password: six digits alone are tried as the PIN first."""

    secret = forms.CharField(
        label=_("PIN or password"), strip=False, max_length=128,
        error_messages={"required": _("Enter your PIN or password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    credential = forms.JSONField(required=False, widget=forms.HiddenInput)
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A passkey instead needs no secret.
        self.fields["secret"].required = not self.data.get(self.add_prefix("credential"))


class PinForm(PasswordForm):
    """A new PIN, under one's password."""

    pin = forms.CharField(
        label=_("New PIN"), max_length=6, help_text=_("Six digits, none that everybody guesses."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}))
    field_order = ("pin", "password")

    prefix = "pin"
