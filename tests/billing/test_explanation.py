"""A line is explained in one set of words: on its page, in the API and on paper."""

import io
from datetime import date
from html import unescape

import pytest
from django.conf import settings
from django.urls import reverse
from pypdf import PdfReader

from billing import public
from billing.explaining import explanations, pdf
from billing.models.ledger import Charge
from billing.models.statements import Statement
from billing.queries.books import Books
from billing.queries.lines import find_line
from tests.billing.events import NOW, act, delivered
from tests.billing.people import operator, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["capped", "war_invalid", "work"])
def line(request, rate_tables):
    operator("VNPOST")
    if request.param == "work":
        public.record_act(act(), at=NOW)
    else:
        changes = {"on": date(2025, 12, 30)} if request.param == "capped" else {"beneficiary_class": "war_invalid"}
        public.post_postage(delivered(**changes), at=NOW)
    return find_line(Books(province_code="01"), Charge.objects.get().id)


def plain(text):
    return " ".join(unescape(text).replace("\u00a0", " ").split())


def said(explained):
    yield explained["sentence"]
    yield from (row["label"] for row in explained["arithmetic"])
    yield from (row["basis"] for row in explained["arithmetic"] if row["basis"])
    yield from (rule["legal_basis"] for rule in explained["rules"] if rule["legal_basis"])
    yield from (rule["reason"] for rule in explained["rules"])


@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_and_api_say_the_same(client, line, language):
    signed_in(client)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = plain(client.get(reverse("billing:line", args=[line.charge.id])).content.decode())
    answer = client.get(f"/api/v1/statements/{Statement.objects.get().id}/lines/{line.charge.id}").json()

    assert answer["explanation"] == explanations(line)
    missing = [text for text in said(answer["explanation"][language]) if plain(text) not in page]
    assert missing == []


def test_the_paper_says_it_too_and_is_always_the_same(client, line):
    signed_in(client)
    made = client.get(reverse("billing:line-paper", args=[line.charge.id]))
    assert made.headers["Content-Type"] == "application/pdf"
    assert made.content == pdf(line)
    read = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made.content)).pages)

    squeezed = "".join(read.split())
    missing = [text for text in said(explanations(line)["vi"]) if "".join(plain(text).split()) not in squeezed]
    assert missing == []
