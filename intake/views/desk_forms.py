"""What an officer enters for each decision. Rules are the operations'; here are types, labels and lengths."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.operations.supplements import MissingThing
from intake.queries.desk import Desk
from intake.queries.desk_papers import OTHER_PAPERS, Paper
from intake.rules.reasons import OTHER, REFUSAL_REASONS, SUPPLEMENT_REASONS, Reason
from intake.rules.wording import Words
from shared.errors import DomainError

ONE_STOP_BASIS: Final = "Nghị định 118/2025/NĐ-CP; Thông tư 03/2025/TT-VPCP"


def text(label: Any, *, rows: int = 2, longest: int = 2000, missing: Any = "") -> forms.CharField:
    """A text of some lines; `missing` is what is said when it is empty, nothing when it may be."""
    return forms.CharField(label=label, required=bool(missing), max_length=longest, error_messages=needed(missing),
                           widget=forms.Textarea(attrs={"rows": rows, "maxlength": longest}))


def line(label: Any, *, longest: int, missing: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, error_messages=needed(missing),
                           widget=forms.TextInput(attrs={"autocomplete": "off"}), **more)


def needed(missing: Any) -> dict[str, Any]:
    """In the words of the operation, which asks the same of machines."""
    return {"required": missing} if missing else {}


class DecisionForm(forms.Form):
    """What every decision sends: the version that the officer looked at."""

    use_required_attribute = False
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, desk: Desk, data: Any = None, files: Any = None, **more: Any) -> None:
        self.desk = desk
        super().__init__(data, files, initial={"version": desk.version} | more.pop("initial", {}), **more)

    def take_errors(self, refusal: DomainError) -> None:
        """Put each error of a refusal beside its field; what belongs to none stands at the top."""
        for error in refusal.errors:
            name = error.pointer.strip("/").split("/", maxsplit=1)[0]
            self.add_error(name if name in self.fields else None, str(error.message))
        if not refusal.errors:
            self.add_error(None, f"{refusal.title}. {refusal.detail}")

    def facts(self) -> dict[str, Any]:
        """What the operation is called with."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ReceiveForm(DecisionForm):
    """Each paper is ticked off; what is not there can be asked for afterwards."""

    checked = forms.MultipleChoiceField(label=_("Papers looked through"), required=False,
                                        widget=forms.CheckboxSelectMultiple)
    note = text(_("Note"), longest=300, rows=1)

    def __init__(self, desk: Desk, data: Any = None, files: Any = None) -> None:
        there = [paper.code for paper in desk.papers if paper.state != "missing"]
        super().__init__(desk, data, files, initial={"checked": there})
        self.fields["checked"].choices = [(paper.code, paper.name) for paper in desk.papers]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        return {"checked": tuple(self.cleaned_data["checked"]), "note": self.cleaned_data["note"]}


class RefuseForm(DecisionForm):
    reason = forms.ChoiceField(label=_("Reason"), error_messages=needed(_("Choose one of the reasons.")))
    explanation = text(_("Explanation for the citizen"), rows=3,
                        missing=_("Explain the reason to the citizen in a sentence."))
    legal_basis = line(_("Legal basis"), longest=300, missing=_("Name the law that the refusal rests on."))

    def __init__(self, desk: Desk, data: Any = None, files: Any = None) -> None:
        super().__init__(desk, data, files, initial={"legal_basis": ONE_STOP_BASIS})
        self.fields["reason"].choices = choices(REFUSAL_REASONS.values())  # type: ignore[attr-defined]


class AnswerForm(DecisionForm):
    text = text(_("What was brought"))


class NoteForm(DecisionForm):
    note = text(_("Note"), longest=500)


class ResolveForm(DecisionForm):
    decision_number = line(_("Number of the decision or certificate"), longest=60,
                            missing=_("Enter the number of the decision or certificate."))
    summary = text(_("What was decided"), longest=500, missing=_("Say in a sentence what was decided."))
    result_file = forms.FileField(label=_("Result as a file"), required=False, help_text=_("PDF, JPEG or PNG"),
                                  widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}))


class MissingRow:
    """One paper of the list in the request: ticked or not, why, and in which words."""

    def __init__(self, form: "SupplementForm", code: str, name: Words) -> None:
        self.code = code
        self.name = name
        self.need = form[f"need-{code}"]
        self.reason = form[f"reason-{code}"] if f"reason-{code}" in form.fields else None
        self.text = form[f"text-{code}"]
        self.errors = [*(self.reason.errors if self.reason else ()), *self.text.errors, *self.need.errors]


class SupplementForm(DecisionForm):
    """The published papers as a list to tick; everything that is missing goes into one request."""

    explanation = text(_("Guidance for the citizen"))
    again_because = text(_("Why a second request is needed"), longest=500,
                          missing=_("Say why a second request is needed."))

    def __init__(self, desk: Desk, data: Any = None, files: Any = None) -> None:
        super().__init__(desk, data, files)
        if not desk.requests:
            del self.fields["again_because"]
        self.codes = [paper.code for paper in desk.papers if paper.code not in {OTHER, "result"}] + [OTHER]
        for code in self.codes:
            self._add_row(code, SUPPLEMENT_REASONS.values())
        self.rows = [MissingRow(self, code, _name(code, desk.papers)) for code in self.codes]

    def _add_row(self, code: str, reasons: Iterable[Reason]) -> None:
        self.fields[f"need-{code}"] = forms.BooleanField(required=False)
        if code != OTHER:
            self.fields[f"reason-{code}"] = forms.ChoiceField(
                label=_("Why"), required=False, choices=[(reason.code, reason.words) for reason in reasons])
        self.fields[f"text-{code}"] = forms.CharField(
            label=_("In words"), required=False, max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    @property
    def plain_fields(self) -> list[Any]:
        """The fields that stand below the list."""
        return [self[name] for name in ("again_because", "explanation") if name in self.fields]

    def ticked(self) -> list[str]:
        return [code for code in self.codes if self.cleaned_data.get(f"need-{code}")]

    def facts(self) -> dict[str, Any]:
        entered = self.cleaned_data
        return {
            "reasons": tuple(MissingThing(code, entered.get(f"reason-{code}") or OTHER, entered[f"text-{code}"])
                             for code in self.ticked()),
            "explanation": entered["explanation"], "again_because": entered.get("again_because", "")}

    def take_errors(self, refusal: DomainError) -> None:
        """An error of the n-th reason belongs to the n-th ticked paper."""
        ticked = self.ticked()
        for error in refusal.errors:
            parts = error.pointer.strip("/").split("/")
            if parts[0] == "reasons" and len(parts) == 3:
                field = f"{parts[2]}-{ticked[int(parts[1])]}"
                self.add_error(field if field in self.fields else None, str(error.message))
            else:
                self.add_error(parts[0] if parts[0] in self.fields else None, str(error.message))
        if not refusal.errors:
            self.add_error(None, f"{refusal.title}. {refusal.detail}")


def choices(reasons: Iterable[Reason]) -> list[tuple[str, Any]]:
    """The reasons of a catalogue, nothing chosen yet."""
    return [("", _("Choose one")), *((reason.code, reason.words) for reason in reasons)]


def _name(code: str, papers: Iterable[Paper]) -> Words:
    return next((paper.name for paper in papers if paper.code == code), OTHER_PAPERS)
