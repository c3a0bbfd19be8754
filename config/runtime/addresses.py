"""Reads server addresses into what Django, Celery and the cache each want to hear."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from psycopg.conninfo import conninfo_to_dict

NAMED_BY_DJANGO = {"dbname", "user", "password", "host", "port"}


def database(url: str, *, session: Mapping[str, str]) -> dict[str, Any]:
    """Return an entry of Django's DATABASES for a libpq address.

    `session` holds PostgreSQL settings for each connection, such as `statement_timeout` in milliseconds.

    Raises:
        psycopg.ProgrammingError: the address is malformed.
    """
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    options: dict[str, Any] = {name: parts[name] for name in parts.keys() - NAMED_BY_DJANGO}
    given = options.pop("options", "")
    options["options"] = " ".join(filter(None, [given, *(f"-c {name}={value}" for name, value in session.items())]))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", ""),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        "OPTIONS": options,
    }


def broker(redis_url: str) -> str:
    """Return Celery's broker address on the server of `redis_url`."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    number = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.path}?virtual_host={number}"


def cache(redis_url: str) -> str:
    """Return the cache's address: the next database on the same server, because a cache gets emptied."""
    parts = urlsplit(redis_url)
    query = dict(parse_qsl(parts.query))
    if parts.scheme == "unix":
        number = int(query.pop("db", "0"))
        return f"unix://{parts.path}?{urlencode({**query, 'db': number + 1})}"
    number = int(parts.path.strip("/") or query.pop("db", "0"))
    return urlunsplit(parts._replace(path=f"/{number + 1}", query=urlencode(query)))
