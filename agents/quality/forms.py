"""What people type into the pages of quality."""

from django import forms
from django.utils.translation import gettext_lazy as _

_AREA = {"rows": 3}


class AppealForm(forms.Form):
    """`cases` are the ticked misses; none ticked: all of the measure."""

    reason = forms.CharField(label=_("Why is it not right?"), max_length=1000, widget=forms.Textarea(_AREA),
                             help_text=_("The programme’s office reads it and answers; until then it does not count."))


class DecisionForm(forms.Form):
    """Upheld or refused, with the reason."""

    decision = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(_AREA),
                               help_text=_("The outlet reads it."))


class NoteForm(forms.Form):
    """A visit or a call."""

    kind = forms.ChoiceField(label=_("What it was"), choices=[("visit", _("A visit")), ("note", _("A call or note"))])
    text = forms.CharField(label=_("What was seen or agreed"), max_length=1000, widget=forms.Textarea(_AREA))


class WatchForm(forms.Form):
    """Ending or extending a watch."""

    text = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea({"rows": 2}))
    weeks = forms.IntegerField(label=_("Weeks longer"), min_value=1, max_value=8, initial=2, required=False,
                               widget=forms.NumberInput(attrs={"class": "input num"}))


class PraiseForm(forms.Form):
    """Confirming or declining a commendation."""

    words = forms.CharField(label=_("In your words"), max_length=500,
                            help_text=_("Confirmed: everybody reads it on the outlet’s public page."))
