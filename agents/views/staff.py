"""Who works where: enrolling people, shutting accounts, giving new passwords."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.auth import require_role
from agents.forms import AccountForm, NewPasswordForm, ReasonForm, show
from agents.models.people import StaffAccount
from agents.operations import accounts as operations
from agents.people import linking, oidc, resets
from agents.people.forms import IdentityForm, ReachForm
from agents.people.models import SecondFactorReset
from agents.people.proof_views import fresh_proof
from agents.people.queries import keys_seen_by_holder, waiting_invitations
from agents.rules import GRANTS, may_grant
from agents.scope import accounts_seen_by
from agents.workplaces import place_choices, read_place
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.procedure_groups import named
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role
from shared.text import clean

ON_A_PAGE = 50
ENROLLERS = tuple(Role(role) for role in GRANTS)


@require_safe
@require_role(*ENROLLERS, Role.AUDITOR)
def staff_list(request: WardpostRequest) -> HttpResponse:
    """List the accounts one answers for."""
    query = clean(request.GET.get("q", ""))[:80]
    found = accounts_seen_by(request.actor).order_by("-is_active", "role", "username")
    if query:
        found = found.filter(Q(username__icontains=query) | Q(display_name__icontains=query))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "query": query, "may_enrol": request.actor.role in ENROLLERS,
               "invitations": [] if request.htmx else waiting_invitations(request.actor)}
    return render(request, "agents/staff.html#rows" if request.htmx else "agents/staff.html", context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*ENROLLERS)
@fresh_proof()
def enrol(request: WardpostRequest) -> HttpResponse:
    """Enrol a person in one sitting."""
    form = AccountForm(request.POST or None, roles=GRANTS[request.actor.role], places=place_choices(request.actor))
    if request.method == "POST" and form.is_valid():
        account = _enrolled(request, form)
        if account is not None:
            messages.success(request, _("%(name)s can sign in now.") % {"name": account.display_name})
            return redirect("agents:staff")
    return render(request, "agents/staff_enrol.html", {"form": form}, status=422 if form.errors else 200)


def _enrolled(request: WardpostRequest, form: AccountForm) -> StaffAccount | None:
    data = form.cleaned_data
    try:
        return operations.create_staff_account(
            username=data["username"], display_name=data["display_name"], role=data["role"], password=data["password"],
            place=read_place(data["place"]), by=request.actor, at=timezone.now())
    except DomainError as error:
        show(error, form)
        return None


@require_safe
@require_role(*ENROLLERS, Role.AUDITOR)
def staff_detail(request: WardpostRequest, account_id: UUID) -> HttpResponse:
    """Show one account and what may be done with it."""
    return detail(request, seen(request, account_id))


def seen(request: WardpostRequest, account_id: UUID) -> StaffAccount:
    """An account within sight, or 404."""
    account = accounts_seen_by(request.actor).filter(id=account_id).first()
    if account is None:
        raise Http404
    return account


def detail(request: WardpostRequest, account: StaffAccount, *, reason: ReasonForm | None = None,
           password: NewPasswordForm | None = None, reach: ReachForm | None = None,
           lost: ReasonForm | None = None, identity: IdentityForm | None = None) -> HttpResponse:
    """The account's page; a form that was refused stands in it as it was filled in."""
    given = [form for form in (reason, password, reach, lost, identity) if form is not None]
    may_change = request.actor.id != str(account.id) and may_grant(request.actor.role, account.role)
    context = {
        "account": account, "may_change": may_change, "reason": reason or ReasonForm(),
        "password": password or NewPasswordForm(), "reach": reach or _reach(account),
        "has_reach": account.role in OUTLET_ROLES, "groups": named(account.procedure_groups),
        "last_day": account.last_day, "may_see_duties": account.role in OUTLET_ROLES | CENTRE_ROLES,
        "may_vouch": account.second_factor_at is not None and resets.may_vouch(request.actor, account),
        "may_link": oidc.is_configured() and resets.may_vouch(request.actor, account),
        "link": linking.link_of(account) if oidc.is_configured() else None, "identity": identity or IdentityForm(),
        "lost": lost or ReasonForm(), "reset": _open_reset(account),
        "keys": keys_seen_by_holder(account, timezone.now()) if may_change and account.is_active else []}
    status = 422 if any(form.errors for form in given) else 200
    return render(request, "agents/staff_account.html", context, status=status)


def _open_reset(account: StaffAccount) -> SecondFactorReset | None:
    return resets.open_reset(account, timezone.now()) if account.second_factor_at is not None else None


def _reach(account: StaffAccount) -> ReachForm:
    return ReachForm(initial={"procedure_groups": account.procedure_groups, "last_day": account.last_day})


@require_POST
@require_role(*ENROLLERS)
@fresh_proof(steps={"reactivate"})
def set_active(request: WardpostRequest, account_id: UUID, step: str) -> HttpResponse:
    """Shut an account or open it again."""
    steps: dict[str, Any] = {"deactivate": operations.deactivate, "reactivate": operations.reactivate}
    if step not in steps:
        raise Http404
    account, form = seen(request, account_id), ReasonForm(request.POST)
    if form.is_valid():
        try:
            steps[step](account_id=account_id, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now())
        except DomainError as error:
            _show_or_forbid(error, form)
        else:
            messages.success(request, _("Done."))
            return redirect("agents:staff-account", account_id)
    return detail(request, account, reason=form)


@sensitive_post_parameters("password")
@require_POST
@require_role(*ENROLLERS)
@fresh_proof()
def new_password(request: WardpostRequest, account_id: UUID) -> HttpResponse:
    """Give somebody a new password; she is signed out everywhere."""
    account, form = seen(request, account_id), NewPasswordForm(request.POST)
    if form.is_valid():
        try:
            operations.set_password(account_id=account_id, password=form.cleaned_data["password"], by=request.actor,
                                    at=timezone.now())
        except DomainError as error:
            _show_or_forbid(error, form)
        else:
            messages.success(request, _("The new password is in force."))
            return redirect("agents:staff-account", account_id)
    return detail(request, account, password=form)


def _show_or_forbid(error: DomainError, form: ReasonForm | NewPasswordForm) -> None:
    if error.status == 403:
        raise PermissionDenied from error
    show(error, form)
