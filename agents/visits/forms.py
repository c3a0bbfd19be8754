"""What is typed about sub-points and visits."""

from typing import Any, Final

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from agents.forms import CLOCK_FORMATS, SiteForm
from agents.models.organisations import Outlet
from agents.visits.planning import Span
from agents.visits.points import Place
from agents.visits.rules import PointKind, Service, weekday_name

_DAY: Final = {"type": "date"}
WEEKDAYS: Final = [(day, lazy(weekday_name, str)(day)) for day in range(7)]


def _clock(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, input_formats=CLOCK_FORMATS, widget=forms.TimeInput(
        format="%H:%M", attrs={"class": "num", "inputmode": "numeric", "maxlength": 5, "placeholder": "8:00"}))


class SubPointForm(SiteForm):
    """A sub-point to open."""

    use_required_attribute = False
    outlet = forms.ModelChoiceField(label=_("Outlet"), queryset=Outlet.objects.none(), empty_label=None)
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind of place"), choices=PointKind)
    landmark = forms.CharField(label=_("Landmark"), max_length=200, required=False,
                               help_text=_("What people know it by: beside the market, behind the school"))
    access = forms.CharField(label=_("How to get in"), max_length=200, required=False,
                             help_text=_("Steps, a gate, whom to ask; also for people in a wheelchair"))

    field_order = ("outlet", "name", "kind", "commune", "address", "landmark", "latitude", "longitude", "access")

    def __init__(self, *args: Any, outlets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outlet"].queryset = outlets  # type: ignore[attr-defined]  # a ModelChoiceField

    def place(self) -> Place:
        """What was typed; only after `is_valid`."""
        data = self.cleaned_data
        return Place(data["name"], data["kind"], data["commune"], data["address"], data["latitude"],
                     data["longitude"], data["landmark"], data["access"])


class SpanForm(forms.Form):
    """Hours and services."""

    use_required_attribute = False
    opens = _clock(_("Opens at"))
    closes = _clock(_("Closes at"))
    services = forms.MultipleChoiceField(label=_("What is helped with"), choices=Service, required=False,
                                         widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label=_("Note for the public"), max_length=200, required=False)

    def span(self) -> Span:
        """What was typed; only after `is_valid`."""
        data = self.cleaned_data
        return Span(data["opens"], data["closes"], frozenset(data["services"]), data["note"])


class VisitForm(SpanForm):
    """One visit."""

    prefix = "visit"
    date = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs=_DAY))
    field_order = ("date", "opens", "closes", "services", "note")


class SeriesForm(SpanForm):
    """Visits every week."""

    prefix = "series"
    weekdays = forms.TypedMultipleChoiceField(label=_("Days of the week"), choices=WEEKDAYS, coerce=int, required=False,
                                              widget=forms.CheckboxSelectMultiple)
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs=_DAY))
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=forms.DateInput(attrs=_DAY),
                              help_text=_("Empty: until further notice"))
    field_order = ("weekdays", "opens", "closes", "starts_on", "ends_on", "services", "note")


class MoveVisitForm(forms.Form):
    """Another time for a visit."""

    use_required_attribute = False
    prefix = "move"
    date = forms.DateField(label=_("New day"), widget=forms.DateInput(attrs=_DAY))
    opens = _clock(_("Opens at"))
    closes = _clock(_("Closes at"))
    because = forms.CharField(label=_("Reason"), max_length=300, required=False,
                              help_text=_("The public reads it."))


class BecauseForm(forms.Form):
    """Why something is called off."""

    use_required_attribute = False
    because = forms.CharField(label=_("Reason"), max_length=300, required=False, help_text=_("The public reads it."))


class HeldForm(forms.Form):
    """How many were helped."""

    use_required_attribute = False
    prefix = "held"
    people_helped = forms.IntegerField(label=_("People helped"), min_value=0, max_value=5000)


class NotHeldForm(BecauseForm):
    """Why it did not take place."""

    prefix = "not-held"
