"""What people type about second factors."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from shared.errors import DomainError
from shared.json_body import read

_LONGEST_ANSWER: Final = 40_000
"""Characters; with a certificate of the device it has a few thousand."""


class PasswordForm(forms.Form):
    """One's password again: whoever finds an open page changes nothing."""

    password = forms.CharField(
        label=_("Password"), strip=False, max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))

    def __init__(self, *args: Any, account: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.account.check_password(password):
            raise forms.ValidationError(_("This is not your present password."))
        return password


def _code(**more: Any) -> forms.CharField:
    return forms.CharField(max_length=20, widget=forms.TextInput(attrs={
        "autocomplete": "one-time-code", "inputmode": "numeric", "class": "code"}), **more)


class CredentialField(forms.CharField):
    """A device's answer as JSON, read as strictly as a body of the API is."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.HiddenInput, **more)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        if len(text) > _LONGEST_ANSWER:
            raise forms.ValidationError(_("The key gave no valid answer. Please try again."))
        try:
            return read(text.encode())
        except (DomainError, UnicodeEncodeError) as error:
            raise forms.ValidationError(_("The key gave no valid answer. Please try again.")) from error

    def run_validators(self, value: Any) -> None:
        """What was read is no text any more; its length is checked above."""


class AppForm(PasswordForm):
    """The first code of an app."""

    code = _code(label=_("Code of the app"))
    field_order = ("code", "password")


class PasskeyForm(PasswordForm):
    """A new passkey."""

    name = forms.CharField(label=_("What you call it"), max_length=60, required=False,
                           help_text=_("Such as: phone, key on the ring"))
    credential = CredentialField(required=True)
    field_order = ("name", "password")


class ConfirmForm(forms.Form):
    """A code, or a passkey's answer."""

    code = _code(label=_("Code"), required=False)
    credential = CredentialField(required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        if not data.get("code") and not data.get("credential") and not self.errors:
            self.add_error("code", _("Enter a code."))
        return data
