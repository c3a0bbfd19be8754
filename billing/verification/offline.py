"""Checks sealed exports and daily statements of Wardpost on any computer: one file, Python 3.10 or newer, nothing else.

    python3 wardpost-verify.py export FILE [--key HEX]             a sealed export of a month
    python3 wardpost-verify.py day FILE... [--key HEX]             an outlet's daily statements
    python3 wardpost-verify.py month 2026-01 FILE... [--key HEX]   an outlet's month, rebuilt from its daily statements

`--key` is the public key that you trust: it stands on the public page of checkpoints and on the first paper you were
given. Without it the key inside the file is used, and printed, so that you can compare it yourself. Exit status: 0 when
everything holds, 1 when something does not (the first bad row is named), 2 when the file cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import uuid
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

GENESIS = hashlib.sha256(b"wardpost/line/1").digest()
AMOUNTS = ("gross", "national_reduction", "city_subsidy", "citizen_share", "compensation", "other")
# Where things stand in what a line says; its shape stands first.
PERIOD, PROVINCE, OPERATOR, OUTLET, FIRST_AMOUNT, LEGS = 5, 6, 7, 8, 16, -1

Row = dict[str, Any]
Say = Callable[[str], object]
OpenedLine = tuple[int, bytes, str, list[int]]
"""Sequence, commitment, month, amounts."""


class Unsound(Exception):
    """Something does not hold."""


# --- Ed25519 (RFC 8032), only to verify -----------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
SIGNATURE_BYTES, KEY_BYTES = 64, 32

Point = tuple[int, int, int, int]
"""Extended coordinates."""


def recover_x(y: int, sign: int) -> int | None:
    """The x of a point with this y, or None when there is none."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def add(a: Point, b: Point) -> Point:
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    r, s, t, u = f - e, h - g, h + g, f + e
    return (r * s % P, t * u % P, s * t % P, r * u % P)


def times(scalar: int, point: Point) -> Point:
    """Double and add."""
    found: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            found = add(found, point)
        point = add(point, point)
        scalar >>= 1
    return found


