"""Every text a person can see has its Vietnamese form, in the catalogue of its own app or of the frame."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

PROJECT: Final = Path(__file__).parents[2]
APPS: Final = ("shared", "agents", "billing", "delivery", "intake", "config")
KEYWORDS: Final = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}

ENTRY: Final = re.compile(r'^(?:msgctxt "(.*)"\n)?msgid ((?:".*"\n)+)', re.MULTILINE)

type Text = tuple[str | None, str]


def vietnamese(app: str) -> Catalog:
    path = PROJECT / app / "locale" / "vi" / "LC_MESSAGES" / "django.po"
    return read_po(io.BytesIO(path.read_bytes() if path.exists() else b""), locale="vi")


def sources(app: str) -> Iterator[tuple[Path, str]]:
    for path in sorted((PROJECT / app).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.read_text()
    for path in sorted((PROJECT / app).rglob("*.html")):
        # What is left of a template is no program: its indentation means nothing.
        yield path, "\n".join(map(str.lstrip, templatize(path.read_text(), origin=str(path)).splitlines()))


def texts(app: str) -> Iterator[tuple[Text, str]]:
    for path, source in sources(app):
        found = extract("python", io.BytesIO(source.encode()), KEYWORDS, options={"encoding": "utf-8"})
        for line, message, _comments, context in found:
            first = message[0] if isinstance(message, tuple) else message
            if first:
                yield (context, first), f"{path.relative_to(PROJECT)}:{line}"


def has(catalogue: Catalog, text: Text) -> bool:
    message = catalogue.get(text[1], context=text[0])
    return message is not None and bool(message.string) and not message.fuzzy


@pytest.mark.parametrize("app", APPS)
def test_every_text_is_translated(app: str) -> None:
    catalogues = (vietnamese(app), vietnamese("shared"))
    missing = [f"{where}: {text[1]!r}" for text, where in texts(app) if not any(has(c, text) for c in catalogues)]
    assert missing == []


@pytest.mark.parametrize("app", APPS)
def test_a_text_is_translated_once(app: str) -> None:
    path = PROJECT / app / "locale" / "vi" / "LC_MESSAGES" / "django.po"
    entries = ENTRY.findall(path.read_text()) if path.exists() else []
    assert [entry for entry, times in Counter(entries).items() if times > 1] == []


@pytest.mark.parametrize("app", APPS)
def test_a_translation_keeps_the_names_it_fills_in(app: str) -> None:
    broken = [
        f"{message.id!r}: {error}" for message, errors in vietnamese(app).check() for error in errors
    ]
    assert broken == []


def test_two_apps_never_translate_the_same_words_differently() -> None:
    said: dict[Text, dict[str, str]] = {}
    for app in APPS:
        for message in vietnamese(app):
            if message.id:
                first = message.id[0] if isinstance(message.id, tuple) else message.id
                said.setdefault((message.context, str(first)), {})[app] = str(message.string)
    assert {text: by_app for text, by_app in said.items() if len(set(by_app.values())) > 1} == {}
