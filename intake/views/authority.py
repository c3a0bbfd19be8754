"""A manager says whose competence a dossier is; the programme guesses nothing."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents import public as agents
from agents.auth import require_role
from intake.models.routing import AuthorityQuestion
from intake.operations.authority import answer_authority_question
from intake.queries.centre import CAUSE_WORDS
from intake.queries.opinions import questions_seen_by
from intake.records import Route, route_from_data
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

ANSWERERS: Final = (Role.CENTRE_MANAGER, Role.ADMINISTRATOR)


class AnswerForm(forms.Form):
    """The possible centres first, then every other of the province."""

    use_required_attribute = False
    centre_id = forms.TypedChoiceField(label=gettext_lazy("Competent authority"), coerce=UUID, required=False,
                                       empty_value=None)
    legal_basis = forms.CharField(label=gettext_lazy("Legal basis"), max_length=300, required=False)
    is_general = forms.BooleanField(label=gettext_lazy("The answer holds for the next same question"), required=False)

    def __init__(self, question: AuthorityQuestion, data: Any = None) -> None:
        super().__init__(data)
        if question.cause == "split-unit":
            del self.fields["is_general"]  # the address decides, each time anew
        self.fields["centre_id"].choices = _choices(question)  # type: ignore[attr-defined]

    def take_errors(self, refusal: DomainError) -> None:
        for error in refusal.errors:
            name = error.pointer.strip("/")
            self.add_error(name if name in self.fields else None, str(error.message))
        if not refusal.errors:
            self.add_error(None, f"{refusal.title}. {refusal.detail}")


def _choices(question: AuthorityQuestion) -> list[tuple[str, Any]]:
    province, today = question.dossier.province_code, timezone.localdate()
    possible = {str(candidate["id"]) for candidate in question.candidates}
    centres = agents.centres_of_province(province, today)
    provincial = agents.provincial_centre(province, today)
    if provincial is not None:
        centres.append(provincial)
    named = [(str(centre.id), f"{centre.authority_name} ({centre.agency_code})") for centre in centres]
    first = [pair for pair in named if pair[0] in possible]
    others = [pair for pair in named if pair[0] not in possible]
    return [("", _("Choose one")), (_("Possible"), first), (_("Others of the province"), others)]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*ANSWERERS)
def answer(request: WardpostRequest, question_id: UUID) -> HttpResponse:
    """The question with what the rules found out, and the answer with its legal basis."""
    asked = questions_seen_by(request.actor).filter(answered_at=None)
    question = asked.select_related("dossier__procedure").filter(id=question_id).first()
    if question is None:
        raise Http404
    if request.method != "POST":
        return _page(request, question, AnswerForm(question))
    form = AnswerForm(question, request.POST)
    if not form.is_valid() or form.cleaned_data["centre_id"] is None:
        if not form.errors:
            form.add_error("centre_id", _("Choose the authority."))
        return _page(request, question, form, status=422)
    try:
        dossier = answer_authority_question(
            question_id=question_id, centre_id=form.cleaned_data["centre_id"], by=request.actor, at=timezone.now(),
            legal_basis=form.cleaned_data["legal_basis"], is_general=form.cleaned_data.get("is_general", False))
    except DomainError as refusal:
        form.take_errors(refusal)
        return _page(request, question, form, status=422)
    messages.success(request, _("Answered; dossier %(reference)s goes on.") % {"reference": dossier.agent_ref})
    return redirect("intake:inbox" if request.actor.centre_id else "intake:board")


def _page(request: WardpostRequest, question: AuthorityQuestion, form: AnswerForm, status: int = 200) -> HttpResponse:
    route: Route | None = route_from_data(question.dossier.route)
    return render(request, "intake/centre/authority.html", {
        "question": question, "form": form, "route": route, "cause": CAUSE_WORDS.get(question.cause, question.cause),
    }, status=status)
