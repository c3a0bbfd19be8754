"""What an officer enters where a notice to the citizen follows: apology, stop, papers back, result at the counter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.models.decisions import IdentityProof
from intake.operations.extensions import Apology
from intake.operations.resolution import Receiver
from intake.queries.desk import Desk
from intake.rules.reasons import EXTENSION_REASONS, STOP_REASONS
from intake.views.desk_forms import DecisionForm, choices, line, needed, text
from shared.formatting import full_day

IDENTITY_LABELS = (
    (IdentityProof.CARD, _("National ID card")), (IdentityProof.VNEID, _("Card in VNeID, level 2")),
    (IdentityProof.PASSPORT, _("Passport")), (IdentityProof.OTHER, _("Another paper with a photo")))


def day_field(label: Any, *, missing: Any = "", **more: Any) -> forms.DateField:
    """A day from the browser's own calendar."""
    return forms.DateField(label=label, required=bool(missing), error_messages=needed(missing),
                           widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class ApologyForm(DecisionForm):
    """Form 04, begun from the system's draft."""

    reason = forms.ChoiceField(label=_("Reason"), error_messages=needed(_("Choose a reason from the list.")))
    explanation = text(_("In words, for the citizen"), rows=2)
    due_day = day_field(_("New day for the result"), missing=_("Choose the new day."))

    def __init__(self, desk: Desk, data: Any = None, files: Any = None) -> None:
        draft, proposed = desk.extension, desk.proposed_due
        initial: dict[str, Any] = {"due_day": proposed.date() if proposed is not None else None}
        if draft is not None:
            initial |= {"reason": draft.reason, "explanation": draft.explanation}
        super().__init__(desk, data, files, initial=initial)
        self.fields["reason"].choices = choices(EXTENSION_REASONS.values())  # type: ignore[attr-defined]
        if desk.latest_due is not None:
            self.fields["due_day"].help_text = _("At the latest %(day)s; a term is extended once.") % {
                "day": full_day(desk.latest_due)}

    def facts(self) -> dict[str, Any]:
        return {"apology": Apology(**{name: self.cleaned_data[name] for name in ("reason", "explanation", "due_day")})}


class _PapersBackForm(DecisionForm):
    """Ticks for the papers that go back to the citizen."""

    papers_back = forms.MultipleChoiceField(label=_("Papers that go back to the citizen"), required=False,
                                            widget=forms.CheckboxSelectMultiple)

    def __init__(self, desk: Desk, data: Any = None, files: Any = None) -> None:
        there = [paper for paper in desk.papers if paper.state != "missing" and paper.code != "result"]
        held = [paper.code for paper in there if paper.state == "shown"] if desk.channel != "online" else []
        super().__init__(desk, data, files, initial={"papers_back": held})
        self.fields["papers_back"].choices = [(paper.code, paper.name) for paper in there]  # type: ignore[attr-defined]
        if not there:
            del self.fields["papers_back"]

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"papers_back": tuple(self.cleaned_data.get("papers_back", ()))}


class StopForm(_PapersBackForm):
    cause = forms.ChoiceField(label=_("Why it stops"), error_messages=needed(_("Choose one of the reasons.")))
    reason = text(_("In words, for the citizen"), longest=500, missing=_("Say why."))
    legal_basis = line(_("Legal basis"), longest=300, missing=_("Name the law that the stop rests on."),
                       initial="Điều 7 Thông tư 03/2025/TT-VPCP")
    field_order = ("cause", "reason", "legal_basis", "papers_back")

    def __init__(self, desk: Desk, data: Any = None, files: Any = None) -> None:
        super().__init__(desk, data, files)
        self.fields["cause"].choices = choices(STOP_REASONS.values())  # type: ignore[attr-defined]


class WithdrawForm(_PapersBackForm):
    reason = text(_("What the citizen says"), longest=500, missing=_("Say why."))
    field_order = ("reason", "papers_back")


class GiveBackForm(DecisionForm):
    """The papers of a stopped dossier go back, and it ends."""

    receiver_name = line(_("Who takes the papers"), longest=120, missing=_("Enter who took the papers."))

    def __init__(self, desk: Desk, data: Any = None, files: Any = None) -> None:
        super().__init__(desk, data, files, initial={"receiver_name": desk.citizen.full_name})


class HandOverForm(DecisionForm):
    """A result over the counter: the card first."""

    identity = forms.ChoiceField(label=_("Card compared"), widget=forms.RadioSelect,
                                 error_messages=needed(_("Compare the card first, then say which one it was.")))
    receiver_name = line(_("Who takes it"), longest=120, missing=_("Enter who took the result."))
    receiver_phone = forms.CharField(label=_("Telephone"), required=False, max_length=20, widget=forms.TextInput(
        attrs={"autocomplete": "off", "inputmode": "tel"}))
    authorisation = forms.CharField(
        label=_("Letter of authorisation, if somebody else takes it"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, desk: Desk, data: Any = None, files: Any = None) -> None:
        super().__init__(desk, data, files, initial={"receiver_name": desk.citizen.full_name})
        self.fields["identity"].choices = IDENTITY_LABELS  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        entered = self.cleaned_data
        return {"receiver": Receiver(entered["receiver_name"], entered["identity"], entered["receiver_phone"],
                                     entered["authorisation"])}
