"""What the simulator remembers: parcels told to it, and messages it still has to send. SQLite, of its own."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, Final

_TABLES: Final = """
    CREATE TABLE IF NOT EXISTS parcel (carrier TEXT, number TEXT, told TEXT, PRIMARY KEY (carrier, number));
    CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, carrier TEXT, number TEXT, body TEXT, due REAL,
        attempts INTEGER DEFAULT 0, state TEXT DEFAULT 'waiting', answer TEXT DEFAULT '');
    CREATE TABLE IF NOT EXISTS instruction (id TEXT PRIMARY KEY, carrier TEXT, number TEXT, told TEXT, state TEXT);
    CREATE INDEX IF NOT EXISTS message_of ON message (carrier, number);
    CREATE INDEX IF NOT EXISTS message_due ON message (due) WHERE state = 'waiting';
"""


@dataclass(frozen=True, slots=True)
class Message:
    id: int
    carrier: str
    body: bytes
    attempts: int


class Store:
    """Safe to use from several threads."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = RLock()
        self._connection = sqlite3.connect(str(path or ":memory:"), check_same_thread=False)
        self._connection.executescript(_TABLES)

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._connection:
            yield self._connection

    def keep_parcel(self, carrier: str, number: str, told: dict[str, Any]) -> bool:
        """Remember a parcel; says whether it is new."""
        with self._change() as db:
            row = (carrier, number, json.dumps(told))
            return db.execute("INSERT OR IGNORE INTO parcel VALUES (?, ?, ?)", row).rowcount == 1

    def parcel(self, carrier: str, number: str) -> dict[str, Any] | None:
        with self._change() as db:
            row = db.execute("SELECT told FROM parcel WHERE carrier = ? AND number = ?", (carrier, number)).fetchone()
        return None if row is None else json.loads(row[0])

    def plan(self, carrier: str, number: str, events: list[tuple[float, dict[str, Any]]]) -> None:
        """Send each event of a parcel at its moment, in seconds since 1970."""
        with self._change() as db:
            db.executemany(
                "INSERT INTO message (carrier, number, body, due) VALUES (?, ?, ?, ?)",
                [(carrier, number, json.dumps(event, ensure_ascii=False), due) for due, event in events])

    def forget_plans(self, carrier: str, number: str) -> None:
        """Plan nothing more of a parcel; what has happened is still told."""
        with self._change() as db:
            db.execute("DELETE FROM message WHERE carrier = ? AND number = ? AND state = 'waiting' AND due > ?",
                       (carrier, number, time.time()))

    def happened(self, carrier: str, number: str, now: float) -> list[dict[str, Any]]:
        """The events of a parcel so far, whether they were sent or not."""
        with self._change() as db:
            rows = db.execute("SELECT body FROM message WHERE carrier = ? AND number = ? AND (due <= ? OR attempts > 0)"
                              " ORDER BY due, id",
                              (carrier, number, now)).fetchall()  # fmt: skip
        return [json.loads(body) for (body,) in rows]

    def keep_instruction(self, key: str, carrier: str, number: str, told: dict[str, Any], state: str) -> bool:
        """Remember an instruction; says whether it is new."""
        with self._change() as db:
            row = (key, carrier, number, json.dumps(told, ensure_ascii=False), state)
            return db.execute("INSERT OR IGNORE INTO instruction VALUES (?, ?, ?, ?, ?)", row).rowcount == 1

    def instruction(self, key: str) -> str | None:
        """The state of an instruction: "taken" or "refused"; None when it is not known."""
        with self._change() as db:
            row = db.execute("SELECT state FROM instruction WHERE id = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def instructions(self) -> list[dict[str, Any]]:
        """All instructions so far, newest first."""
        with self._change() as db:
            rows = db.execute("SELECT carrier, number, told, state FROM instruction ORDER BY rowid DESC").fetchall()
        return [{"carrier": carrier, "number": number, **json.loads(told), "state": state}
                for carrier, number, told, state in rows]  # fmt: skip

    def due(self, now: float, limit: int = 50) -> list[Message]:
        with self._change() as db:
            rows = db.execute("SELECT id, carrier, body, attempts FROM message WHERE state = 'waiting' AND due <= ?"
                              " ORDER BY due, id LIMIT ?", (now, limit)).fetchall()  # fmt: skip
        return [Message(row_id, carrier, body.encode(), attempts) for row_id, carrier, body, attempts in rows]

    def note(self, message: Message, *, state: str, answer: str, due: float) -> None:
        with self._change() as db:
            db.execute("UPDATE message SET state = ?, answer = ?, due = ?, attempts = attempts + 1 WHERE id = ?",
                       (state, answer, due, message.id))  # fmt: skip

    def counts(self) -> dict[str, int]:
        """How many parcels there are and how many messages in each state."""
        with self._change() as db:
            (parcels,) = db.execute("SELECT count(*) FROM parcel").fetchone()
            return {"parcels": parcels, **dict(db.execute("SELECT state, count(*) FROM message GROUP BY state"))}

    def latest(self, limit: int = 30) -> list[dict[str, Any]]:
        """The messages sent or due last, newest first."""
        with self._change() as db:
            rows = db.execute("SELECT carrier, number, body, state, attempts, answer FROM message"
                              " ORDER BY due DESC LIMIT ?", (limit,)).fetchall()  # fmt: skip
        names = ("carrier", "number", "body", "state", "attempts", "answer")
        return [dict(zip(names, row, strict=True)) for row in rows]
