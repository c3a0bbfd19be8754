"""What people type into the pages of moves. Rules live in the operations."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms import SiteForm


class AskMoveForm(SiteForm):
    """Where to, from when, why."""

    use_required_attribute = False
    effective_from = forms.DateField(label=_("First day at the new place"),
                                     widget=forms.DateInput(attrs={"type": "date", "class": "input"}),
                                     help_text=_("At least a week ahead: people, centres and the carrier are told."))
    phone = forms.CharField(label=_("Phone there"), max_length=20, required=False,
                            help_text=_("Leave it empty when it stays."))
    reason = forms.CharField(label=_("Why it moves"), max_length=300,
                             help_text=_("Anybody reads it on the public page."))

    field_order = ("effective_from", "commune", "address", "latitude", "longitude", "phone", "reason")


class MoveWordsForm(forms.Form):
    """What a decision rests on, or why a move is called off."""

    use_required_attribute = False
    words = forms.CharField(label=_("What it rests on, or why"), max_length=300, required=False,
                            widget=forms.Textarea(attrs={"rows": 2}))
