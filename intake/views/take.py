"""Take a dossier, on one page: what is entered is answered with its route, dates and money before anything is sent."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents import public as agents
from agents.auth import require_role
from intake.errors import ConsentMissing, DossierChanged
from intake.models.citizens import ActingSession, ConsentPurpose
from intake.models.counter import Taking
from intake.models.dossiers import Dossier
from intake.operations import come_backs, drafts, second_citizen, sessions, submission
from intake.plain_data import filing_from_data
from intake.queries.counter_citizens import citizens_in_reach
from intake.queries.sessions import open_session_of
from intake.rules.collecting import COLLECT_REASONS
from intake.rules.precheck.catalogue import RULES
from intake.rules.precheck.check import as_rule_data
from intake.rules.states import Handling
from intake.views import take_files
from intake.views.answers import errors_of, go, show, tell_if_masked
from intake.views.draft_parts import conflict_of
from intake.views.referrals import refer_in_session
from intake.views.take_citizen import CitizenPanel, panel_page
from intake.views.take_entries import Entries, entries_of, moment_or_none, number, read_entries, uuid_or_none
from intake.views.take_files import with_arrivals, with_files
from intake.views.take_missing import main_label
from intake.views.take_page import TakePage, build_page
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

PAGE = "intake/counter/take.html"
SENT_ON_ITS_OWN = frozenset({"channel", "shown", "file", "pick_procedure", "pick_place", "agree_deliver"})
"""Fields after which the next thing to do is the main button, when nothing is missing."""

ASKED_LATER = (ConsentPurpose.DELIVER_HOME, ConsentPurpose.NOTIFY, ConsentPurpose.KEEP_COPIES)
"""What the citizen may allow or take back at any time; the help itself ends with the session."""


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def take(request: WardpostRequest) -> HttpResponse:
    """Show the page, bring it up to date with what was entered, keep a draft, or submit."""
    session = open_session_of(request.actor)
    if session is None:
        return _before(request)
    if request.method == "GET":
        return _page(request, session, with_arrivals(session, _fresh(request, session)))
    _agree(request, session)
    sessions.keep_alive(session_id=session.id, by=request.actor, at=timezone.now())
    posted = read_entries(request.POST, request.actor.province_code)
    entries = with_files(request, session, posted)
    _note_strangers(request, session, set(entries.documents) - set(posted.documents))
    doing = {"submit": _submit, "draft": _keep, "come-back": _come_back, "rule": _rule, "refer": _refer,
             "pages": _pages, "phone": _phone, "phone-close": _close_phone}.get(request.POST.get("do", ""))
    return doing(request, session, entries) if doing is not None else _page(request, session, entries)


def _before(request: WardpostRequest) -> HttpResponse:
    """Nobody is acted for yet: the citizen first. A draft brings its own."""
    if request.method == "POST":
        messages.warning(request, _("The session was closed meanwhile. Begin again for this citizen."))
        return _begin_again(request)
    draft = _draft(request)
    wanted = draft.citizen_id if draft is not None else uuid_or_none(request.GET.get("citizen", ""))
    citizen = citizens_in_reach(request.actor).filter(id=wanted).first() if wanted is not None else None
    return panel_page(request, CitizenPanel(chosen=citizen, draft_id=str(draft.id) if draft is not None else ""))


def _begin_again(request: WardpostRequest) -> HttpResponse:
    """The whole page anew, for its strip still names a citizen; what was entered comes back from the draft."""
    client_ref = uuid_or_none(request.POST.get("client_ref", ""))
    if client_ref is None:
        return go(request, "intake:take")
    kept = Dossier.objects.seen_by(request.actor).filter(handling=Handling.DRAFT, client_ref=client_ref).first()
    return go(request, f"{reverse('intake:take')}?draft={kept.id}" if kept is not None else "intake:take")


def _draft(request: WardpostRequest) -> Dossier | None:
    """The draft that the address names, of this outlet."""
    draft_id = uuid_or_none(request.GET.get("draft", ""))
    drafts = Dossier.objects.seen_by(request.actor).filter(handling=Handling.DRAFT)
    return drafts.filter(id=draft_id).first() if draft_id is not None else None


def _fresh(request: WardpostRequest, session: ActingSession) -> Entries:
    draft, opened = _draft(request), timezone.now().isoformat()
    if draft is None or not draft.filing:
        return Entries(client_ref=uuid4(), procedure_code=request.GET.get("procedure", ""), opened=opened)
    if draft.citizen_id != session.citizen_id:
        messages.warning(request, _("This draft is another citizen’s. End the session first."))
        return Entries(client_ref=uuid4(), opened=opened)
    kept = entries_of(filing_from_data(draft.filing), request.actor.province_code)
    return replace(kept, opened=opened, draft_version=str(draft.version))


def _page(request: WardpostRequest, session: ActingSession, entries: Entries, *,
          errors: Mapping[str, str] | None = None, status: int = 200, **more: object) -> HttpResponse:
    page = build_page(entries, session, agents.get_outlet(session.outlet_id), actor=request.actor,
                      now=timezone.now(), errors=errors)
    return show(request, PAGE, "form", _context(request, page) | more, status=status)


def _context(request: WardpostRequest, page: TakePage) -> dict[str, object]:
    touched = request.POST.get("touched", "")
    link = take_files.open_link_of(page.session, page.entries.client_ref)
    files = [document_id for _component, document_id in page.entries.documents]
    is_led = request.method == "GET" or touched.partition("-")[0] in SENT_ON_ITS_OWN
    return {"page": page, "main_label": main_label(page), "is_main_focused": page.missing is None and is_led,
            "is_fresh": request.method == "GET" and not page.entries.procedure_code,
            "consents": [(purpose.value, purpose.value in page.agreed) for purpose in ASKED_LATER],
            "collect_reasons": list(COLLECT_REASONS.items()),
            "held": Taking.objects.filter(dossier__client_ref=page.entries.client_ref).first(),
            "phone_link": link, "is_polling": link is not None or page.has_waiting_files,
            "files_state": take_files.state_of_files(page.session, page.entries.client_ref, files), "file_ids": files,
            "rules": as_rule_data(RULES) if request.method == "GET" else None}


def _agree(request: WardpostRequest, session: ActingSession) -> None:
    """Record a yes that is given, or taken back, while the dossier is being taken."""
    word, _colon, purpose = request.POST.get("consent", "").partition(":")
    if request.POST.get("agree_deliver") == "1":
        word, purpose = "give", ConsentPurpose.DELIVER_HOME.value
    if purpose not in ConsentPurpose.values or purpose == ConsentPurpose.ASSIST_FILING:
        return
    if word == "give":
        sessions.open_session(citizen_id=session.citizen_id, by=request.actor, at=timezone.now(),
                              purposes=[ConsentPurpose.ASSIST_FILING, purpose])
    elif word == "withdraw":
        sessions.withdraw_consent(session_id=session.id, purpose=purpose, by=request.actor, at=timezone.now())


def _note_strangers(request: WardpostRequest, session: ActingSession, new: set[tuple[str, UUID]]) -> None:
    """A file that stands in another citizen's dossier stops the filing until the clerk has said what it is."""
    for _component, document_id in new:
        second_citizen.note_document(session_id=session.id, document_id=document_id, by=request.actor,
                                     at=timezone.now())


