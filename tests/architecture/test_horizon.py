"""Each promise of docs/horizon.md names its proof, and the proof is there."""

import re

from config.runtime.paths import PROJECT

TEXT = (PROJECT / "docs" / "horizon.md").read_text()
ROWS = re.findall(r"^\| (\d+) \|.*\|$", TEXT, re.MULTILINE)
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)))


def test_there_are_24_promises():
    assert [int(number) for number in ROWS] == list(range(1, 25))


def test_every_test_that_is_named_exists():
    assert len(NAMED) > 24
    for path, name in NAMED:
        assert f"\ndef {name}(" in (PROJECT / path).read_text() if name else (PROJECT / path).exists(), (path, name)


def test_every_module_that_is_named_exists():
    for path in set(re.findall(r"`((?:billing)/[\w/]+(?:\.py|/))`", TEXT)):
        assert (PROJECT / path).exists(), path
