"""Who carries a notice: a gateway for Zalo or SMS over HTTP, or the mail server. Each answers one of four things."""

import smtplib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final, Protocol
from uuid import UUID

import httpx
from django.conf import settings
from django.core.mail import EmailMessage

from intake.notices.rules import ORDER, NoticeChannel


class Outcome(StrEnum):
    TAKEN = "taken"
    """The courier has it; whether it arrived is told later."""
    DELIVERED = "delivered"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """No answer, or one that says nothing: it may have been taken."""


@dataclass(frozen=True, slots=True)
class Answer:
    outcome: Outcome
    cause: str = ""


class Courier(Protocol):
    def send(self, *, reference: UUID, to: str, subject: str, body: str) -> Answer:
        """Hand a notice over; the same `reference` again is the same notice."""

    def ask(self, reference: UUID) -> Answer:
        """What has become of it. REFUSED with cause "unknown": the courier never got it."""


TIMEOUTS: Final = httpx.Timeout(8.0, connect=2.0)
_REFUSING: Final = frozenset({400, 403, 404, 409, 410, 413, 415, 422})


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """`PUT {base}/messages/{reference}` is idempotent; `GET` of the same address tells the state."""

    base: str
    secret: str
    client: httpx.Client

    def send(self, *, reference: UUID, to: str, subject: str, body: str) -> Answer:
        return self._ask("PUT", reference, {"to": to, "title": subject, "text": body})

    def ask(self, reference: UUID) -> Answer:
        return self._ask("GET", reference, None)

    def _ask(self, method: str, reference: UUID, body: dict[str, str] | None) -> Answer:
        try:
            answer = self.client.request(method, f"{self.base}/messages/{reference}", json=body,
                                         headers={"Authorization": f"Bearer {self.secret}"})
        except httpx.HTTPError as error:
            return Answer(Outcome.UNKNOWN, type(error).__name__)
        told = _told(answer)
        if answer.is_success:
            return _of_state(told)
        cause = told.get("code", f"http-{answer.status_code}")[:60]
        return Answer(Outcome.REFUSED if answer.status_code in _REFUSING else Outcome.UNKNOWN, cause)


def _of_state(told: dict[str, str]) -> Answer:
    match told.get("state", ""):
        case "delivered":
            return Answer(Outcome.DELIVERED)
        case "failed":
            return Answer(Outcome.REFUSED, told.get("code", "")[:60])
    return Answer(Outcome.TAKEN)


def _told(answer: httpx.Response) -> dict[str, str]:
    try:
        told: Any = answer.json()
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in told.items()} if isinstance(told, dict) else {}


@dataclass(frozen=True, slots=True)
class MailServer:
    """E-mail through Django's mail backend. Its message id is the notice's, so that a repeat is seen as one."""

    sender: str

    def send(self, *, reference: UUID, to: str, subject: str, body: str) -> Answer:
        host = self.sender.rpartition("@")[2] or "localhost"
        mail = EmailMessage(subject, body, self.sender, [to], headers={
            "Message-ID": f"<{reference}@{host}>", "Auto-Submitted": "auto-generated"})
        try:
            mail.send()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            return Answer(Outcome.REFUSED, type(error).__name__)
        except (OSError, smtplib.SMTPException) as error:
            return Answer(Outcome.UNKNOWN, type(error).__name__)
        return Answer(Outcome.TAKEN)

    def ask(self, reference: UUID) -> Answer:
        """A mail server tells nothing more."""
        return Answer(Outcome.TAKEN)


def channels() -> tuple[NoticeChannel, ...]:
    """The channels that this house is connected to, in their order; none: notices are off."""
    return tuple(channel for channel in ORDER if courier_of(channel) is not None)


def courier_of(channel: NoticeChannel) -> Courier | None:
    if channel is NoticeChannel.EMAIL:
        return MailServer(settings.WARDPOST_EMAIL_FROM) if settings.WARDPOST_EMAIL_FROM else None
    base = settings.WARDPOST_NOTICE_URLS.get(str(channel), "")
    return HttpGateway(base, settings.WARDPOST_NOTICE_SECRETS.get(str(channel), ""), _client()) if base else None


@cache
def _client() -> httpx.Client:
    """One pool of connections per process; no proxies, no redirects: the settings name whom we ask."""
    return httpx.Client(timeout=TIMEOUTS, trust_env=False, follow_redirects=False)
