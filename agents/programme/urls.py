"""Addresses of the programme and its operators, below the network."""

from typing import Final

from django.urls import path

from agents.programme.views import operators, phases

_PHASE: Final = "mang-luoi/chuong-trinh/giai-doan/"
_OPERATOR: Final = "mang-luoi/doanh-nghiep/"
URLS: Final = [
    path("mang-luoi/chuong-trinh/", phases.programme, name="programme"),
    path("mang-luoi/chuong-trinh/hieu-luc/", phases.holds, name="programme-holds"),
    path(f"{_PHASE}moi/", phases.plan, name="plan-phase"),
    path(f"{_PHASE}<uuid:phase_id>/", phases.phase, name="phase"),
    path(f"{_PHASE}<uuid:phase_id>/sua/", phases.change, name="change-phase"),
    path(f"{_PHASE}<uuid:phase_id>/dieu-kien/", phases.gates, name="phase-gates"),
    path(f"{_PHASE}<uuid:phase_id>/de-xuat/", phases.propose, name="propose-decision"),
    path(f"{_PHASE}<uuid:phase_id>/buoc/<slug:step>/", phases.take_step, name="phase-step"),
    path("mang-luoi/chuong-trinh/quyet-dinh/<uuid:decision_id>/<slug:step>/", phases.settle, name="settle-decision"),
    path(_OPERATOR, operators.operator_list, name="operators"),
    path(f"{_OPERATOR}moi/", operators.enter, name="enter-operator"),
    path(f"{_OPERATOR}<uuid:entry_id>/", operators.operator, name="operator"),
    path(f"{_OPERATOR}<uuid:entry_id>/thoa-thuan/", operators.keep_agreement, name="operator-agreement"),
    path(f"{_OPERATOR}<uuid:entry_id>/bang-chung/", operators.record_evidence, name="operator-evidence"),
    path(f"{_OPERATOR}<uuid:entry_id>/uy-quyen/", operators.delegate, name="delegate-task"),
    path(f"{_OPERATOR}<uuid:entry_id>/buoc/<slug:step>/", operators.take_step, name="operator-step"),
    path(f"{_OPERATOR}thoa-thuan/<uuid:agreement_id>/cham-dut/", operators.give_notice, name="agreement-notice"),
    path(f"{_OPERATOR}uy-quyen/<uuid:delegation_id>/ket-thuc/", operators.end_delegation, name="end-delegation"),
]
