"""The arithmetic of lines in words, kept once however many lines say the same."""

from collections.abc import Iterable, Sequence
from typing import Any

from billing.models.ledger import Explanation
from billing.rules.plain_data import steps_digest

type Steps = list[dict[str, Any]]


def explanation_ids(asked: Sequence[Steps]) -> list[int]:
    """The id of each of `asked`, in its order; those not known yet are added."""
    # In one order for everybody, so that two who bring the same new ones never wait for one another crosswise.
    digests = [steps_digest(steps) for steps in asked]
    wanted = dict(sorted(zip(digests, asked, strict=True), key=lambda each: each[0]))
    known = _known(wanted)
    if len(known) < len(wanted):
        Explanation.objects.bulk_create(
            [Explanation(digest=digest, steps=steps) for digest, steps in wanted.items() if digest not in known],
            ignore_conflicts=True)
        known = _known(wanted)
    return [known[digest] for digest in digests]


def _known(digests: Iterable[bytes]) -> dict[bytes, int]:
    rows = Explanation.objects.filter(digest__in=list(digests)).values_list("digest", "id")
    return {bytes(digest): found for digest, found in rows}
