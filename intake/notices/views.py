"""Notices on screens: the trail on a dossier, how the month went, the texts and their versions."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents.auth import require_role
from intake.errors import DossierNotFound
from intake.models.dossiers import Dossier
from intake.notices import operations, queries, texts
from intake.notices.couriers import channels
from intake.notices.models import NoticeTemplate
from intake.notices.rules import CHANNEL_WORDS, EVENT_WORDS, FIELDS, ORDER, NoticeChannel, NoticeEvent, Text
from intake.views.answers import errors_of
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role

STAFF: Final = tuple(sorted(OUTLET_ROLES | CENTRE_ROLES))
OFFICE: Final = (Role.CENTRE_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR)


@never_cache
@require_GET
@require_role(*STAFF)
def trail(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """What the citizen was told about one dossier, and how she wants to be told."""
    return _trail(request, dossier_id)


def _trail(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    try:
        told = queries.trail(dossier_id, actor=request.actor)
    except DossierNotFound:
        raise Http404 from None
    dossier = Dossier.objects.seen_by(request.actor).select_related("citizen").get(id=dossier_id)
    choices, language = queries.choices_of(dossier.citizen)
    part = "#trail" if request.htmx else ""
    return render(request, f"intake/notices/dossier.html{part}", {
        "told": told, "dossier": dossier, "choices": choices, "language": language, "is_on": bool(channels()),
        "may_choose": request.actor.role in OUTLET_ROLES})


@require_POST
@require_role(*sorted(OUTLET_ROLES))
def choose(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """The citizen says at the counter how she wants to be told."""
    dossier = Dossier.objects.seen_by(request.actor).filter(id=dossier_id).first()
    if dossier is None:
        raise Http404
    wanted = set(request.POST.getlist("channel"))
    operations.choose_channels(
        citizen_id=dossier.citizen_id, refused=frozenset(each for each in ORDER if str(each) not in wanted),
        language=request.POST.get("language", "vi"), by=request.actor.id, actor=request.actor, at=timezone.now())
    if request.htmx:
        return _trail(request, dossier_id)
    messages.success(request, _("Kept."))
    return redirect("intake:notices", dossier_id=dossier_id)


@require_POST
@require_role(*STAFF)
def again(request: WardpostRequest, notice_id: UUID) -> HttpResponse:
    """Send a failed notice once more."""
    try:
        notice = operations.try_again(notice_id=notice_id, by=request.actor, at=timezone.now())
    except DossierNotFound:
        raise Http404 from None
    messages.success(request, _("It is sent again."))
    return redirect("intake:notices", dossier_id=notice.dossier_id)


@never_cache
@require_GET
@require_role(*OFFICE)
def overview(request: WardpostRequest) -> HttpResponse:
    """How telling citizens went in the last month, failures first when asked."""
    only_failed = request.GET.get("loi") == "1"
    return render(request, "intake/notices/overview.html", {
        "overview": queries.overview(request.actor, now=timezone.now(), only_failed=only_failed),
        "only_failed": only_failed, "connected": [CHANNEL_WORDS[each] for each in channels()], "now": timezone.now()})


@never_cache
@require_GET
@require_role(Role.ADMINISTRATOR, Role.AUDITOR)
def template_list(request: WardpostRequest) -> HttpResponse:
    """Every text in force, as a citizen would read it."""
    language = "en" if request.GET.get("ngon-ngu") == "en" else "vi"
    in_force = texts.all_templates(request.actor.province_code, ORDER, language)
    facts = texts.sample_facts()
    rows = [{"event": EVENT_WORDS[event], "code": event,
             "texts": [{"template": each, "channel": CHANNEL_WORDS[each.channel], "rendered": texts.render(each, facts)}
                       for each in in_force if each.event is event]} for event in NoticeEvent]
    return render(request, "intake/notices/templates.html", {"rows": rows, "language": language})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(Role.ADMINISTRATOR)
def template(request: WardpostRequest, event: str, channel: str, language: str) -> HttpResponse:
    """One text: look at it as it will be read, and put a new version in force."""
    try:
        which = NoticeEvent(event), NoticeChannel(channel)
    except ValueError:
        raise Http404 from None
    if which[1] is NoticeChannel.NONE or language not in {"vi", "en"}:
        raise Http404
    province = request.actor.province_code
    now_in_force = texts.template_for(province, *which, language)
    entered = {"subject": now_in_force.text.subject, "body": now_in_force.text.body,
               "keeps_accents": now_in_force.keeps_accents}
    errors: dict[str, str] = {}
    if request.method == "POST":
        entered = {"subject": request.POST.get("subject", "").strip()[:200],
                   "body": request.POST.get("body", "").strip()[:500],
                   "keeps_accents": which[1] is not NoticeChannel.SMS or request.POST.get("keeps_accents") == "1"}
        if request.POST.get("do") != "preview":
            try:
                operations.change_text(event=which[0], channel=which[1], language=language, by=request.actor,
                                       at=timezone.now(), **entered)  # type: ignore[arg-type]  # as the form has them
                messages.success(request, _("The new text is in force."))
                return redirect("intake:notice-templates")
            except DomainError as refusal:
                errors = errors_of(refusal)
    return _template_page(request, which, language, entered, errors)


def _template_page(request: WardpostRequest, which: tuple[NoticeEvent, NoticeChannel], language: str,
                   entered: dict[str, Any], errors: dict[str, str]) -> HttpResponse:
    event, channel = which
    tried = texts.Template(event, channel, language, 0, Text(entered["subject"], entered["body"]),
                           keeps_accents=entered["keeps_accents"])
    versions = NoticeTemplate.objects.filter(province_code=request.actor.province_code, event=event, channel=channel,
                                             language=language).order_by("-version")[:20]
    part = "#preview" if request.htmx else ""
    return render(request, f"intake/notices/template.html{part}", {
        "event": EVENT_WORDS[event], "channel": CHANNEL_WORDS[channel], "is_sms": channel is NoticeChannel.SMS,
        "language": language, "entered": entered, "errors": errors, "versions": versions,
        "fields": [f"{{{name}}}" for name in FIELDS], "rendered": texts.render(tried, texts.sample_facts()),
    }, status=422 if errors else 200)
