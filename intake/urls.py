"""Where intake's screens are."""

from django.urls import include, path

from intake.views import authority, board, centre, nearest, papers, scans

OUTLET = [
    path("ho-so/<uuid:dossier_id>/giay-tiep-nhan.pdf", papers.receipt, name="receipt"),
    path("ho-so/<uuid:dossier_id>/phieu-gui.pdf", papers.slip, name="slip"),
    path("diem-gan-nhat/", nearest.nearest, name="nearest"),
]

CENTRE = [
    path("trung-tam/", centre.inbox, name="inbox"),
    path("trung-tam/tiep-nhan/", centre.receive_chosen, name="receive-chosen"),
    path("trung-tam/ho-so/<uuid:dossier_id>/", centre.desk, name="desk"),
    path("trung-tam/ho-so/<uuid:dossier_id>/quyet-dinh/<slug:act_code>/", centre.decide, name="decide"),
    path("trung-tam/ho-so/<uuid:dossier_id>/phieu-tu-choi.pdf", centre.refusal_paper, name="refusal-paper"),
    path("trung-tam/phieu-bo-sung/<uuid:request_id>.pdf", centre.supplement_paper, name="supplement-paper"),
    path("trung-tam/tham-quyen/<uuid:question_id>/", authority.answer, name="authority"),
    path("giay-to/<uuid:document_id>/", scans.scan, name="scan"),
    path("tinh-hinh/", board.board, name="board"),
]

urlpatterns = [
    path("", include((OUTLET + CENTRE, "intake"))),
]
