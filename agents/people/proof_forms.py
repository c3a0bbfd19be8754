"""What proves again who is at the keyboard."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models.people import StaffAccount
from agents.people.factor_forms import ConfirmForm

PREFIX = "proof"
"""Before each name, so that the proof stands beside the fields of the page that it interrupts."""


class ProofForm(ConfirmForm):
    """A code or a passkey of who has a second factor; the password of who has none."""

    prefix = PREFIX
    password = forms.CharField(
        label=_("Password"), strip=False, max_length=128, error_messages={"required": _("Enter your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))

    def __init__(self, *args: Any, account: StaffAccount, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_password = account.second_factor_at is None
        for name in ("code", "credential") if self.by_password else ("password",):
            del self.fields[name]
