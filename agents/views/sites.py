"""The own calendar of a centre or outlet, and where a centre moves."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.auth import require_role
from agents.forms import show
from agents.models.organisations import Centre
from agents.models.sites import CentreMove, SiteDay, SiteDayKind
from agents.operations import sites
from agents.scope import outlets_seen_by
from shared.actors import Actor
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

READERS: Final = (Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.CENTRE_OFFICER, Role.CENTRE_MANAGER, Role.AUDITOR,
                  Role.ADMINISTRATOR)
SETTERS: Final = (Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.CENTRE_MANAGER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class SitePage:
    """One site as its page shows it."""

    kind: str
    id: UUID
    code: str
    name: str
    address: str

    @property
    def site(self) -> sites.Site:
        return sites.Site(centre_id=self.id) if self.kind == "centre" else sites.Site(outlet_id=self.id)


class DayForm(forms.Form):
    use_required_attribute = False
    date = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date", "class": "input"}))
    kind = forms.ChoiceField(label=gettext_lazy("How it differs"), choices=SiteDayKind.choices)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)
    legal_basis = forms.CharField(label=gettext_lazy("Decision it rests on"), max_length=300, required=False)


class MoveForm(forms.Form):
    use_required_attribute = False
    prefix = "move"
    effective_from = forms.DateField(label=gettext_lazy("From"),
                                     widget=forms.DateInput(attrs={"type": "date", "class": "input"}))
    address = forms.CharField(label=gettext_lazy("New address"), max_length=200, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=20, required=False)
    latitude = forms.FloatField(label=gettext_lazy("Latitude"))
    longitude = forms.FloatField(label=gettext_lazy("Longitude"))
    legal_basis = forms.CharField(label=gettext_lazy("Decision it rests on"), max_length=300, required=False)


def centres_seen_by(actor: Actor) -> QuerySet[Centre]:
    """A centre's people see theirs, the city's roles those of the province."""
    if actor.role in {Role.CENTRE_MANAGER, Role.CENTRE_OFFICER}:
        return Centre.objects.filter(id=actor.centre_id) if actor.centre_id else Centre.objects.none()
    if actor.role in {Role.ADMINISTRATOR, Role.AUDITOR}:
        return Centre.objects.filter(province_id=actor.province_code) if actor.province_code else Centre.objects.all()
    return Centre.objects.none()


def _found(request: WardpostRequest, kind: str, site_id: UUID) -> SitePage:
    if kind == "centre":
        centre = centres_seen_by(request.actor).filter(id=site_id).first()
        if centre is not None:
            return SitePage(kind, centre.id, centre.agency_code, centre.name, centre.address)
    elif kind == "outlet":
        outlet = outlets_seen_by(request.actor).filter(id=site_id).first()
        if outlet is not None:
            return SitePage(kind, outlet.id, outlet.code, outlet.name, outlet.address)
    raise Http404


@require_safe
@require_role(Role.CENTRE_MANAGER, Role.CENTRE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)
def centre_list(request: WardpostRequest) -> HttpResponse:
    """The centres in sight with their next day out of turn and their next move."""
    today = timezone.localdate()
    centres = list(centres_seen_by(request.actor).order_by("agency_code")[:400])
    days = SiteDay.objects.filter(centre__in=centres, withdrawn_at=None, date__gte=today).order_by("-date")
    moves = CentreMove.objects.filter(centre__in=centres, effective_from__gte=today).order_by("-effective_from")
    next_day = {row.centre_id: row for row in days}
    next_move = {row.centre_id: row for row in moves}
    rows = [{"centre": each, "day": next_day.get(each.id), "move": next_move.get(each.id)} for each in centres]
    return render(request, "agents/centres.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*READERS)
def site(request: WardpostRequest, kind: str, site_id: UUID) -> HttpResponse:
    """The days that differ, with the decision each rests on; who runs the site sets one."""
    found = _found(request, kind, site_id)
    if request.method != "POST":
        return _page(request, found, DayForm(), MoveForm())
    if request.actor.role not in SETTERS:
        raise PermissionDenied
    form = DayForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            sites.set_day(site=found.site, day=data["date"], kind=data["kind"], reason=data["reason"],
                          legal_basis=data["legal_basis"], by=request.actor, at=timezone.now())
        except DomainError as refusal:
            _show_or_raise(refusal, form)
        else:
            messages.success(request, _("The day is set; due moments that run over it follow."))
            return redirect("agents:site", kind, site_id)
    return _page(request, found, form, MoveForm())


@require_POST
@require_role(Role.ADMINISTRATOR)
def move_centre(request: WardpostRequest, site_id: UUID) -> HttpResponse:
    """Enter the day from which a centre stands elsewhere."""
    found, form = _found(request, "centre", site_id), MoveForm(request.POST)
    if form.is_valid():
        try:
            sites.move_centre(centre_id=site_id, by=request.actor, at=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            _show_or_raise(refusal, form)
        else:
            messages.success(request, _("The move is entered; from its day on papers go to the new address."))
            return redirect("agents:site", "centre", site_id)
    return _page(request, found, DayForm(), form)


@require_POST
@require_role(*SETTERS)
def withdraw_day(request: WardpostRequest, site_day_id: UUID) -> HttpResponse:
    """The day is as the calendar says after all."""
    try:
        row = sites.withdraw_day(site_day_id=site_day_id, by=request.actor, at=timezone.now())
    except DomainError as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        messages.warning(request, str(refusal.errors[0].message if refusal.errors else refusal.title))
        return redirect("agents:home")
    messages.success(request, _("The day is taken back; due moments follow."))
    kind = "centre" if row.centre_id else "outlet"
    return redirect("agents:site", kind, row.centre_id or row.outlet_id)


def _page(request: WardpostRequest, found: SitePage, day: DayForm, move: MoveForm) -> HttpResponse:
    of_site = {"centre_id": found.id} if found.kind == "centre" else {"outlet_id": found.id}
    today = timezone.localdate()
    days = SiteDay.objects.filter(**of_site).order_by(F("withdrawn_at").desc(nulls_first=True), "-date")[:60]
    moves = CentreMove.objects.filter(centre_id=found.id).order_by("-effective_from") if found.kind == "centre" else ()
    context: dict[str, Any] = {
        "site": found, "days": days, "moves": moves, "form": day, "move": move, "today": today,
        "may_set": request.actor.role in SETTERS,
        "may_move": found.kind == "centre" and request.actor.role == Role.ADMINISTRATOR}
    return render(request, "agents/site.html", context, status=422 if day.errors or move.errors else 200)


def _show_or_raise(error: DomainError, form: forms.Form) -> None:
    if error.status == 403:
        raise PermissionDenied from error
    if error.status == 404:
        raise Http404 from error
    show(error, form)
