"""What people type about a missing parcel."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 500


class ReportForm(forms.Form):
    """Who misses a parcel, and what is known."""

    words = forms.CharField(
        label=_("Who misses it, and what is known"), max_length=LONGEST,
        help_text=_("Never a national ID number; everybody who follows the search reads this."),
        widget=forms.Textarea(attrs={"rows": 2}))


class NoteForm(forms.Form):
    words = forms.CharField(
        label=_("What was asked or found out"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))


class AnswerForm(forms.Form):
    """How a search ended."""

    outcome = forms.ChoiceField(
        label=_("What became of it"), widget=forms.RadioSelect,
        choices=[("found", _("It was found")), ("lost", _("It is lost"))])
    office = forms.CharField(label=_("At which office"), max_length=120, required=False,
                             help_text=_("Where it lies now; needed when it was found."))
    words = forms.CharField(
        label=_("How you know"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For whoever asks later, such as: seen on the shelf, photo sent by …"))
