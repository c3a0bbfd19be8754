"""Text that PostgreSQL cannot keep: a NUL, which nobody types and every probe sends."""

from typing import Final

from django.db import DataError

# What PostgreSQL answers: a byte that no text may have; an escape in JSON that becomes one.
_STATES: Final = frozenset({"22021", "22P05"})
_SAID: Final = ("NUL (0x00)", "null byte", "null character")


def is_about_nul(error: BaseException) -> bool:
    """Whether `error` says that some text held a NUL: the sender's mistake, whichever entry point let it through."""
    if not isinstance(error, DataError | ValueError):
        return False
    return getattr(error.__cause__, "sqlstate", None) in _STATES or any(said in str(error) for said in _SAID)
