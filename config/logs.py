"""Structured logs: one JSON object a line, an event name and ids, never what a citizen told us."""

import re
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# The path of a phone's link is its permission (intake: "phone", delivery: "round-link").
_PHONE_LINK: Final = re.compile(r"/(dt|phat)/[^/?]+")


def without_query_string(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Cut a request's query string and a phone link's token: a log must not know who was searched for, nor let in."""
    for name in ("request", "path"):
        told = event.get(name)
        if isinstance(told, str):
            event[name] = _PHONE_LINK.sub(r"/\1/…", told.partition("?")[0])
    return event


# Tracebacks without local variables: those hold tokens and ID-card numbers.
TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=20)
)
SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_query_string,
    TRACEBACKS,
]


def configure() -> None:
    """Send structlog's events through the standard library's handlers."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def logging_settings(level: str) -> dict[str, Any]:
    """Return Django's LOGGING: everything, libraries included, as JSON on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True, "level": level},
            # django-structlog writes a line per request already.
            "django.server": {"handlers": [], "propagate": False},
            "django.request": {"level": "ERROR"},
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
            # Beat and worker would tell of every sweep three times; django-structlog tells once.
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
        },
    }
