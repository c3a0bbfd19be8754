"""The portal's interface over HTTP: `POST {base}/{call}`, a token before everything else.

An answer is `{"error_code": "0", "message": …, "result": …}`; another code is a refusal even under 200. What was not
answered, and what the server broke down over, is silence: it may have been taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Protocol

import httpx
from django.conf import settings

from intake.portal.rules import Call

TIMEOUTS: Final = httpx.Timeout(10.0, connect=2.0)
TOKEN_ERRORS: Final = frozenset({"token-expired", "token-invalid"})
_REFUSING: Final = frozenset({400, 403, 404, 409, 413, 415, 422})


class PortalRefused(Exception):  # named by what happened
    """The portal says no, by a rule of its own; `code` is short and holds nothing personal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:60]


class PortalSilent(Exception):
    """Nobody knows whether the portal took it."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause[:60]


@dataclass(frozen=True, slots=True)
class Seen:
    """A dossier as the portal shows it. `progress`: references of the lines of progress it has."""

    code: str
    status: int
    progress: frozenset[str]
    copies: int
    """How often it was taken; more than one is the portal's mistake, or ours."""


class Portal(Protocol):
    """Each may raise PortalRefused or PortalSilent."""

    def next_code(self, agency: str, procedure: str) -> str:
        """The portal's own code for a new dossier. One that is not used is lost, and harms nobody."""

    def upload(self, name: str, content: bytes, sha256: str) -> str:
        """The portal's id of a file; the same content gets the same one."""

    def submit(self, dossier: Mapping[str, object]) -> None: ...
    def tell_progress(self, line: Mapping[str, object]) -> None: ...
    def tell_status(self, status: Mapping[str, object]) -> None: ...
    def look_up(self, codes: Sequence[str]) -> Sequence[Seen]:
        """The dossiers that the portal has among `codes` (at most 100)."""


@dataclass(slots=True)
class HttpPortal:
    base: str
    user: str
    secret: str
    client: httpx.Client
    token: str = field(default="", repr=False)

    def next_code(self, agency: str, procedure: str) -> str:
        return str(self._ask(Call.NEXT_CODE, {"MaDonVi": agency, "MaTTHC": procedure}))[:40]

    def upload(self, name: str, content: bytes, sha256: str) -> str:
        files = {"file": (name, content, "application/octet-stream")}
        return str(self._ask(Call.UPLOAD, {"MaBam": sha256}, files=files))[:80]

    def submit(self, dossier: Mapping[str, object]) -> None:
        self._ask(Call.SUBMIT, dossier)

    def tell_progress(self, line: Mapping[str, object]) -> None:
        self._ask(Call.PROGRESS, line)

    def tell_status(self, status: Mapping[str, object]) -> None:
        self._ask(Call.STATUS, status)

    def look_up(self, codes: Sequence[str]) -> Sequence[Seen]:
        found = self._ask(Call.LOOK_UP, {"MaHoSo": list(codes)})
        try:
            return [Seen(str(each["MaHoSo"]), int(each["TrangThai"]), frozenset(map(str, each["TienTrinh"])),
                         int(each["SoBanGhi"])) for each in found]
        except (TypeError, KeyError, ValueError) as error:
            raise PortalSilent("look-up-not-understood") from error

    def _ask(self, call: Call, body: Mapping[str, object], *, files: Any = None) -> Any:
        """Ask with the token we have; one that has run out is renewed once."""
        for is_last in (False, True):
            if not self.token:
                self._renew()
            status, told = self._send(call, body, {"Authorization": f"Bearer {self.token}"}, files)
            code = str(told.get("error_code", ""))
            if status == httpx.codes.UNAUTHORIZED or code in TOKEN_ERRORS:
                self.token = ""
                if is_last:
                    raise PortalRefused("token-refused")
                continue
            return _result(status, code, told)
        raise AssertionError("unreachable")

    def _renew(self) -> None:
        status, told = self._send(Call.TOKEN, {"TaiKhoan": self.user, "MatKhau": self.secret}, {}, None)
        self.token = str(_result(status, str(told.get("error_code", "")), told))

    def _send(self, call: Call, body: Mapping[str, object], headers: Mapping[str, str],
              files: Any) -> tuple[int, dict[str, Any]]:
        sent: Any = {"data": dict(body), "files": files} if files else {"json": dict(body)}
        try:
            answer = self.client.post(f"{self.base}/{call}", headers=dict(headers), **sent)
        except httpx.HTTPError as error:
            raise PortalSilent(type(error).__name__) from error
        try:
            told = answer.json()
        except ValueError:
            told = {}
        return answer.status_code, told if isinstance(told, dict) else {}


def _result(status: int, code: str, told: Mapping[str, Any]) -> Any:
    if status in _REFUSING or (status < httpx.codes.BAD_REQUEST and code not in {"", "0"}):
        raise PortalRefused(code or f"http-{status}")
    if status >= httpx.codes.BAD_REQUEST or code == "":
        raise PortalSilent(f"http-{status}")
    return told.get("result")


def portal() -> Portal | None:
    """The portal this house is connected to; None: synchronisation is off."""
    if not settings.WARDPOST_PORTAL_URL:
        return None
    return _portal(settings.WARDPOST_PORTAL_URL, settings.WARDPOST_PORTAL_USER, settings.WARDPOST_PORTAL_SECRET)


@cache
def _portal(base: str, user: str, secret: str) -> HttpPortal:
    """One per process, so that a token serves many calls; no proxies, no redirects."""
    client = httpx.Client(timeout=TIMEOUTS, trust_env=False, follow_redirects=False)
    return HttpPortal(base, user, secret, client)
