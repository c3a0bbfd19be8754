"""Which lines of a telling are new. A line told twice is one line; two payments under one number of the bank are two.

Banks give a number to what was done, not to each line of it: a bulk payment, or a payment and its fee, may share one.
The first line keeps the bank's number; another under the same one adds to it what the line says.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from hashlib import sha256
from typing import Final

from billing.payments.records import BankEntry
from billing.payments.rules.references import references_in
from shared.money import Money
from shared.text import clean

LONGEST_PURPOSE: Final = 300
_LONGEST: Final = 80
_SHARED: Final = 62
"""What is left of the bank's number beside the seventeen letters that tell lines of one number apart."""

type Said = tuple[Money, str]
"""Amount and purpose of a line, as they are kept."""


def fresh_lines(entries: Sequence[BankEntry],
                kept: Callable[[Collection[str]], Mapping[str, Said]]) -> dict[str, BankEntry]:
    """The lines that are not kept yet, by the number under which each is to be kept.

    `kept` looks up which of some numbers are there, and what their lines say.
    """
    plain = _refs(entries)
    shared = [_beside(ref, entry) for ref, entry in zip(plain, entries, strict=True)]
    there, fresh = dict(kept({*plain, *shared})), {}
    for ref, other, entry in zip(plain, shared, entries, strict=True):
        if other in there or (ref in there and _is_same(there[ref], _said(entry))):
            continue
        name = other if ref in there else ref
        there[name], fresh[name] = _said(entry), entry
    return fresh


# --- the parts ------------------------------------------------------------------------------------------------------


def _refs(entries: Sequence[BankEntry]) -> list[str]:
    """The bank's number of each line; without one, what the line says and which of several equal ones it is."""
    seen: Counter[str] = Counter()
    refs = []
    for entry in entries:
        if entry.bank_ref:
            refs.append(entry.bank_ref[:_LONGEST])
            continue
        told = f"{entry.booked_at.isoformat()}|{entry.amount.amount}|{entry.purpose}"
        seen[told] += 1
        refs.append(f"line:{sha256(f'{told}|{seen[told]}'.encode()).hexdigest()[:40]}")
    return refs


def _beside(ref: str, entry: BankEntry) -> str:
    amount, purpose = _said(entry)
    told = f"{amount.amount}|{'|'.join(sorted(references_in(purpose)))}"
    return f"{ref[:_SHARED]}~{sha256(told.encode()).hexdigest()[:16]}"


def _said(entry: BankEntry) -> Said:
    return entry.amount, clean(entry.purpose)[:LONGEST_PURPOSE]


def _is_same(one: Said, other: Said) -> bool:
    """A file and a machine may word one line differently: only its amount or its reference makes it another."""
    names = set(references_in(one[1])), set(references_in(other[1]))
    return one[0] == other[0] and (names[0] == names[1] or not all(names))
