"""The control slip, told from the trace: who gave the dossier to whom, when, and how it stood against its time.

Form 06 of Circular 03/2025/TT-VPCP (before 15 September 2025: form 05 of Circular 01/2018/TT-VPCP).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from django.utils.translation import override

from intake.models.dossiers import Dossier, DossierStep
from intake.papers import wording
from intake.papers.decisions import common, form_data
from intake.papers.facts import procedure_words
from intake.papers.wording import fact
from intake.rules.state_words import step_words
from intake.rules.states import HandlingAction
from shared.calendar import local

A = HandlingAction
BY_POST: Final = (
    "Hồ sơ gửi qua dịch vụ bưu chính công ích (Quyết định 45/2016/QĐ-TTg): thời gian và chữ ký giao, nhận là thời gian "
    "và chữ ký trên phiếu gửi, biên bản giao nhận của bưu chính.")
TRACED: Final = (
    "Phiếu được kết xuất từ dữ liệu theo dõi điện tử của hệ thống; mỗi lần giao, nhận có người thực hiện và thời gian "
    "được ghi khi thực hiện, không sửa, không xóa được.")
SHOWN: Final = frozenset({
    A.SUBMIT, A.FORWARD, "hand_over", A.RECEIVE, A.START, A.ASK_SUPPLEMENT, A.ANSWER_SUPPLEMENT, A.ASK_PAYMENT,
    A.RECORD_PAYMENT, A.STOP, A.RESUME, A.WITHDRAW, A.RESOLVE, A.RETURN, A.REOPEN, "assign", "pass_on", "release",
    "hand_on", "extend", "correct"})
CITIZEN: Final = "Người nộp hồ sơ"
TEAM: Final = "Hàng đợi chung của trung tâm"


def control_data(dossier: Dossier) -> dict[str, Any]:
    """All that the control slip says now; `dossier` holds procedure, citizen, outlet and centres."""
    assert dossier.received_at is not None  # noqa: S101  # printed for received dossiers only
    authority = dossier.authority_centre or dossier.receiving_centre
    trace = DossierStep.objects.filter(dossier=dossier, machine="handling", action__in=SHOWN).order_by("at", "id")
    with override("vi"):
        return common(dossier, "", dossier.received_at) | form_data("control", dossier.received_at) | {
            "facts": [
                fact("Chủ hồ sơ", dossier.citizen.full_name, heavy=True),
                fact("Nội dung yêu cầu giải quyết", procedure_words(dossier)),
                fact("Thời gian nhận hồ sơ", wording.moment(dossier.received_at)),
                fact("Thời gian trả kết quả", wording.moment(dossier.due_at)),
                fact("Cơ quan giải quyết", authority.authority_name if authority else ""),
                fact("Cơ quan phối hợp", _helping(dossier)),
            ],
            "rows": list(_rows(dossier, trace)),
            "notes": [TRACED, *([BY_POST] if dossier.channel == "post" else [])]}


def _helping(dossier: Dossier) -> str:
    parts = [dossier.outlet.name if dossier.outlet is not None else ""]
    receiving, authority = dossier.receiving_centre, dossier.authority_centre
    if receiving is not None and authority is not None and receiving.id != authority.id:
        parts.append(receiving.name)
    return "; ".join(part for part in parts if part)


def _rows(dossier: Dossier, trace: Iterable[DossierStep]) -> Iterator[dict[str, str]]:
    held = CITIZEN
    for number, step in enumerate(trace, 1):
        taker = _taker(dossier, step, held)
        yield {"number": str(number), "giver": held, "taker": taker, "at": wording.moment(step.at),
               "result": _result(dossier, step), "note": _note(step)}
        held = taker


def _taker(dossier: Dossier, step: DossierStep, held: str) -> str:
    """In whose hands the dossier is after the step."""
    centre = dossier.receiving_centre.name if dossier.receiving_centre else ""
    outlet = dossier.outlet.name if dossier.outlet is not None else centre
    named = str(step.data.get("to_name") or step.actor_name)
    officer = _with_place(step.actor_name, step.place)
    hands = {
        A.SUBMIT: outlet, A.FORWARD: "Bưu chính" if dossier.channel == "post" else centre, "hand_over": centre,
        A.RECEIVE: officer, A.START: officer, "assign": named, "pass_on": named, "hand_on": named, "release": TEAM,
        A.ASK_SUPPLEMENT: CITIZEN, A.ASK_PAYMENT: CITIZEN, A.RETURN: CITIZEN, A.WITHDRAW: CITIZEN,
        A.ANSWER_SUPPLEMENT: officer, A.RECORD_PAYMENT: officer, A.RESUME: officer, A.REOPEN: officer}
    return hands.get(step.action, held)


def _with_place(name: str, place: str) -> str:
    return f"{name}, {place}" if place else name


def _result(dossier: Dossier, step: DossierStep) -> str:
    """How the step stood against the due moment; blank for what has no time of its own."""
    if step.action not in {A.RESOLVE, A.RETURN} or dossier.due_at is None:
        return ""
    decided: datetime = dossier.resolved_at or step.at
    day, due = local(decided).date(), local(dossier.due_at).date()
    if decided > dossier.due_at:
        return "Quá hạn"
    return "Trước hạn" if day < due else "Đúng hạn"


def _note(step: DossierStep) -> str:
    words = step_words(step.action).vi
    if step.action == "hand_on":
        words = f"Bước {step.data.get('step')}: {step.data.get('name_vi', '')}"
    if step.action in {"pass_on", "release", "assign"} and step.note:
        words = f"{words}: {step.note}"
    return words
