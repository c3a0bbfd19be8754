"""What people type into a roster. Rules live in the operations."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms import CLOCK_FORMATS
from agents.models.people import StaffAccount
from agents.roster.models import RosterShift
from agents.roster.queries import Week
from shared.formatting import named_day, named_full_day


class ShiftForm(forms.Form):
    """The same hours on several days of one week."""

    account_id = forms.TypedChoiceField(label=_("Person"), coerce=UUID)
    days = forms.TypedMultipleChoiceField(label=_("On which days"), coerce=date.fromisoformat,
                                          widget=forms.CheckboxSelectMultiple)
    begins = forms.TimeField(label=_("Begins"), input_formats=CLOCK_FORMATS)
    ends = forms.TimeField(label=_("Ends"), input_formats=CLOCK_FORMATS)

    def __init__(self, *args: Any, week: Week, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "id_shift_%s"})
        days: Any = [(day.date.isoformat(), named_full_day(day.date)) for day in week.days if day.date >= today]
        _choose(self, "account_id", [(str(row.account.id), row.account.display_name) for row in week.rows])
        _choose(self, "days", days)
        for name in ("begins", "ends"):
            self.fields[name].widget = forms.TimeInput(format="%H:%M", attrs={
                "inputmode": "numeric", "maxlength": 5, "class": "num", "placeholder": "07:30"})


class AbsenceForm(forms.Form):
    """Whole days; a manager names whose."""

    account_id = forms.TypedChoiceField(label=_("Person"), coerce=UUID)
    from_date = forms.DateField(label=_("First day away"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=_("Last day away"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, people: Iterable[StaffAccount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "id_absence_%s"})
        _choose(self, "account_id", [(str(each.id), each.display_name) for each in people])

    @property
    def until_date(self) -> date:
        """The first day back."""
        last: date = self.cleaned_data["last_day"]
        return last if last == date.max else last + timedelta(days=1)


class SwapForm(forms.Form):
    """A shift of one's own, and who is asked to take it."""

    shift_id = forms.TypedChoiceField(label=_("My shift"), coerce=UUID)
    colleague_id = forms.TypedChoiceField(label=_("Colleague"), coerce=UUID)

    def __init__(self, *args: Any, shifts: Iterable[RosterShift], colleagues: Iterable[StaffAccount],
                 **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "id_swap_%s"})
        _choose(self, "shift_id", [(str(each.id), f"{named_day(each.date)}, {each.stretch}") for each in shifts])
        _choose(self, "colleague_id", [(str(each.id), each.display_name) for each in colleagues])


def _choose(form: forms.Form, name: str, choices: Any) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
