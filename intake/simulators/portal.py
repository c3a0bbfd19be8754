"""The portal's mind: codes, files, dossiers, states. Speaks as the contract has it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from threading import RLock
from typing import Any, Final

from intake.simulators.faults import Faults

type Answer = tuple[int, dict[str, object]]

_FOLLOWING: Final[Mapping[int, frozenset[int]]] = {
    1: frozenset({2, 3, 7}), 2: frozenset({4, 5, 6, 7, 8}), 4: frozenset({5, 6, 7, 8, 9}), 5: frozenset({2, 4, 7, 8}),
    6: frozenset({4, 7, 8}), 8: frozenset({4, 10}), 9: frozenset({10}), 10: frozenset({9})}
_REQUIRED: Final = ("MaHoSo", "MaTTHC", "ChuHoSo", "MaDonViTiepNhan", "NgayNop")


@dataclass(slots=True)
class Filed:
    """A dossier at the portal."""

    told: dict[str, Any]
    status: int = 1
    progress: list[str] = field(default_factory=list)
    copies: int = 1


@dataclass(slots=True)
class PortalMind:
    """Safe to use from several threads."""

    user: str = "wardpost"
    secret: str = "chi-de-trinh-dien"  # noqa: S105  # of a portal that does not exist
    faults: Faults = field(default_factory=Faults)
    dossiers: dict[str, Filed] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    _tokens: dict[str, int] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _lock: RLock = field(default_factory=RLock)

    def answer(self, call: str, body: Mapping[str, Any], token: str, content: bytes = b"") -> Answer:
        """Do what is asked. Every answer has an `error_code`; "0" is good."""
        with self._lock:
            if call == "GetToken":
                return self._token(body)
            if not self._is_good(token):
                return 401, _error("token-expired")
            if self.faults.fail_in_200:
                return 200, _error("system-busy")
            status, told = self._do(call, body, content)
            self.calls.append((call, str(told["error_code"])))
            return status, told

    def _token(self, body: Mapping[str, Any]) -> Answer:
        if (body.get("TaiKhoan"), body.get("MatKhau")) != (self.user, self.secret):
            return 403, _error("log-in-refused")
        token = sha256(f"{self.secret}{len(self._tokens)}".encode()).hexdigest()[:32]
        self._tokens[token] = self.faults.token_lasts or 10**9
        return 200, _good(token)

    def _is_good(self, token: str) -> bool:
        if self._tokens.get(token, 0) <= 0:
            return False
        self._tokens[token] -= 1
        return True

    def _do(self, call: str, body: Mapping[str, Any], content: bytes) -> Answer:
        match call:
            case "GetNextValue":
                return 200, _good(f"000.{body.get('MaDonVi', '')[:12]}-{next(self._numbers):06d}")
            case "UploadFile":
                return self._upload(body, content)
            case "NopHoSo":
                return self._file(dict(body))
            case "CapNhatTienTrinh" | "CapNhatTrangThai":
                return self._update(call, body)
            case "TraCuuHoSo":
                return 200, _good([self._shown(code) for code in body.get("MaHoSo", []) if code in self.dossiers])
        return 404, _error("call-unknown")

    def _upload(self, body: Mapping[str, Any], content: bytes) -> Answer:
        if sha256(content).hexdigest() != body.get("MaBam"):
            return 400, _error("hash-differs")
        file_id = self.files.setdefault(str(body["MaBam"]), f"F{len(self.files) + 1:06d}")
        return 200, _good(file_id)

    def _file(self, told: dict[str, Any]) -> Answer:
        if missing := [name for name in _REQUIRED if not told.get(name)]:
            return 400, _error(f"field-missing-{missing[0]}")
        if told["MaTTHC"] in self.faults.unknown_procedures:
            return 200, _error("procedure-unknown")
        code = str(told["MaHoSo"])
        if code in self.dossiers:
            # A real one does not look: the same dossier then stands there twice.
            self.dossiers[code].copies += 1
            return 200, _good("")
        self.dossiers[code] = Filed(told, copies=2 if self.faults.take_twice else 1)
        return 200, _good("")

    def _update(self, call: str, body: Mapping[str, Any]) -> Answer:
        filed = self.dossiers.get(str(body.get("MaHoSo")))
        if filed is None:
            return 404, _error("dossier-unknown")
        if call == "CapNhatTienTrinh":
            filed.progress.append(str(body.get("MaTienTrinh")))
            return 200, _good("")
        wanted = int(body.get("TrangThai", 0))
        if wanted not in _FOLLOWING.get(filed.status, frozenset()):
            return 200, _error("status-refused")
        filed.status = wanted
        return 200, _good("")

    def _shown(self, code: str) -> dict[str, object]:
        filed = self.dossiers[code]
        return {"MaHoSo": code, "TrangThai": filed.status, "TienTrinh": filed.progress, "SoBanGhi": filed.copies}


def _good(result: object) -> dict[str, object]:
    return {"error_code": "0", "message": "", "result": result}


def _error(code: str) -> dict[str, object]:
    return {"error_code": code, "message": code, "result": None}
