"""What the portal is told, as its contract names it. The citizen's name is all that is personal: no number, address or
phone goes out, and nothing of it is logged.
"""

from collections.abc import Mapping
from typing import Any, Final

from intake.portal.models import PortalLane, PortalUpdate
from intake.portal.rules import CHANNELS, portal_time
from intake.rules.state_words import step_words

A_CITIZEN: Final = 0
"""LoaiDoiTuong: 0 citizen, 1 enterprise, 2 household business."""
ELECTRONIC_COPY: Final = 2


def submission(dossier: Any, lane: PortalLane) -> Mapping[str, object]:
    """NopHoSo. `dossier` comes with procedure, citizen, outlet and receiving centre."""
    return {
        "MaHoSo": lane.portal_code, "MaHoSoDonVi": dossier.code or dossier.agent_ref,
        "MaTTHC": dossier.procedure_code, "MaDichVuCong": dossier.procedure_code,
        "ChuHoSo": dossier.citizen.full_name, "LoaiDoiTuong": A_CITIZEN,
        "MaDonViTiepNhan": dossier.receiving_centre.agency_code if dossier.receiving_centre else "",
        "KenhTiepNhan": CHANNELS.get(dossier.channel, 1), "NgayNop": portal_time(dossier.submitted_at),
        "NgayTiepNhan": portal_time(dossier.received_at), "ThanhPhanHoSo": _components(dossier, lane),
        "ThongTinNguoiNop": {"HoTen": dossier.citizen.full_name,
                             "DiemHoTro": dossier.outlet.code if dossier.outlet else ""},
    }


def _components(dossier: Any, lane: PortalLane) -> list[Mapping[str, object]]:
    """Each published paper that a file was uploaded for."""
    from intake.models.documents import Document  # the models of intake gather the portal's

    by_component: dict[str, list[str]] = {}
    for document in Document.objects.filter(dossier_id=dossier.id, id__in=list(lane.files)).order_by("id"):
        by_component.setdefault(document.component, []).append(lane.files[str(document.id)])
    names = {paper["code"]: paper["name_vi"] for paper in dossier.procedure.documents}
    return [{"MaThanhPhan": code, "TenThanhPhan": names.get(code, code), "MaTep": files, "LoaiBan": ELECTRONIC_COPY}
            for code, files in by_component.items()]


def progress(dossier: Any, lane: PortalLane, update: PortalUpdate) -> Mapping[str, object]:
    """CapNhatTienTrinh. What is said is the step in plain words; an officer's notes stay here."""
    centre = dossier.authority_centre or dossier.receiving_centre
    return {
        "MaHoSo": lane.portal_code, "MaTienTrinh": str(update.step_id), "NguoiXuLy": update.officer_name,
        "ThoiDiemXuLy": portal_time(update.happened_at), "PhongBanXuLy": centre.authority_name if centre else "",
        "NoiDungXuLy": step_words(update.action).vi, "TrangThai": update.to_status,
        "NgayBatDau": portal_time(dossier.clock_started_at or dossier.received_at),
        "NgayKetThucTheoQuyDinh": portal_time(update.due_at),
    }


def status(lane: PortalLane, update: PortalUpdate) -> Mapping[str, object]:
    """CapNhatTrangThai."""
    return {"MaHoSo": lane.portal_code, "TrangThai": update.to_status, "ThoiDiem": portal_time(update.happened_at)}
