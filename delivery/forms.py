"""What people type into delivery's pages: types, labels and lengths."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _


class TrackForm(forms.Form):
    """A code and three digits; neither ever stands in an address."""

    code = forms.CharField(
        label=_("Code on your slip or parcel"), max_length=40, help_text=_("For example H57.31-260114-0231"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    tail = forms.CharField(
        label=_("Last 3 digits of your phone number"), max_length=3,
        validators=[RegexValidator(r"\A[0-9]{3}\Z", _("Type exactly three digits, such as 268."))],
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "pattern": "[0-9]{3}"}),
    )  # fmt: skip


class SettleForm(forms.Form):
    """What is true of contradictory events, and how it is known."""

    outcome = forms.ChoiceField(label=_("What became of it"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("How you know"), max_length=300, help_text=_("For whoever asks later, such as: minutes signed by …"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, outcomes: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = list(outcomes)  # type: ignore[attr-defined]  # a ChoiceField has them
