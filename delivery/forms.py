"""What people type into delivery's pages: types, labels and lengths."""

from collections.abc import Mapping, Sequence
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


class CallOffForm(forms.Form):
    """Why a trip is called off."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("The carrier reads it, such as: the address was wrong"))


class AcceptPlaceForm(forms.Form):
    """Why it was right to hand it over in another commune."""

    reason = forms.CharField(
        label=_("How you know"), max_length=300, help_text=_("Such as: the operator showed the receiver’s letter"))


class EndWorkForm(forms.Form):
    """What was found out or done about a piece of work."""

    words = forms.CharField(
        label=_("What you found or did"), max_length=300,
        help_text=_("For whoever asks later, such as: the office has sent it on"))


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


class _NumbersForm(forms.Form):
    """A form about a range of numbers; pointers of refusals find their fields."""

    name = ""
    pointers: Mapping[str, str] = {}

    def field_of(self, pointer: str) -> str | None:
        """The field that a refusal's JSON pointer means; None: the form as a whole."""
        found = self.pointers.get(pointer, pointer.strip("/"))
        return found if found in self.fields else None

    def choose(self, field: str, choices: Sequence[tuple[Any, str]]) -> None:
        self.fields[field].choices = [(str(value), words) for value, words in choices]  # type: ignore[attr-defined]


LAST_SERIAL = 99_999_999


class AllotForm(_NumbersForm):
    """A new range for an operator."""

    name = "allot"
    pointers = {"/operator_code": "operator"}

    operator = forms.ChoiceField(label=_("Operator"))
    service = forms.RegexField(label=_("Service"), regex=r"\A[A-Z]{2}\Z", initial="RR", max_length=2,
                               help_text=_("RR registered, EH express"))
    first_serial = forms.IntegerField(label=_("First serial"), min_value=0, max_value=LAST_SERIAL,
                                      help_text=_("8 digits, without the check digit"))
    last_serial = forms.IntegerField(label=_("Last serial"), min_value=0, max_value=LAST_SERIAL)

    def __init__(self, *args: Any, operators: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("operator", [(each.code, each.name) for each in operators])


class HandToOutletForm(_NumbersForm):
    """Numbers set aside for one outlet."""

    name = "hand"

    pool_id = forms.ChoiceField(label=_("Out of the range"))
    outlet_id = forms.ChoiceField(label=_("Outlet"))
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=99_999_999)

    def __init__(self, *args: Any, pools: Sequence[tuple[int, str]], outlets: Sequence[tuple[Any, str]],
                 **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("pool_id", pools)
        self.choose("outlet_id", outlets)


class RecallForm(_NumbersForm):
    """Numbers taken out of use for ever."""

    name = "recall"
    pointers = {"/first_serial": "recall_first", "/last_serial": "recall_last", "/pool_id": "recall_pool_id"}

    recall_pool_id = forms.ChoiceField(label=_("Out of the range"))
    recall_first = forms.IntegerField(label=_("From serial"), required=False, min_value=0, max_value=LAST_SERIAL,
                                      help_text=_("Empty: all that are left"))
    recall_last = forms.IntegerField(label=_("To serial"), required=False, min_value=0, max_value=LAST_SERIAL)
    reason = forms.CharField(label=_("Why"), max_length=200,
                             help_text=_("Such as: roll of labels lost, letter of the carrier of …"))

    def __init__(self, *args: Any, pools: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("recall_pool_id", pools)
