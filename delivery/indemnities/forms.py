"""What people type about an indemnity."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from delivery.indemnities.words import GROUNDS


def _area(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 2}), **more)


class ReplyForm(forms.Form):
    """The operator's answer."""

    reply = forms.ChoiceField(label=_("Is it owed?"), widget=forms.RadioSelect,
                              choices=[("accept", _("Yes, we owe it")), ("object", _("No, and this is why"))])
    ground = forms.ChoiceField(label=_("Why not"), required=False,
                               choices=[("", _("choose when it is not owed")), *GROUNDS.items()])
    words = _area(_("What shows it"), required=False, help_text=_("Needed for an objection; the city reads it."))


class DecisionForm(forms.Form):
    """The city's decision."""

    decision = forms.ChoiceField(label=_("The city decides"), widget=forms.RadioSelect,
                                 choices=[("owed", _("It is owed")), ("waived", _("It is not owed"))])
    words = _area(_("Why"))


class PaymentForm(forms.Form):
    """When it was paid, and how one finds the payment."""

    paid_on = forms.DateField(label=_("Paid on"), widget=forms.DateInput(attrs={"type": "date"}))
    reference = forms.CharField(label=_("Reference of the payment"), max_length=80)


class ReissueForm(forms.Form):
    """What it costs to issue lost papers again."""

    amount = forms.IntegerField(label=_("Cost in đồng"), min_value=1, max_value=100_000_000,
                                widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num"}))
    what = forms.CharField(label=_("Which papers, and what shows the cost"), max_length=300,
                           widget=forms.Textarea(attrs={"rows": 2}))
