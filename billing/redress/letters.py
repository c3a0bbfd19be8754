"""The letter that goes with a correction, in Vietnamese or English: rendered from what was fixed when it was made."""

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents.auth import require_role
from billing.redress.models import Redress
from billing.redress.rules import NO_INTEREST, NoInterest
from billing.rules.words import dong
from shared.api import WardpostRequest
from shared.errors import NotFound
from shared.money import Money
from shared.roles import Role
from shared.typesetting import Typesetter

TYPESETTER: Final = Typesetter(Path(__file__).parent / "typst")
READERS: Final = (Role.OUTLET_CLERK, Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.FINANCE_REVIEWER,
                  Role.FINANCE_APPROVER, Role.AUDITOR)


def letter_pdf(redress: Redress, language: str) -> bytes:
    """The same bytes whenever it is asked for."""
    return TYPESETTER.pdf("redress", letter_data(redress.paper, language), dated=redress.made_at)


def letter_data(paper: dict[str, Any], language: str) -> dict[str, Any]:
    """What the template draws: the paper in one language, amounts written out."""
    vi = language != "en"

    def money(amount: int) -> str:
        said = dong(Money(amount))
        return said.vi if vi else said.en

    def why(line: dict[str, Any]) -> str:
        said = NO_INTEREST.get(line.get("why") or ("" if line["interest"] else _guessed(line)))
        return "" if said is None else said.vi if vi else said.en

    return {
        **{name: paper[name] for name in ("number", "source", "city", "operator", "outlet", "signer", "reason")},
        "language": "vi" if vi else "en", "day": _day(paper["day"], vi=vi),
        "cause": paper["cause_vi" if vi else "cause_en"], "principal": money(paper["principal"]),
        "interest": money(paper["interest"]), "total": money(paper["total"]),
        "rules": [{"name": rule["name_vi" if vi else "name_en"], "basis": rule["basis"], "code": rule["code"]}
                  for rule in paper["rules"]],
        "lines": [{"dossier": line["dossier"], "amount": money(line["amount"]), "interest": money(line["interest"]),
                   "since": _day(line["since"], vi=vi), "until": _day(line["until"], vi=vi),
                   "days": str(line.get("days", sum(span["days"] for span in line["spans"]))), "why": why(line)}
                  for line in paper["lines"]],
    }


def _guessed(line: dict[str, Any]) -> str:
    """Papers of before the reason was kept beside each line."""
    if line["since"] >= line["until"]:
        return NoInterest.NO_DELAY
    return NoInterest.TOO_SMALL if line["spans"] else NoInterest.NO_RULE


def _day(iso: str, *, vi: bool) -> str:
    year, month, day = iso.split("-")
    return f"{day}/{month}/{year}" if vi else f"{day}.{month}.{year}"


@never_cache
@require_GET
@require_role(*READERS)
def letter(request: WardpostRequest, redress_id: UUID) -> HttpResponse:
    """As a PDF; `?lang=en` for the English one."""
    try:
        found = Redress.objects.seen_by(request.actor).filter(id=redress_id).first()
    except NotFound:
        found = None
    if found is None:
        raise Http404
    language = "en" if request.GET.get("lang") == "en" else "vi"
    answer = HttpResponse(letter_pdf(found, language), content_type="application/pdf")
    name = f"{found.number.replace('/', '-')}-{language}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
