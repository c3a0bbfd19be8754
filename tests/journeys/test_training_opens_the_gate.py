"""A clerk is refused at her city's gate, passes the tests at the screen, and is let in."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agents.training.models import Attempt, Certificate
from tests.agents.training_cases import gate_from, load_courses
from tests.factories import dossiers, rates

COURSES = ("Giúp người dân nộp hồ sơ và sự đồng ý", "Hộ tịch")


@pytest.fixture
def counter(transactional_db):
    load_courses()
    rates.load()
    at = dossiers.counter()
    gate_from(at.centre.province_id, timezone.localdate() - timedelta(days=1))
    yield at
    rates.forget()


def pass_the_test(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Bắt đầu làm bài")).click()
    page.wait_for_load_state()
    attempt = Attempt.objects.get(finished_at=None)
    for question in attempt.paper:
        page.locator(f'input[name="q-{question["code"]}"][value="{question["right"]}"]').check()
    page.get_by_role("button", name=re.compile("Nộp bài")).click()
    page.wait_for_load_state()
    expect(page.locator(".note.ok")).to_contain_text("Đạt")


def test_refused_taught_tested_and_let_in(open_as, accessible, counter):
    page = open_as("/quay/ho-so-moi/?procedure=1.001193", counter.clerk)
    gate = page.locator("#t-gate")
    expect(gate).to_contain_text("Bạn cần có chứng chỉ")
    expect(page.locator(".confirm .main-missing")).to_contain_text("Cần đạt bài kiểm tra trước")

    gate.get_by_role("link", name=COURSES[0]).click()
    page.wait_for_load_state()
    accessible(page)
    pass_the_test(page)
    accessible(page)

    page.goto("/quay/ho-so-moi/?procedure=1.001193")
    expect(gate.get_by_role("link")).to_have_count(1)
    gate.get_by_role("link", name=COURSES[1]).click()
    page.wait_for_load_state()
    pass_the_test(page)
    assert Certificate.objects.filter(account=counter.clerk).count() == len(COURSES)

    page.goto("/quay/ho-so-moi/?procedure=1.001193")
    expect(page.locator(".pick")).to_be_visible()
    expect(gate).to_have_count(0)
