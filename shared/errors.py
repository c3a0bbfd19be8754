"""Refusals: one hierarchy, answered as RFC 9457 problems by the API and as plain words on screens.

`title` and the messages are lazy translations: Vietnamese first, English second. The `code` is the API's problem type
and never changes. A refusal is anticipated, so it is never logged as a fault.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Text = str | Promise


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one input. `pointer` is a JSON pointer into the body, e.g. "/citizen/phone"."""

    pointer: str
    code: str
    message: Text


class DomainError(Exception):
    """What cannot be done now, said so that a person knows what to do."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "domain-error"
    title: ClassVar[Text] = _("This cannot be done")
    retry_after_seconds: ClassVar[int] = 0
    """Above zero: the very same request may succeed after so many seconds."""

    def __init__(self, detail: Text = "", *, errors: tuple[FieldError, ...] = (), **facts: object) -> None:
        super().__init__(str(detail or self.title))
        self.detail = detail or self.title
        self.errors = errors
        self.facts = facts


class NotFound(DomainError):
    """Also the answer for what belongs to somebody else: existence is not told."""

    status = 404
    code = "not-found"
    title = _("Not found")


class Forbidden(DomainError):
    status = 403
    code = "forbidden"
    title = _("Your role may not do this")


class Conflict(DomainError):
    status = 409
    code = "conflict"
    title = _("This is not possible in the present state")


class Invalid(DomainError):
    status = 422
    code = "invalid"
    title = _("Some entries need correcting")


class Unavailable(DomainError):
    """A part of the system is down; the same request may succeed later."""

    status = 503
    code = "unavailable"
    title = _("Temporarily unavailable, please try again")
    retry_after_seconds = 5


@dataclass(slots=True)
class ErrorCollector:
    """Gathers every field error of one input, so that a person corrects all of them in one go."""

    errors: list[FieldError] = field(default_factory=list)

    def add(self, pointer: str, code: str, message: Text) -> None:
        self.errors.append(FieldError(pointer, code, message))

    def raise_if_any(self, error: type[Invalid] = Invalid, detail: Text = "") -> None:
        if self.errors:
            raise error(detail, errors=tuple(self.errors))
