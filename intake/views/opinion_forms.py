"""The forms of an opinion: the question, and the answer."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.operations.opinion_answers import AnswerInput
from intake.operations.opinions import Addressee, OpinionInput
from intake.rules.questions import (
    KEY_WORDS,
    MOST_DAYS,
    SUBJECT_WORDS,
    VERDICT_WORDS,
    QuestionKey,
    verdicts_for,
)
from shared.errors import DomainError


class RefusableForm(forms.Form):
    """Shows an operation's refusals beside their fields; nothing typed is lost."""

    use_required_attribute = False
    fields_of: dict[str, str] = {}
    """Pointer of a refusal → field, where they are not called the same."""

    def take_errors(self, refusal: DomainError) -> None:
        for error in refusal.errors:
            pointer = error.pointer.strip("/").split("/")[0]
            name = self.fields_of.get(pointer, pointer)
            self.add_error(name if name in self.fields else None, str(error.message))
        if not refusal.errors:
            self.add_error(None, f"{refusal.title}. {refusal.detail}")


class AskForm(RefusableForm):
    """The question and whom to ask; the place is entered beside it."""

    subject = forms.ChoiceField(label=_("Subject of the opinion"), choices=list(SUBJECT_WORDS.items()),
                                initial="substance")
    key = forms.ChoiceField(label=_("The question"), choices=list(KEY_WORDS.items()))
    question = forms.CharField(label=_("In full"), max_length=2000, required=False,
                               widget=forms.Textarea(attrs={"rows": 4, "class": "input"}),
                               help_text=_("So that it can be answered without asking back; no names of citizens."))
    procedure_code = forms.CharField(label=_("Procedure"), max_length=20, required=False,
                                     help_text=_("Its code, e.g. 1.013225."))
    centres = forms.MultipleChoiceField(label=_("Ask centres"), required=False,
                                        widget=forms.SelectMultiple(attrs={"size": 6, "class": "input"}))
    department = forms.CharField(label=_("Ask a department outside the house"), max_length=160, required=False)
    contact = forms.CharField(label=_("How to reach it"), max_length=160, required=False)
    days = forms.IntegerField(label=_("Answer within working days"), initial=3, min_value=1, max_value=MOST_DAYS)
    is_general = forms.BooleanField(label=_("The answer holds for the next same question"), required=False,
                                    initial=True)
    anew = forms.BooleanField(label=_("Ask although it was answered before"), required=False)
    fields_of = {"addressees": "centres", "document_ids": "question"}

    def __init__(self, province_code: str, today: Any, own_centre: UUID | None, data: Any = None,
                 initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        provincial = agents.provincial_centre(province_code, today)
        known = [*([provincial] if provincial else []), *agents.centres_of_province(province_code, today)]
        self.fields["centres"].choices = [(str(each.id), each.authority_name) for each in known]  # type: ignore[attr-defined]
        self.fields["key"].choices = [(key, str(words)) for key, words in KEY_WORDS.items()]  # type: ignore[attr-defined]
        self.fields["subject"].choices = [(key, str(words)) for key, words in SUBJECT_WORDS.items()]  # type: ignore[attr-defined]

    def as_input(self, *, place_code: str, dossier_id: UUID | None) -> OpinionInput:
        """For the operation; raises ValueError for an id that is none."""
        typed = self.cleaned_data
        asked = [Addressee(centre_id=UUID(each)) for each in typed["centres"]]
        if typed["department"] or typed["contact"]:
            asked.append(Addressee(name=typed["department"], contact=typed["contact"]))
        return OpinionInput(
            subject=typed["subject"], key=typed["key"], question=typed["question"], addressees=tuple(asked),
            procedure_code=typed["procedure_code"].strip(), place_code=place_code, dossier_id=dossier_id,
            days=typed["days"], is_general=typed["is_general"], anew=typed["anew"])


class AnswerForm(RefusableForm):
    """An answer with its legal basis; competence names a centre."""

    verdict = forms.ChoiceField(label=_("Answer"), required=False)
    authority_id = forms.TypedChoiceField(label=_("Competent authority"), coerce=UUID, required=False,
                                          empty_value=None)
    text = forms.CharField(label=_("In words"), max_length=4000, required=False,
                           widget=forms.Textarea(attrs={"rows": 4, "class": "input"}))
    legal_basis = forms.CharField(label=_("Legal basis"), max_length=300, required=False)
    signed_by = forms.CharField(label=_("Letter and signature"), max_length=160, required=False,
                                help_text=_("Number and day of the letter, and who signed it."))

    def __init__(self, key: str, province_code: str, today: Any, *, is_outside: bool, data: Any = None) -> None:
        super().__init__(data)
        self.fields["verdict"].choices = [(each, str(VERDICT_WORDS[each])) for each in verdicts_for(key)]  # type: ignore[attr-defined]
        if key == QuestionKey.COMPETENT_AUTHORITY:
            provincial = agents.provincial_centre(province_code, today)
            known = [*([provincial] if provincial else []), *agents.centres_of_province(province_code, today)]
            self.fields["authority_id"].choices = [  # type: ignore[attr-defined]
                ("", "–"), *((str(each.id), each.authority_name) for each in known)]
        else:
            del self.fields["authority_id"]
        if not is_outside:
            del self.fields["signed_by"]

    def as_answer(self) -> AnswerInput:
        typed = self.cleaned_data
        return AnswerInput(
            verdict=typed["verdict"], legal_basis=typed["legal_basis"], text=typed["text"],
            authority_id=typed.get("authority_id"), signed_by=typed.get("signed_by", ""))