def _submit(request: WardpostRequest, session: ActingSession, entries: Entries) -> HttpResponse:
    try:
        dossier = submission.submit_dossier(entries.as_filing(session.citizen_id), by=request.actor, at=timezone.now(),
                                            opened_at=moment_or_none(entries.opened))
    except ConsentMissing as refusal:
        wanted = ConsentPurpose(str(refusal.facts["purpose"]))
        return _page(request, session, entries, errors={"agree": f"{refusal.title}: {wanted.label}"}, status=422)
    except DomainError as refusal:
        return _page(request, session, entries, errors=errors_of(refusal), status=422)
    tell_if_masked(request, entries.note, entries.collect_reason)
    return go(request, "intake:dossier", dossier_id=dossier.id)


def _keep(request: WardpostRequest, session: ActingSession, entries: Entries) -> HttpResponse:
    kept = _kept(request, session, entries)
    if not isinstance(kept, Dossier):
        return kept
    tell_if_masked(request, entries.note, entries.collect_reason)
    messages.success(request, _("Draft saved. It waits among the drafts of this counter."))
    return go(request, "intake:counter")


def _come_back(request: WardpostRequest, session: ActingSession, entries: Entries) -> HttpResponse:
    """Something is missing: keep the draft, and give the citizen a slip that says exactly what."""
    kept = _kept(request, session, entries)
    if not isinstance(kept, Dossier):
        return kept
    come_backs.issue_slip(dossier_id=kept.id, by=request.actor, at=timezone.now())
    return go(request, "intake:dossier", dossier_id=kept.id)


def _kept(request: WardpostRequest, session: ActingSession, entries: Entries) -> Dossier | HttpResponse:
    """The draft, or the page with what keeps it from being kept."""
    if not entries.procedure_code:
        return _page(request, session, entries, status=422,
                     errors={"procedure_q": _("A draft is about a procedure: choose it first.")})
    filing = replace(entries, channel=entries.channel or "online").as_filing(session.citizen_id)
    if filing.channel == "refer":
        filing = replace(filing, channel="online")
    version = None if request.POST.get("overwrite") else number(entries.draft_version) or None
    try:
        return drafts.save_draft(filing, by=request.actor, at=timezone.now(), version=version)
    except DossierChanged as refusal:
        return _page(request, session, entries, status=422, conflict=conflict_of(refusal))
    except DomainError as refusal:
        return _page(request, session, entries, errors=errors_of(refusal), status=422)


def _rule(request: WardpostRequest, session: ActingSession, entries: Entries) -> HttpResponse:
    """Open the reasons and the arithmetic behind what the page says."""
    page = build_page(entries, session, agents.get_outlet(session.outlet_id), actor=request.actor, now=timezone.now())
    return show(request, "intake/counter/rule.html", "drawer", {"page": page})


def _pages(request: WardpostRequest, _session: ActingSession, entries: Entries) -> HttpResponse:
    return take_files.pages_drawer(request, entries)


def _phone(request: WardpostRequest, session: ActingSession, entries: Entries) -> HttpResponse:
    if not entries.procedure_code:
        return _page(request, session, entries)
    return take_files.phone_drawer(request, entries)


def _close_phone(request: WardpostRequest, session: ActingSession, entries: Entries) -> HttpResponse:
    take_files.close_phone(request, entries)
    return _page(request, session, entries)


def _refer(request: WardpostRequest, session: ActingSession, entries: Entries) -> HttpResponse:
    """The citizen goes to the centre herself, with a slip that says where, when and with what; nothing is filed."""
    try:
        referral = refer_in_session(request.actor, session, entries, at=timezone.now())
    except DomainError as refusal:
        return _page(request, session, entries, errors=errors_of(refusal), status=422)
    sessions.close_session(session_id=session.id, by=request.actor, at=timezone.now(), because="referred")
    messages.success(request, _("Referred. Nothing was filed here, and the session is closed."))
    return go(request, "intake:referral", referral_id=referral.id)
