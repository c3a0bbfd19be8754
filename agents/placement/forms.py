"""What people type into the planner. Rules live in the operations; here are types, labels and lengths."""

from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.placement.asking import PlacementInput
from agents.placement.solving import Objective
from agents.placement.terms import Weighing

LARGEST_FILE: Final = 1024 * 1024
OBJECTIVES: Final = ((Objective.COVERAGE.value, _("Reach: as much demand as possible within reach")),
                     (Objective.DISTANCE.value, _("Way: the shortest mean way for everybody")))
STANDING: Final = (("keep", _("stay; so many are added")),
                   ("compete", _("compete with the candidates; so many in all")))


class FileForm(forms.Form):
    """A CSV file with the name it will be known by."""

    use_required_attribute = False
    name = forms.CharField(label=_("Name"), max_length=120)
    note = forms.CharField(label=_("Where the figures come from"), max_length=300, required=False)
    file = forms.FileField(label=_("CSV file"), widget=forms.FileInput(attrs={"accept": ".csv,.txt", "class": "input"}))

    def clean_file(self) -> str:
        """The text of the file; its bytes are UTF-8."""
        given = self.cleaned_data["file"]
        if given.size > LARGEST_FILE:
            raise forms.ValidationError(_("At most 1 MB."))
        try:
            return str(given.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("Save the file as CSV UTF-8.")) from error


class SiteFileForm(FileForm):
    note = None  # type: ignore[assignment]  # Django takes the field away


class PlacementForm(forms.Form):
    """A question."""

    use_required_attribute = False
    name = forms.CharField(label=_("Name of the scenario"), max_length=120)
    demand_set_id = forms.ChoiceField(label=_("Demand"))
    site_set_id = forms.ChoiceField(label=_("Candidate sites"))
    wanted = forms.IntegerField(label=_("How many outlets"), min_value=1, initial=8,
                                widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num"}))
    planned_on = forms.DateField(
        label=_("Planned for"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Outlets count where they stand on that day, moves that are decided included. Empty: today."))
    standing = forms.ChoiceField(label=_("Today's outlets"), choices=STANDING, initial="keep")
    objective = forms.ChoiceField(label=_("What is best"), choices=OBJECTIVES, initial=Objective.COVERAGE.value)
    reach_km = forms.DecimalField(label=_("Reach in km"), initial=Decimal(5), max_digits=5, decimal_places=2,
                                  localize=True)
    elderly_weight = forms.DecimalField(
        label=_("Extra weight of the elderly"), initial=Decimal(0), max_digits=4, decimal_places=2, localize=True,
        help_text=_("0: everybody counts once. 1: an elderly person counts twice."))
    offline_weight = forms.DecimalField(
        label=_("Extra weight where little is filed online"), initial=Decimal(0), max_digits=4, decimal_places=2,
        localize=True, help_text=_("1: whoever does not file online counts twice."))

    def __init__(self, *args: Any, demand_sets: list[tuple[str, str]], site_sets: list[tuple[str, str]],
                 **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["demand_set_id"].choices = demand_sets  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["site_set_id"].choices = site_sets  # type: ignore[attr-defined]  # the same

    def asked(self) -> PlacementInput:
        data = self.cleaned_data
        return PlacementInput(
            name=data["name"], demand_set_id=UUID(data["demand_set_id"]), site_set_id=UUID(data["site_set_id"]),
            wanted=data["wanted"], keeps_standing=data["standing"] == "keep", objective=Objective(data["objective"]),
            reach_km=data["reach_km"], weighing=Weighing(data["elderly_weight"], data["offline_weight"]),
            planned_on=data["planned_on"])
