"""A line is explained in one set of words: on its page, in the API and on paper."""

import io
import re
from collections.abc import Callable
from datetime import date
from functools import partial
from html import unescape

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from billing import public
from billing.disputes.rules import Reason
from billing.explaining import LANGUAGES, explanations, pdf
from billing.models.ledger import Charge
from billing.models.statements import Statement
from billing.operations.corrections import reverse_charge
from billing.queries.books import Books
from billing.queries.lines import find_line
from shared.money import Money
from tests.billing import disputes as cases
from tests.billing.events import NOW, act, delivered
from tests.billing.people import operator, signed_in

pytestmark = pytest.mark.django_db


def _postage(**changes):
    public.post_postage(delivered(**changes), at=NOW)
    return Charge.objects.get()


def _work():
    public.record_act(act(), at=NOW)
    return Charge.objects.get()


def _taken_back():
    return reverse_charge(charge_id=_work().id, reason="Ghi trùng", by=cases.approver().actor, at=NOW)


def _decided():
    place = cases.outlet()
    line = cases.line_of(place)
    dispute = cases.disputed(place, line, reason=Reason.TOO_LITTLE, wanted={line.id: Money(15_000)})
    cases.decided(dispute, cases.reviewer(), cases.approver())
    return Charge.objects.get(source_type="dispute")


MAKE: dict[str, Callable[[], Charge]] = {
    "capped": partial(_postage, on=date(2025, 12, 30)),
    "war_invalid": partial(_postage, beneficiary_class="war_invalid"),
    "work": _work, "taken_back": _taken_back, "decided": _decided}


@pytest.fixture(params=list(MAKE))
def line(request, rate_tables):
    operator("VNPOST")
    return find_line(Books(province_code="01"), MAKE[request.param]().id)


def plain(text):
    return " ".join(unescape(text).replace("\u00a0", " ").split())


def said(explained):
    yield explained["title"]
    yield explained["sentence"]
    yield from (row["label"] for row in explained["arithmetic"])
    yield from (row["basis"] for row in explained["arithmetic"] if row["basis"])
    yield from (rule["legal_basis"] for rule in explained["rules"] if rule["legal_basis"])
    yield from (rule["reason"] for rule in explained["rules"])
    yield from (leg["name"] for leg in explained["ledger"])
    yield from explained["evidence"]


def page_text(html):
    """What a reader reads: tags taken away, so that a code set apart by one is still part of its sentence."""
    return plain(re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize("address", ["billing:line", "billing:evidence"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_page_and_api_say_the_same(client, line, language, address):
    signed_in(client)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = page_text(client.get(reverse(address, args=[line.charge.id])).content.decode())
    month = Statement.objects.get(operator_code=line.charge.operator_code, period=line.charge.period)
    answer = client.get(f"/api/v1/statements/{month.id}/lines/{line.charge.id}").json()

    assert answer["explanation"] == explanations(line)
    missing = [text for text in said(answer["explanation"][language]) if plain(text) not in page]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_says_it_too_and_is_always_the_same(client, line, language):
    signed_in(client)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    made = client.get(reverse("billing:line-paper", args=[line.charge.id]))
    assert made.headers["Content-Type"] == "application/pdf"
    with translation.override(language):
        assert made.content == pdf(line)
    read = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made.content)).pages)

    squeezed = "".join(read.split())
    missing = [text for text in said(explanations(line)[language]) if "".join(plain(text).split()) not in squeezed]
    assert missing == []
