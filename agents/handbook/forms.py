"""What is typed into the handbook."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.handbook.models import HandbookVersion
from agents.handbook.rules import FIELDS, Draft

_DAY: Final = "%Y-%m-%d"


def _day() -> forms.DateInput:
    return forms.DateInput(format=_DAY, attrs={"type": "date"})


def _places() -> list[tuple[str, Any]]:
    return [("", _("nowhere")), *FIELDS.items()]


class EntryForm(forms.Form):
    """An entry or a new version of one."""

    use_required_attribute = False
    question_vi = forms.CharField(label=_("Question, in Vietnamese"), max_length=300)
    answer_vi = forms.CharField(label=_("Answer, in Vietnamese"), max_length=3000,
                                widget=forms.Textarea(attrs={"rows": 6}))
    question_en = forms.CharField(label=_("Question, in English"), max_length=300, required=False)
    answer_en = forms.CharField(label=_("Answer, in English"), max_length=3000, required=False,
                                widget=forms.Textarea(attrs={"rows": 6}))
    legal_source = forms.CharField(label=_("Legal source"), max_length=300,
                                   help_text=_("Number, year, article: what the answer rests on."))
    valid_from = forms.DateField(label=_("Holds from"), widget=_day())
    valid_until = forms.DateField(label=_("Holds no more from"), required=False, widget=_day())
    review_on = forms.DateField(label=_("To be looked at again on"), widget=_day())
    procedure_code = forms.CharField(label=_("Procedure code"), max_length=20, required=False)
    field_key = forms.ChoiceField(label=_("Explains this place in the software"), required=False, choices=_places)

    def draft(self) -> Draft:
        """What was typed; only after `is_valid`."""
        return Draft(**self.cleaned_data)


def typed(version: HandbookVersion) -> dict[str, Any]:
    """What a new version of it begins with."""
    return {name: getattr(version, name) for name in EntryForm.base_fields}


class ChangedForm(forms.Form):
    """A law was changed: every answer that rests on it is to be looked at."""

    use_required_attribute = False
    source = forms.CharField(label=_("Number of the document"), max_length=100,
                             help_text=_("As answers name it, e.g. 118/2025/NĐ-CP."))
    because = forms.CharField(label=_("What has changed"), max_length=200)


class AskForm(forms.Form):
    use_required_attribute = False
    text = forms.CharField(label=_("Your question"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
                           help_text=_("In general words: no names and no numbers of citizens."))


class AnswerForm(forms.Form):
    use_required_attribute = False
    answer = forms.CharField(label=_("Answer"), max_length=3000, widget=forms.Textarea(attrs={"rows": 6}))
    legal_source = forms.CharField(label=_("Legal source"), max_length=300, required=False)
    makes_entry = forms.BooleanField(label=_("Propose it as an entry of the handbook"), required=False)
    heading = forms.CharField(label=_("Question of the entry"), max_length=300, required=False,
                              help_text=_("In general words; empty: as it was asked."))
