"""The style guide: every component on one page, drawn by the same templates that pages use."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from shared.deadlines import Deadline, deadline
from shared.pictures import Chart, Map, Point, Series, Shape, Tone, Unit

HOUR: Final = 60
DAY: Final = 8 * HOUR


class SampleForm(forms.Form):
    """A field in error beside a field at rest."""

    phone = forms.RegexField(
        r"^0\d{9}$",
        label=gettext_lazy("Recipient's phone"),
        widget=forms.TextInput(attrs={"class": "num", "inputmode": "tel"}),
        error_messages={"invalid": gettext_lazy("Enter all ten digits, such as 0914 275 268")},
    )
    address = forms.CharField(
        label=gettext_lazy("Where the result goes"), help_text=gettext_lazy("House, street, ward"), required=False
    )


@dataclass(frozen=True, slots=True)
class Sum:
    """A row of an arithmetic."""

    label: str
    amount: int
    basis: str = ""
    guess: bool = False
    guess_url: str = ""
    kind: str = ""


@require_GET
def style_guide(request: HttpRequest) -> HttpResponse:
    """Show the style guide to people at work, and to developers."""
    if not (settings.DEBUG or request.user.is_authenticated):
        raise Http404
    return render(request, "styleguide.html", {
        "colours": COLOURS, "sizes": SIZES, "states": _states(), "form": _form(), "sums": _sums(), "events": _events(),
        "columns": _columns(), "chart": _chart(), "bars": _bars(), "map": _map(),
        "moment": datetime.fromisoformat("2026-01-16T17:00:00+07:00"),
    })


COLOURS: Final = (
    ("ink", "#1b2327", "14.5"), ("ink-2", "#465057", "7.5"), ("ink-3", "#5f686d", "5.2"),
    ("line-strong", "#85837a", "3.8"),
    ("line", "#d9d7cd", ""), ("sunken", "#ecebe4", ""), ("paper", "#f5f4f0", ""), ("night", "#17303f", "13.7"),
    ("action", "#0a5a94", "7.2"), ("focus", "#ffc21a", "9.9"), ("ok", "#17663f", "7.0"), ("soon", "#874a00", "7.0"),
    ("late", "#ad1f1a", "7.0"), ("pause", "#574b86", "7.6"),
)
SIZES: Final = (
    ("hero", "34"), ("figure", "24"), ("title", "19"), ("lead", "16"), ("body", "14"), ("small", "13"), ("meta", "12"),
)


def _states() -> list[tuple[str, Deadline]]:
    return [
        (_("In progress"), deadline(used=2 * DAY, allowed=5 * DAY)),
        (_("Due soon"), deadline(used=5 * DAY - 3 * HOUR, allowed=5 * DAY)),
        (_("Overdue"), deadline(used=DAY + HOUR + 10, allowed=DAY)),
        (_("Paused"), deadline(used=4 * DAY, allowed=7 * DAY, paused=True)),
        (_("Done"), deadline(used=4 * DAY, allowed=5 * DAY, done=True)),
    ]


def _form() -> SampleForm:
    form = SampleForm({"phone": "0914 275 26", "address": "12 kiệt 42 Đặng Dung, phường Phú Xuân"})
    form.full_clean()
    return form


def _sums() -> list[Sum]:
    return [
        Sum(_("Postage for the way back, up to 100 g"), 30_000, basis="VNPOST-2021, 20/04/2021"),
        Sum(_("National reduction of 50 %, war invalid"), -15_000, basis="22/2017/TT-BTTTT"),
        Sum(_("The city pays all that is left"), -15_000, basis="77/2025/NQ-HĐND", guess=True),
        Sum(_("The citizen pays"), 0, kind="eq"),
    ]


def _events() -> list[dict[str, str]]:
    return [
        {"state": "done", "at": "14/01 14:24", "what": _("Filed online with the outlet's help"), "who": "Hồ Thị Mai"},
        {"state": "done", "at": "14/01 14:31", "what": _("Received by the centre"), "who": "Nguyễn Thị Thu"},
        {"state": "now", "at": "15/01 07:40", "what": _("On the way to the citizen"), "who": ""},
        {"state": "next", "at": "19/01", "what": _("Delivered at home"), "who": ""},
    ]


def _columns() -> list[dict[str, object]]:
    return [
        {"label": _("Dossier"), "sort_url": "?sort=code", "sorted": "ascending"}, {"label": _("Citizen")},
        {"label": _("State")}, {"label": pgettext("deadline", "Left")}, {"label": _("Postage"), "is_figure": True},
    ]


def _chart() -> Chart:
    return Chart(
        _("Budget left"), _("Month"), ["07/2025", "08/2025", "09/2025", "10/2025"],
        [Series(_("left"), [9_000_000, 6_500_000, None, None]),
         Series(_("at least"), [None, 6_500_000, 3_000_000, 0], Tone.REST, is_dashed=True),
         Series(_("at most"), [None, 6_500_000, 4_500_000, 2_500_000], Tone.REST, is_band_top=True)],
        Shape.LINE, Unit.DONG)


def _bars() -> Chart:
    return Chart(
        _("Parcels by week"), _("Week"), ["27", "28", "29"],
        [Series(_("on time"), [40, 52, 61], Tone.OK), Series(_("late"), [4, 2, 7], Tone.LATE)], Shape.STACKED)


def _map() -> Map:
    start, end = (16.4637, 107.5909), (16.5605, 107.4736)
    return Map(
        _("From the centre to the citizen"),
        [Point(*start, label="Phú Xuân", tone=Tone.NIGHT), Point(*end, label="Phong Điền", tone=Tone.ACTION)],
        way=[start, (16.51, 107.53)], way_ahead=[(16.51, 107.53), end])
