"""What makes a process a practice house, and what such a house may never have: a line to the world.

Practice has a database, a queue, files and keys of its own. Nothing leads out of it but the signed results that it
reports to the live house; everything else that could reach a carrier, a portal, a bank or a phone is refused here,
before any other setting is read.
"""

import os
from collections.abc import Mapping
from typing import Final

from config.runtime.errors import EngineError

SWITCH: Final = "WARDPOST_PRACTICE"
LINES: Final = (
    "WARDPOST_CARRIER_URLS", "WARDPOST_CARRIER_ACCOUNTS", "WARDPOST_NOTICE_URLS", "WARDPOST_NOTICE_SECRETS",
    "WARDPOST_EMAIL_FROM", "WARDPOST_PORTAL_URL", "WARDPOST_PORTAL_USER", "WARDPOST_PORTAL_SECRET",
    "WARDPOST_STRIPE_KEY", "WARDPOST_STRIPE_URL", "WARDPOST_STRIPE_WEBHOOK_SECRETS", "WARDPOST_GEOCODER_URL",
    "WARDPOST_PRACTICE_URL",
)
"""Settings that connect a house to something outside; `{}` and nothing mean: not connected."""
NAMED: Final = "practice"
"""A practice database has this word in its name, a live one has not."""
MAY_RUN: Final = frozenset({
    "--help", "--version", "check", "collectstatic", "diffsettings", "grant_app_role", "help", "load_reference_data",
    "makemigrations", "migrate", "prepare_database", "reset_practice", "serve", "showmigrations", "version",
})
"""The commands of manage.py in practice. None of them writes rows to a file or reads them from one, so nothing made up
is carried to the live house, and nothing of that is brought here."""


class PracticeRefused(EngineError):
    """This process may not run as it is set up; the text says why and what to do."""


def is_asked() -> bool:
    """Whether the environment asks for a practice house."""
    return os.environ.get(SWITCH, "").strip().lower() in {"1", "true", "yes", "on"}


def lines_of(environment: Mapping[str, str]) -> list[str]:
    """The settings in `environment` that would connect a practice house to something outside."""
    return [name for name in LINES if environment.get(name, "").strip() not in {"", "{}"}]


def refuse_lines(environment: Mapping[str, str]) -> None:
    """Raises PracticeRefused: a line to the world is set."""
    if found := lines_of(environment):
        raise PracticeRefused(f"Practice has no lines to the world: take away {', '.join(found)}.")


def refuse_database(name: str, *, is_practice: bool) -> None:
    """Raises PracticeRefused: the name says that the database is the other house's."""
    if is_practice and NAMED not in name:
        raise PracticeRefused(f'The database "{name}" is not named as one of practice: it must have "{NAMED}" in its '
                              "name. Nothing was read or written.")
    if not is_practice and NAMED in name:
        raise PracticeRefused(f'The database "{name}" is one of practice by its name; the live house does not use it.')


def refuse_command(command: str) -> None:
    """Raises PracticeRefused: practice does not run this command."""
    if is_asked() and command not in MAY_RUN:
        raise PracticeRefused(f"In practice manage.py does not run {command}: nothing of practice goes anywhere else.")


def environment_beside(live: Mapping[str, str], *, port: int, live_address: str, key: str) -> dict[str, str]:
    """The environment of a practice house beside the live one of this machine: none of its addresses and secrets.

    `live` is the environment of the live process.
    """
    kept = {name: value for name, value in live.items() if not name.startswith("WARDPOST_") and name not in {
        "DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "CACHE_URL", "PROMETHEUS_MULTIPROC_DIR"}}
    same = {name: live[name] for name in ("WARDPOST_RUN_DIR", "WARDPOST_MODE", "WARDPOST_HOST", "WARDPOST_LOG_LEVEL",
                                          "WARDPOST_DEBUG") if name in live}
    return kept | same | {
        SWITCH: "1", "PORT": str(port), "WARDPOST_LIVE_URL": live_address, "WARDPOST_PRACTICE_KEY": key,
        "WARDPOST_LOCAL_SECRETS": "1", "WARDPOST_WEB_WORKERS": "1", "WARDPOST_WORKER_CHILDREN": "1"}
