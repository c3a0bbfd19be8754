"""Keys for machines: issued, seen once, revoked."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from agents.auth import require_role
from agents.errors import TokenNotFound
from agents.forms import TokenForm, show
from agents.operations import tokens as operations
from agents.proof import fresh_proof
from agents.scope import tokens_seen_by
from agents.workplaces import place_choices, read_place
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

ON_A_PAGE = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(Role.ADMINISTRATOR)
@fresh_proof()
def token_list(request: WardpostRequest) -> HttpResponse:
    """List the keys; issue one, whose text is shown on this answer only."""
    form = TokenForm(request.POST or None, places=place_choices(request.actor))
    clear = _issue(request, form) if request.method == "POST" and form.is_valid() else ""
    now = timezone.now()
    page = Paginator(tokens_seen_by(request.actor).order_by("-created_at"), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [{"token": token, "is_valid": token.revoked_at is None and token.expires_at > now} for token in page]
    context = {"form": TokenForm(places=place_choices(request.actor)) if clear else form, "clear": clear, "page": page,
               "rows": rows}
    return render(request, "agents/tokens.html", context, status=422 if form.errors else 200)


def _issue(request: WardpostRequest, form: TokenForm) -> str:
    data, now = form.cleaned_data, timezone.now()
    try:
        issued = operations.issue_token(
            name=data["name"], scopes=frozenset(data["scopes"]), place=read_place(data["place"]),
            expires_at=now + timedelta(days=data["days"]), by=request.actor, at=now)
    except DomainError as error:
        show(error, form)
        return ""
    return issued.clear


@require_POST
@require_role(Role.ADMINISTRATOR)
def revoke(request: WardpostRequest, token_id: UUID) -> HttpResponse:
    """End a key now."""
    try:
        operations.revoke_token(token_id=token_id, by=request.actor, at=timezone.now())
    except TokenNotFound as error:
        raise Http404 from error
    messages.success(request, _("The token is revoked: its next request is refused."))
    return redirect("agents:tokens")
