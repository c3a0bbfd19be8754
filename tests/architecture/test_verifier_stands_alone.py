"""The verifier proves the posting code's work, so it shares none of it."""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VERIFIER = ROOT / "billing" / "verification"
MAY = ("django.db", "billing.verification", "cryptography")


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_the_verifier_imports_nothing_of_the_code_it_checks():
    files = sorted(VERIFIER.glob("*.py"))
    assert len(files) > 8
    inside = {(path.name, name) for path in files for name in imported(path)
              if name.split(".")[0] in {"billing", "shared", "config", "delivery", "intake", "agents", "django"}}
    assert {each for each in inside if not each[1].startswith(MAY)} == set()


def test_the_offline_verifier_needs_nothing_but_python():


    names = {name.split(".")[0] for name in imported(VERIFIER / "offline.py")}
    assert names <= set(sys.stdlib_module_names)
