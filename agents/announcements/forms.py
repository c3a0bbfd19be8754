"""What is typed about an announcement."""

from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.announcements.operations import Notice
from agents.announcements.rules import Addressed
from agents.models.organisations import Centre, Operator, Outlet
from shared.roles import Role

_MOMENT: Final = "%Y-%m-%dT%H:%M"


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(format=_MOMENT, attrs={"type": "datetime-local"})


class NoticeForm(forms.Form):
    """Codes of outlets and centres are typed, parted by spaces or commas."""

    use_required_attribute = False
    title = forms.CharField(label=_("Title"), max_length=160)
    text = forms.CharField(label=_("Text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))
    is_must_read = forms.BooleanField(
        label=_("Must be read"), required=False,
        help_text=_("A banner on every page until each person confirms; managers see who has not."))
    starts_at = forms.DateTimeField(label=_("Shown from"), widget=_moment())
    ends_at = forms.DateTimeField(label=_("Shown until"), widget=_moment())
    read_by = forms.DateTimeField(label=_("To be read by"), required=False, widget=_moment(),
                                  help_text=_("Afterwards the manager of each place is told who has not."))
    roles = forms.MultipleChoiceField(label=_("Only these roles"), required=False, choices=Role.choices,
                                      widget=forms.CheckboxSelectMultiple)
    operators = forms.CharField(label=_("Only these operators"), max_length=500, required=False,
                                help_text=_("Codes, parted by commas; nothing here and below: the whole city."))
    outlets = forms.CharField(label=_("Only these outlets"), max_length=2000, required=False)
    centres = forms.CharField(label=_("Only these centres"), max_length=2000, required=False)

    def clean_operators(self) -> frozenset[Any]:
        return _ids(self.cleaned_data["operators"], Operator, "code")

    def clean_outlets(self) -> frozenset[Any]:
        return _ids(self.cleaned_data["outlets"], Outlet, "code")

    def clean_centres(self) -> frozenset[Any]:
        return _ids(self.cleaned_data["centres"], Centre, "agency_code")

    def notice(self) -> Notice:
        """What was typed; only after `is_valid`."""
        data: dict[str, Any] = self.cleaned_data
        read_by: datetime | None = data["read_by"]
        return Notice(
            title=data["title"], text=data["text"], starts_at=data["starts_at"], ends_at=data["ends_at"],
            is_must_read=data["is_must_read"], read_by=read_by,
            addressed=Addressed(frozenset(data["roles"]), data["operators"], data["outlets"], data["centres"]))


def _ids(text: str, model: Any, column: str) -> frozenset[Any]:
    codes = {code.upper() for code in text.replace(",", " ").split()}
    found = dict(model.objects.filter(**{f"{column}__in": codes}).values_list(column, "id"))
    unknown = sorted(codes - found.keys())
    if unknown:
        raise forms.ValidationError(_("Nothing has the code %(codes)s."), params={"codes": ", ".join(unknown)[:200]})
    return frozenset(found.values())
