"""What anybody sees: the register of outlets, and an outlet's own page behind the code at its counter."""

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agents.accreditation import public_acts, queries
from agents.accreditation.errors import AccreditationNotFound, TooManyReports
from agents.accreditation.forms import ReportForm
from agents.accreditation.queries import Registered
from agents.forms import name_of, show
from agents.models.organisations import Outlet, Task
from agents.moves.places import coming_move, last_move
from agents.opening import Span, is_open, next_opening
from agents.programme.queries import PriceList, price_list
from agents.quality.queries import confirmed
from agents.quality.rules import Praise
from agents.quality.showing import month_words
from agents.quality.wording import PRAISES
from agents.site_days import site_calendar
from shared import scope
from shared.calendar import local
from shared.callers import client_address
from shared.errors import DomainError
from shared.text import clean

ON_A_PAGE: Final = 50


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """All outlets under a licence, by commune; `q` finds by commune (accents do not matter), name, street or code."""
    query, today = clean(request.GET.get("q", "").replace("\0", ""))[:80], local(timezone.now()).date()
    with scope.everything():
        rows = queries.register(query).order_by(*queries.REGISTER_ORDER)
        page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
        found = queries.registered(page, today)
    template = "agents/accreditation/register.html"
    return render(request, f"{template}#rows" if getattr(request, "htmx", False) else template,
                  {"page": page, "found": found, "query": query})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def genuine(request: HttpRequest, code: str) -> HttpResponse:
    """Whether this outlet is a genuine agent, what it does and costs; check a badge, report something."""
    now = timezone.now()
    try:
        found = queries.find_registered(code.upper(), local(now).date())
    except AccreditationNotFound:
        return render(request, "agents/accreditation/not_genuine.html", {"code": code[:16]}, status=404)
    form = ReportForm(request.POST if "report" in request.POST else None)
    badge, number, refusal, status = None, clean(request.POST.get("badge", ""))[:20], "", 200
    if request.method == "POST":
        try:
            public_acts.count_try(code=found.outlet.code, address=client_address(request), at=now)
            if form.is_bound and form.is_valid():
                public_acts.report_outlet(code=found.outlet.code, text=form.cleaned_data["text"], at=now)
                messages.success(request, _("Thank you. The programme's office looks into it within two days."))
                return redirect("agents:genuine", found.outlet.code)
            if number:
                badge = public_acts.check_badge(code=found.outlet.code, number=number)
        except TooManyReports as error:
            refusal, status = str(error.title), error.status
        except AccreditationNotFound as error:
            raise Http404 from error
        except DomainError as error:
            show(error, form)
    if form.errors:
        status = 422
    return render(request, "agents/accreditation/genuine.html", {
        "it": found, "outlet": found.outlet, "form": form, "badge": badge, "number": number, "refusal": refusal,
        "praise": _praise(found), "prices": _prices(found), "move": _move(found), **_hours(found)}, status=status)


def _prices(found: Registered) -> PriceList | None:
    outlet = found.outlet
    return price_list(outlet.operator_id, outlet.commune.province_id, local(timezone.now()).date())


def _move(found: Registered) -> dict[str, object]:
    """The move that is decided and comes, or the last one, whose old place people still look for."""
    today = local(timezone.now()).date()
    coming = coming_move(found.outlet.id, today)
    return {"coming": coming, "last": None if coming else last_move(found.outlet.id, today)}


def _praise(found: Registered) -> list[tuple[object, str, str]]:
    """What the outlet was commended for: anybody may read that."""
    with scope.everything():
        rows = confirmed(found.outlet.id)
    return [(PRAISES[Praise(each.praise)], month_words(each.month), each.words) for each in rows]


def _hours(found: Registered) -> dict[str, object]:
    outlet, now = found.outlet, timezone.now()
    spans = sorted(Span(row.weekday, row.opens, row.closes) for row in outlet.opening_hours.all())
    calendar = site_calendar(outlet.id)
    opened = found.is_genuine and is_open(spans, now, calendar)
    week = [(name_of(day), [span for span in spans if span.weekday == day]) for day in range(7)]
    return {"week": week if spans else [], "is_open": opened, "tasks": tasks_of(outlet),
            "opens_next": next_opening(spans, now, calendar) if found.is_genuine and not opened else None}


def tasks_of(outlet: Outlet) -> list[object]:
    return [label for value, label in Task.choices if value in outlet.tasks]
