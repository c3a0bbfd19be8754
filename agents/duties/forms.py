"""What people type into a delegation. Rules live in the operations."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agents.duties.rules import Duty
from agents.duties.words import DUTIES
from agents.models.people import StaffAccount


class DelegationForm(forms.Form):
    """Duties, a colleague, from and to."""

    duties = forms.MultipleChoiceField(label=_("Duties"), widget=forms.CheckboxSelectMultiple)
    receiver_id = forms.TypedChoiceField(label=_("Colleague"), coerce=UUID)
    from_date = forms.DateField(label=pgettext_lazy("duty", "First day"),
                                widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, duties: Iterable[Duty], colleagues: Iterable[StaffAccount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_duties: Any = [(str(each), DUTIES[each]) for each in duties]
        of_people: Any = [(str(each.pk), each.display_name) for each in colleagues]
        self.fields["duties"].choices = of_duties  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["receiver_id"].choices = of_people  # type: ignore[attr-defined]

    @property
    def until_date(self) -> date:
        """The first day without."""
        last: date = self.cleaned_data["last_day"]
        return last if last == date.max else last + timedelta(days=1)
