"""The guides say what the screens say, and what they show can be run."""

import csv
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from billing.exports.columns import COLUMNS, cell
from billing.rules.digests import FIELDS, line_digest, statement_digest
from config.api import api
from config.runtime.paths import PROJECT
from delivery.rules.signatures import Verdict, judge
from shared.money import Money

GUIDES = sorted((PROJECT / "docs" / "guides").glob("*.md"))
FOR_STAFF = [guide for guide in GUIDES if guide.stem not in {"administrator", "machine-api"}]
AMOUNTS = {"gross", "national_reduction", "city_subsidy", "citizen_share", "compensation"}
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def text_of(guide: str) -> str:
    return (PROJECT / "docs" / "guides" / f"{guide}.md").read_text()


def example_in(guide: str, *, about: str) -> str:
    """The Python block of a guide that speaks of something."""
    return next(code for language, code in BLOCK.findall(text_of(guide)) if language == "python" and about in code)


def halves_of(guide: Path) -> list[str]:
    """Its Vietnamese and its English half, without blocks of code."""
    return re.split(r"^# ", BLOCK.sub("", guide.read_text()), flags=re.MULTILINE)[1:]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_speaks_vietnamese_first_and_then_english(guide):
    parts = halves_of(guide)

    assert len(parts) == 2
    assert re.search(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", parts[0])
    assert parts[0].count("\n## ") == parts[1].count("\n## ")


def words_on_screens() -> dict[str, set[str]]:
    """What the pages can say, by language."""
    words: dict[str, set[str]] = {"vi": set(), "en": set()}
    for path in PROJECT.glob("*/locale/vi/LC_MESSAGES/django.po"):
        for entry in read_po(path.open("rb")):
            words["vi"] |= {entry.string} if isinstance(entry.string, str) else set(entry.string or ())
            words["en"] |= {entry.id} if isinstance(entry.id, str) else set(entry.id)
    return words


@pytest.mark.parametrize("guide", FOR_STAFF, ids=lambda guide: guide.stem)
def test_what_a_guide_prints_bold_is_written_so_on_a_screen(guide):
    words = words_on_screens()
    vietnamese, english = halves_of(guide)
    lost = {language: [bold for bold in re.findall(r"\*\*(.+?)\*\*", text) if bold not in words[language]]
            for language, text in (("vi", vietnamese), ("en", english))}

    assert lost == {"vi": [], "en": []}


def test_the_signature_worked_out_in_the_machine_guide_is_one_that_we_accept():
    facts: dict[str, Any] = {"print": lambda line: facts.update(header=line.partition(": ")[2])}
    exec(example_in("machine-api", about="hmac"), facts)  # noqa: S102  # our own page

    assert facts["header"] in text_of("machine-api")
    verdict = judge(facts["body"], facts["header"], secrets=[facts["secret"]], now=facts["at"] + 60)
    assert verdict is Verdict.GOOD


def test_every_operation_that_the_machine_guide_calls_is_in_the_api():
    called = set(re.findall(r"\b(GET|POST|PUT|PATCH|DELETE) (/api/v1/[^\s`?|,]*)", text_of("machine-api")))
    paths = api.get_openapi_schema()["paths"]
    known = [(method.upper(), re.sub(r"\{[^}]*\}", "[^/]+", path)) for path, item in paths.items() for method in item]

    assert called
    assert sorted((method, path) for method, path in called
                  if not any(method == verb and re.fullmatch(pattern, path) for verb, pattern in known)) == []


def test_the_auditors_script_accepts_a_month_as_we_export_it_and_notices_a_change(tmp_path, monkeypatch):
    script = example_in("auditor", about="hashlib")
    lines = [_exported_line(f"{number}", gross) for number, gross in enumerate([30000, 26000, 46300])]
    rows = [COLUMNS, *lines, ["TOTAL"], ["SHA-256", statement_digest(str(line[-1]) for line in lines)]]

    assert _run_on(script, rows, tmp_path, monkeypatch).startswith("in order 3")
    lines[1][COLUMNS.index("gross")] = 26001
    with pytest.raises(AssertionError, match="line 1 was changed"):
        _run_on(script, rows, tmp_path, monkeypatch)


def _exported_line(identity: str, gross: int) -> list[object]:
    said = {"id": identity, "dossier_code": "=H26.15-260109-0001", "gross": Money(gross),
            "occurred_at": datetime(2026, 1, 14, 9, 20, tzinfo=UTC)}
    values = [said.get(name, Money(0) if name in AMOUNTS else "") for name in FIELDS]
    return [*map(cell, values), line_digest(values)]


def _run_on(script: str, rows: list[Any], folder: Path, monkeypatch) -> str:
    said: list[str] = []
    with (folder / "month.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    monkeypatch.setattr("sys.argv", ["check.py", str(folder / "month.csv")])
    exec(script, {"print": lambda *parts: said.append(" ".join(map(str, parts)))})  # noqa: S102  # our own page
    return said[0]
