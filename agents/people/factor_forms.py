"""What people type about second factors."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.people.own_password import refusal_of
from shared.errors import DomainError
from shared.json_body import read

_LONGEST_ANSWER: Final = 40_000
"""Characters; with a certificate of the device it has a few thousand."""


class PasswordForm(forms.Form):
    """One's password again: whoever finds an open page changes nothing."""

    password = forms.CharField(
        label=_("Password"), strip=False, max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))

    def __init__(self, *args: Any, request: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        refusal = refusal_of(self.request, self.request.user, password)
        if refusal is not None:
            raise forms.ValidationError(str(refusal))
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

    use_required_attribute = False
    code = _code(label=_("Code"), error_messages={"required": _("Enter a code.")})
    credential = CredentialField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One of the two is needed, so neither is told to be optional.
        self.fields["code"].required = not self.data.get(self.add_prefix("credential"))


class FirstTimeForm(forms.Form):
    """The password here, of whom the organisation's provider vouches for the first time."""

    use_required_attribute = False
    password = forms.CharField(
        label=_("Password"), strip=False, max_length=128, error_messages={"required": _("Enter your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
