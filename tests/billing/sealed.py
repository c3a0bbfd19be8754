"""Sealed books for tests: a key of the test's own, days that end, and a look by the verifier."""

from datetime import UTC, datetime

from billing.chain.checkpoints import close_day, witness_path
from billing.chain.keys import trusted_keys
from billing.verification.look import Trust, verify

NIGHT = datetime(2026, 1, 19, 17, 10, tzinfo=UTC)
"""Ten past midnight of 20 January in Việt Nam."""


def key_of_our_own(settings, folder):
    settings.WARDPOST_CHECKPOINT_KEY_FILE = str(folder / "key.json")
    settings.WARDPOST_CHECKPOINT_WITNESS = str(folder / "witness.jsonl")


def end_day(at=NIGHT):
    return close_day(at=at)


def look(**how):
    return verify(trust=Trust(keys=trusted_keys(), witness=witness_path()), now=NIGHT, **how)


def found(**how):
    """The kinds found, in order of their places."""
    return [finding.kind for finding in look(**how).in_order()]
