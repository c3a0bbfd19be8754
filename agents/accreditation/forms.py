"""What people type into the pages of accreditation. Rules live in the operations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.accreditation.wording import CONDITIONS, PIECES
from agents.forms import SiteForm
from agents.models.organisations import Phase, Task


class ProposalForm(SiteForm):
    """A place to put forward."""

    use_required_attribute = False
    code = forms.CharField(label=_("Code"), max_length=16, help_text=_("Capital letters and digits, such as HUE-003"))
    name = forms.CharField(label=_("Name"), max_length=120)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    tasks = forms.MultipleChoiceField(label=_("Delegated tasks"), choices=Task, widget=forms.CheckboxSelectMultiple)
    phase = forms.ChoiceField(label=_("Phase"), choices=Phase)

    field_order = ("code", "name", "commune", "address", "latitude", "longitude", "phone", "tasks", "phase")


class StepForm(forms.Form):
    """Why; the other side reads it."""

    use_required_attribute = False
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False,
                             widget=forms.Textarea(attrs={"rows": 2}))


class PhotoForm(forms.Form):
    """One picture of one item."""

    use_required_attribute = False
    item = forms.ChoiceField(label=_("What it shows"))
    photo = forms.FileField(label=_("Photo"), widget=forms.FileInput(attrs={
        "accept": "image/jpeg,image/png", "capture": "environment"}))

    def __init__(self, *args: Any, items: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = items  # type: ignore[attr-defined]  # a ChoiceField


class EndForm(forms.Form):
    """Where the inspector stands, and what she adds."""

    use_required_attribute = False
    latitude = forms.FloatField(label=_("Latitude"), min_value=8, max_value=24)
    longitude = forms.FloatField(label=_("Longitude"), min_value=102, max_value=115)
    note = forms.CharField(label=_("Remark on the survey"), max_length=1000, required=False,
                           widget=forms.Textarea(attrs={"rows": 3}))


class OutcomeForm(forms.Form):
    """What came of a report."""

    use_required_attribute = False
    outcome = forms.CharField(label=_("What was found and done"), max_length=300)


class ReportForm(forms.Form):
    """Something to report about an outlet, without a name."""

    use_required_attribute = False
    text = forms.CharField(label=_("What happened, and when?"), max_length=1000,
                           widget=forms.Textarea(attrs={"rows": 4}))


class CorrectionForm(ProposalForm):
    """A proposal to correct; its code stays."""

    code = None  # type: ignore[assignment]  # Django's way to leave a field out


class TakeOverForm(forms.Form):
    """Outlets that work already, with the licence they had."""

    use_required_attribute = False
    licensed_from = forms.DateField(label=_("Licence from"), widget=forms.DateInput(attrs={"type": "date"}))
    licensed_until = forms.DateField(label=_("Licence until"), widget=forms.DateInput(attrs={"type": "date"}),
                                     help_text=_("The first day on which it no longer holds."))
    legal_basis = forms.CharField(label=_("Decision it rests on"), max_length=300)
    codes = forms.MultipleChoiceField(label=_("Outlets"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, outlets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = outlets  # type: ignore[attr-defined]  # a choice field


class EquipmentForm(forms.Form):
    """How a piece of equipment does."""

    use_required_attribute = False
    item = forms.ChoiceField(label=_("Equipment"), choices=list(PIECES.items()))
    status = forms.ChoiceField(label=_("How it does"), choices=list(CONDITIONS.items()))
    note = forms.CharField(label=_("What is wrong"), max_length=300, required=False)
