"""The documentation says what is true: links lead somewhere, folders, files, words and variables exist."""

import os
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from config.runtime.paths import PROJECT

DOCS = PROJECT / "docs"
PAGES = sorted([*PROJECT.glob("*.md"), *DOCS.rglob("*.md")])
NOT_OURS = {"node_modules", "__pycache__"}
TEXT = {"", ".css", ".csv", ".html", ".js", ".json", ".md", ".po", ".py", ".sh", ".toml", ".txt", ".typ", ".yml"}
# Built from parts, so that this file does not find itself.
REGISTRIES = tuple("".join(parts) for parts in [
    ("py", "pi.org"), ("python", "hosted.org"), ("registry.", "npmjs"), ("crates", ".io/"), ("rubygems", ".org")])
_DESIGN = "sha" + "red"
DESIGN_FOLDER = re.compile("|".join(
    re.escape("/".join(parts)) for parts in [("..", _DESIGN, ""), ("", "work", _DESIGN)]))
MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:work|tmp|root|home|Users)/")

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
# The word classes that a glossary may name without saying where they live.
VOCABULARY = ("intake.rules.catalogue", "intake.rules.states", "shared.roles", "delivery.events", "intake.events",
              "agents.models.organisations")


def name_of(page: Path) -> str:
    return page.relative_to(PROJECT).as_posix()


def links_of(page: Path) -> Iterator[str]:
    for match in LINK.finditer(FENCE.sub("", page.read_text())):
        yield match[1] or match[2]


def anchors_of(page: Path) -> set[str]:
    """The addresses of a page's headings, made as the usual viewers make them."""
    headings = re.findall(r"^#{1,6} (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading).lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


def our_files() -> Iterator[Path]:
    for folder, folders, files in os.walk(PROJECT):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.startswith(".")]
        yield from (Path(folder) / name for name in files if Path(name).suffix in TEXT)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_to_a_file_and_heading_that_exist(page):
    lost = []
    for link in links_of(page):
        target, _hash, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        path = (page.parent / target).resolve() if target else page
        if not path.exists() or (anchor and path.suffix == ".md" and anchor not in anchors_of(path)):
            lost.append(link)

    assert lost == []


def test_every_page_of_the_documentation_can_be_reached_from_its_index():
    reached: set[Path] = set()
    waiting = [DOCS / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        waiting += [(page.parent / link.partition("#")[0]).resolve() for link in links_of(page) if ":" not in link]

    assert [name_of(page) for page in DOCS.rglob("*.md") if page not in reached] == []


def test_every_folder_of_the_map_exists_and_every_folder_is_on_the_map():
    text = (DOCS / "architecture.md").read_text()
    drawn = set(re.findall(r"^(\w+)/ ", FENCE.findall(text)[0], re.MULTILINE))
    there = {path.name for path in PROJECT.iterdir()
             if path.is_dir() and not path.name.startswith((".", "_")) and any(path.rglob("*.*"))}

    assert drawn == there - {"bench", "requirements"}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_files_folders_and_modules_that_a_page_names_exist(page):
    # What running makes is not there in a fresh checkout.
    roots = {path.name for path in PROJECT.iterdir() if path.is_dir() and path.name not in {".run", ".venv"}}
    named = {code for code in CODE.findall(FENCE.sub("", page.read_text())) if code.partition("/")[0] in roots}
    paths = {code for code in named if "/" in code and not re.search(r"[<>{}…]", code)}

    assert [code for code in sorted(paths) if not _exists(code, page)] == []


def _exists(code: str, page: Path) -> bool:
    pattern = re.split("[: ]", code, maxsplit=1)[0].rstrip("/")
    return any(PROJECT.glob(pattern)) or any(page.parent.glob(pattern))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_make_targets_commands_and_variables_that_a_page_names_exist(page):
    text = page.read_text()
    targets = set(re.findall(r"^(\w+):.*##", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    commands = {path.stem for path in PROJECT.glob("*/management/commands/*.py")}
    django = {"migrate", "createsuperuser", "changepassword", "check", "shell", "collectstatic", "makemigrations"}
    variables = set(re.findall(r"^# (\w+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))

    assert set(re.findall(r"`make (\w+)", text)) <= targets
    assert set(re.findall(r"manage\.py (\w+)", text)) <= commands | django
    assert set(re.findall(r"\bWARDPOST_[A-Z_]+\b", text)) <= variables | {"WARDPOST_LOCAL", "WARDPOST_PROCESS"}


def test_every_word_of_the_glossary_that_names_code_is_there():
    rows = re.findall(r"^\|(.*)\|$", (DOCS / "glossary.md").read_text(), re.MULTILINE)
    cells = [row.split("|")[-2] for row in rows]  # the last column but one
    unknown = [code for cell in cells for code in CODE.findall(cell) if not _is_word_of_the_code(code)]

    assert unknown == []


def _is_word_of_the_code(code: str) -> bool:
    if "/" in code or "(" in code or re.fullmatch(r"[a-z_0-9]+|[A-Z_]+", code):
        return True  # a path, checked above; or a bare value
    models = {model.__name__: model for model in apps.get_models()}
    first, _dot, rest = code.partition(".")
    if first in models:
        return not rest or _has(models[first], rest)
    if rest in models and models[rest]._meta.app_label == first:
        return True
    if first[0].islower():
        return _can_be_imported(code)
    owners = [getattr(import_module(module), first, None) for module in VOCABULARY]
    return any(owner is not None and (not rest or hasattr(owner, rest)) for owner in owners)


def _has(model, field: str) -> bool:
    try:
        model._meta.get_field(field)
    except FieldDoesNotExist:
        return hasattr(model, field)
    return True


def _can_be_imported(code: str) -> bool:
    module, _dot, name = code.rpartition(".")
    for path, attribute in ((code, ""), (module, name)):
        try:
            found = import_module(path)
        except ImportError:
            continue
        if not attribute or hasattr(found, attribute):
            return True
    return False


def test_every_model_has_a_word_in_the_glossary():
    text = (DOCS / "glossary.md").read_text()
    ours = {"agents", "intake", "delivery", "billing"}
    # What serves a word that is there: its parts, numbers and running totals.
    inside = {"ApiToken", "OpeningHours", "BoardHour", "BoardSnapshot", "BoardTotal", "DossierNumber", "NumberPool",
              "ParcelDossier", "TrackingTry", "Account", "PostingGroup", "TariffRate", "NormItem"}
    names = {model.__name__ for model in apps.get_models() if model._meta.app_label in ours}

    assert sorted(name for name in names - inside if not re.search(rf"\b{name}\b", text)) == []


def test_no_page_names_a_path_of_somebodys_machine():
    found = [(name_of(page), match[0]) for page in PAGES for match in MACHINE_PATH.finditer(page.read_text())]

    assert found == []


def test_nothing_names_a_package_registry_or_a_folder_outside_the_project():
    found = []
    for path in our_files():
        text = path.read_text(errors="replace")
        found += [(name_of(path), host) for host in REGISTRIES if host in text]
        found += [(name_of(path), match[0]) for match in DESIGN_FOLDER.finditer(text)]

    assert found == []


def test_the_change_log_speaks_of_the_present_version():
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    newest = re.findall(r"^## (\S+)", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE)[0]

    assert newest == version


def test_decisions_are_numbered_without_gaps_and_say_context_decision_and_cost():
    pages = sorted((DOCS / "decisions").glob("[0-9]*.md"))

    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        assert re.findall(r"^## (\w+)", page.read_text(), re.MULTILINE) == ["Context", "Decision", "Cost"], page.name
        assert page.name[:4] in page.read_text().splitlines()[0]