def is_same(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def point_of(data: bytes) -> Point | None:
    """Decode a point, or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = recover_x(y, sign) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the Ed25519 public key `key` signed `message`."""
    if len(signature) != SIGNATURE_BYTES or len(key) != KEY_BYTES:
        return False
    public, first = point_of(key), point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or first is None or scalar >= L:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    return is_same(times(scalar, BASE), add(first, times(int.from_bytes(digest, "little") % L, public)))


# --- what was signed ------------------------------------------------------------------------------------------------


class Keys:
    """The keys that are trusted; or, when none was named, the one that the first signature names."""

    def __init__(self, trusted: Iterable[str]) -> None:
        self.trusted = [bytes.fromhex(key) for key in trusted]
        self.is_named = bool(self.trusted)

    def read(self, said: str, signature: str, name: str) -> Row:
        """What was signed, as data; Unsound when the signature is not good, or not by a trusted key."""
        told: Row = json.loads(said)
        key = bytes.fromhex(told["key"])
        if not self.is_named and not self.trusted:
            self.trusted.append(key)
        if key not in self.trusted:
            raise Unsound(f"{name} is signed by key {key.hex()}, which you do not trust")
        if not is_signed(key, said.encode(), bytes.fromhex(signature)):
            raise Unsound(f"{name}: the signature does not fit")
        return told


def digest_of(said: str, signature: str) -> str:
    return hashlib.sha256(said.encode() + bytes.fromhex(signature)).hexdigest()


def commitment(row: Row) -> bytes:
    return hashlib.sha256(uuid.UUID(row["salt"]).bytes + row["said"].encode()).digest()


def open_line(row: Row) -> tuple[list[Any], list[int]]:
    """What a line says, as data, and its amounts; Unsound when it contradicts itself."""
    name = f"line no. {row['sequence']}"
    told = json.loads(row["said"])
    amounts = told[FIRST_AMOUNT:FIRST_AMOUNT + len(AMOUNTS)]
    if told[0] != "line/1" or len(amounts) != len(AMOUNTS) or not all(isinstance(each, int) for each in amounts):
        raise Unsound(f"{name} has an unknown shape")
    legs = [leg[1] for leg in told[LEGS]]
    if sum(legs):
        raise Unsound(f"{name}: its legs do not balance")
    if sum(leg for leg in legs if leg > 0) != abs(amounts[0] + amounts[4] + amounts[5]):
        raise Unsound(f"{name}: its legs and its amounts differ")
    if amounts[0] != amounts[1] + amounts[2] + amounts[3]:
        raise Unsound(f"{name}: its postage does not add up")
    return told, amounts


def added(sums: Sequence[int], amounts: Sequence[int]) -> list[int]:
    return [one + other for one, other in zip(sums, amounts, strict=True)]


def say_sums(sums: Sequence[int], say: Say) -> None:
    for name, amount in zip(AMOUNTS, sums, strict=True):
        say(f"{name:>20} {amount:>15}")


# --- a sealed export ------------------------------------------------------------------------------------------------


class Export:
    """Follows the chain from one signed checkpoint to another, opening the lines that the export holds."""

    def __init__(self, head: Row, keys: Keys) -> None:
        if head.get("format") != "wardpost/sealed-export/1":
            raise Unsound("this is no sealed export")
        self.head = head
        self.start, self.chain = anchor(head["from"], keys)
        self.end = keys.read(head["through"]["said"], head["through"]["signature"], "the closing checkpoint")
        self.sequence, self.opened, self.sums = self.start, 0, [0] * len(AMOUNTS)

    def take(self, row: Row) -> None:
        self.sequence += 1
        if row["sequence"] != self.sequence:
            raise Unsound(f"no. {self.sequence} is missing: no. {row['sequence']} stands in its place")
        mark = bytes.fromhex(row["commitment"])
        if "said" in row:
            self.opened += 1
            self.sums = added(self.sums, self._amounts(row, mark))
        self.chain = hashlib.sha256(self.chain + mark).digest()

    def _amounts(self, row: Row, mark: bytes) -> list[int]:
        if commitment(row) != mark:
            raise Unsound(f"line no. {row['sequence']} was changed: it does not open its commitment")
        told, amounts = open_line(row)
        place = {"period": told[PERIOD], "province_code": told[PROVINCE], "operator_code": told[OPERATOR]}
        if place != self.head["about"]:
            raise Unsound(f"line no. {row['sequence']} belongs to another month or operator")
        return amounts

    def finish(self, last: Row, digest: str) -> None:
        if (last["rows"], last["opened"]) != (self.sequence - self.start, self.opened):
            raise Unsound(f"the last row counts {last['rows']} rows and {last['opened']} lines, the file has"
                          f" {self.sequence - self.start} and {self.opened}")
        if (self.sequence, self.chain.hex()) != (self.end["lines"], self.end["lines_head"]):
            raise Unsound(f"the chain ends at no. {self.sequence} in {self.chain.hex()[:12]}, and the signed checkpoint"
                          f" says no. {self.end['lines']} in {self.end['lines_head'][:12]}: something from no."
                          f" {self.start + 1} on is not what was sealed")
        if self.opened != self.head["lines"] or self.sums != [self.head["sums"][name] for name in AMOUNTS]:
            raise Unsound("the lines in the file do not add up to what its first row says")
        if last["sha256"] != digest:
            raise Unsound("the file is not byte for byte what was given out")


def anchor(given: Row | None, keys: Keys) -> tuple[int, bytes]:
    """Sequence and chain value that the export starts behind."""
    if given is None:
        return 0, GENESIS
    told = keys.read(given["said"], given["signature"], "the opening checkpoint")
    return told["lines"], bytes.fromhex(told["lines_head"])


def check_export(path: str, keys: Keys, say: Say) -> None:
    """Every row up to the last, which counts them."""
    whole = hashlib.sha256()
    with Path(path).open("rb") as file:
        first = file.readline()
        whole.update(first)
        export = Export(json.loads(first), keys)
        for line in file:
            row = json.loads(line)
            if row.get("end"):
                export.finish(row, whole.hexdigest())
                break
            whole.update(line)
            export.take(row)
        else:
            raise Unsound(f"the file ends at no. {export.sequence}, before its last row")
        if file.read(1):
            raise Unsound("something stands behind the last row")
    say(f"{export.opened} lines opened of {export.sequence - export.start} in the chain, no. {export.start + 1} to no."
        f" {export.sequence}, up to checkpoint {export.end['number']} of {export.end['day']}")
    if export.head.get("later"):
        say(f"{export.head['later']} lines of this month came later and are not in this file")
    say_sums(export.sums, say)


# --- an outlet's daily statements -----------------------------------------------------------------------------------


def check_day(path: str, keys: Keys) -> tuple[Row, str, list[OpenedLine]]:
    """One daily statement: what was signed, its digest, and its lines opened."""
    document = json.loads(Path(path).read_text(encoding="utf-8"))
    told = keys.read(document["said"], document["signature"], path)
    if told.get("shape") != "wardpost/outlet-day/1":
        raise Unsound(f"{path} is no daily statement")
    lines, sums, last = [], [0] * len(AMOUNTS), told["after"]
    for row in document["lines"]:
        if not last < row["sequence"] <= told["through"]:
            raise Unsound(f"{path}: line no. {row['sequence']} is out of place")
        line, amounts = open_line(row)
        if line[OUTLET] != told["outlet"]:
            raise Unsound(f"{path}: line no. {row['sequence']} is another outlet's")
        last, sums = row["sequence"], added(sums, amounts)
        lines.append((last, commitment(row), line[PERIOD], amounts))
    marks = hashlib.sha256(b"".join(mark for _, mark, _, _ in lines)).hexdigest()
    if (marks, len(lines)) != (told["digest"], told["lines"]):
        raise Unsound(f"{path}: its {len(lines)} lines are not the {told['lines']} that were signed")
    if sums != [told[name] for name in AMOUNTS]:
        raise Unsound(f"{path}: its lines do not add up to what was signed")
    return told, digest_of(document["said"], document["signature"]), lines


def check_days(paths: Sequence[str], keys: Keys, say: Say) -> list[OpenedLine]:
    """All of them, in the order of their numbers, without a gap; answers with their lines."""
    days = sorted(((check_day(path, keys), path) for path in paths), key=lambda day: day[0][0]["number"])
    lines: list[OpenedLine] = []
    number, digest = 0, ""
    for (told, own, opened), path in days:
        if number and told["number"] != number + 1:
            raise Unsound(f"statement no. {number + 1} is missing" if told["number"] > number else
                          f"there are two statements no. {number}")
        if number and told["before"] != digest:
            raise Unsound(f"{path} does not follow no. {number}: one of them was replaced")
        say(f"no. {told['number']}, {told['day']}: {told['lines']} lines, checkpoint {told['checkpoint']}"
            f" ({told['checkpoint_code']})")
        number, digest = told["number"], own
        lines += opened
    return lines


def rebuild(month: str, paths: Sequence[str], keys: Keys, say: Say) -> None:
    """An outlet's month out of its daily statements alone."""
    lines = sorted(line for line in check_days(paths, keys, say) if line[2] == f"{month}-01")
    digest = hashlib.sha256(b"".join(mark for _, mark, _, _ in lines)).hexdigest()
    say(f"month {month}: {len(lines)} lines, digest {digest}")
    say_sums([sum(line[3][place] for line in lines) for place in range(len(AMOUNTS))], say)


def say_line(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def check(what: str, files: Sequence[str], keys: Keys) -> None:
    if what == "export":
        for path in files:
            check_export(path, keys, say_line)
    elif what == "day":
        check_days(files, keys, say_line)
    else:
        rebuild(files[0], files[1:], keys, say_line)


def main(arguments: Sequence[str]) -> int:
    """Exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("export", "day", "month"))
    parser.add_argument("files", nargs="+", help="files; for `month` the month comes first, e.g. 2026-01")
    parser.add_argument("--key", action="append", default=[], help="a public key that you trust, in hexadecimal")
    asked = parser.parse_args(arguments)
    keys = Keys(asked.key)
    try:
        check(asked.what, asked.files, keys)
    except Unsound as reason:
        say_line(f"NOT SOUND: {reason}")
        return 1
    except (OSError, ValueError, LookupError, TypeError) as error:
        say_line(f"cannot be read: {type(error).__name__}: {error}")
        return 2
    for key in keys.trusted:
        say_line(f"signed by {key.hex()}{'' if keys.is_named else ' (named by the file itself: compare it)'}")
    say_line("SOUND")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
