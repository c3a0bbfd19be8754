"""What holds for every template of the house: no inline code, known icons, and components that render."""

import re
from pathlib import Path
from typing import Final

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from shared.language import VietnameseFirst

PROJECT: Final = Path(__file__).parents[2]
TEMPLATES: Final = sorted(
    path for path in PROJECT.glob("*/templates/**/*.html") if ".venv" not in path.parts
)
SPRITE: Final = PROJECT / "shared" / "static" / "wardpost" / "icons" / "icons.svg"
STYLES: Final = sorted((PROJECT / "shared" / "static" / "wardpost" / "css").glob("*.css"))
INLINE: Final = re.compile(
    r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*(\bsrc=|type=\"application/json\"))"
)
ICON: Final = re.compile(r"{%\s*icon\s+\"([a-z0-9-]+)\"")


def names(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@pytest.mark.parametrize("path", TEMPLATES, ids=names)
def test_no_template_carries_inline_style_script_or_handler(path: Path) -> None:
    inline = [match.group(0) for match in INLINE.finditer(path.read_text())]
    assert inline == []


@pytest.mark.parametrize("path", TEMPLATES, ids=names)
def test_every_icon_a_template_names_is_in_the_sprite(path: Path) -> None:
    drawn = set(re.findall(r'id="i-([a-z0-9-]+)"', SPRITE.read_text()))
    assert set(ICON.findall(path.read_text())) <= drawn


def test_every_variable_a_style_uses_is_a_token() -> None:
    text = "".join(path.read_text() for path in STYLES)
    assert set(re.findall(r"var\((--wp-[a-z0-9-]+)", text)) <= set(re.findall(r"(--wp-[a-z0-9-]+):", text))


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_shows_without_request_or_account(status: str) -> None:
    with override("vi"):
        page = render_to_string(f"{status}.html")
    assert '<html lang="vi">' in page
    assert "Về trang đầu" in page


class Form(forms.Form):
    phone = forms.CharField(label="Số điện thoại", help_text="Mười chữ số")


def test_a_field_in_error_keeps_what_was_typed_and_is_linked_from_the_summary() -> None:
    form = Form({"phone": ""})
    field = render_to_string("components/field.html", {"field": form["phone"]})
    summary = render_to_string("components/error_summary.html", {"form": form})
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in field
    assert 'id="id_phone_error"' in field
    assert 'aria-invalid="true"' in field
    assert 'href="#id_phone"' in summary
    assert "data-error-summary" in summary


def test_an_arithmetic_gives_its_result_the_unit_and_tags_an_assumed_rule() -> None:
    rows = [
        {"label": "Cước", "amount": 30_000, "basis": "Bảng 2021", "guess": True},
        {"label": "Người dân trả", "amount": 0, "kind": "eq"},
    ]
    with override("vi"):
        table = render_to_string("components/arithmetic.html", {"rows": rows})
    assert "<td>30.000</td>" in table
    assert '<tr class="eq"><th scope="row">Người dân trả</th><td>0\u00a0đ</td>' in table
    assert '<span class="guess">giả định</span>' in table


@pytest.mark.parametrize(("path", "cookie", "header", "language"), [
    ("/quay/", "", "en", "vi"),
    ("/quay/", "en", "vi", "en"),
    ("/quay/", "xx", "en", "vi"),
    ("/api/v1/places", "", "en", "en"),
])
def test_pages_speak_vietnamese_unless_chosen_and_machines_say_what_they_want(
    path: str, cookie: str, header: str, language: str
) -> None:
    request = RequestFactory().get(path, headers={"accept-language": header})
    if cookie:
        request.COOKIES["wardpost_language"] = cookie
    with override("vi"):
        VietnameseFirst(lambda _: None).process_request(request)  # type: ignore[arg-type]
    assert language == request.LANGUAGE_CODE
