"""Where intake's screens are."""

from django.urls import include, path

from intake.messages.urls import URLS as MESSAGES
from intake.views import (
    authority,
    board,
    centre,
    counter,
    drafts,
    first_time,
    nearest,
    opinions,
    papers,
    place_entries,
    questions,
    receipt,
    scans,
    search,
    take,
    take_citizen,
    why,
)

OUTLET = [
    path("quay/", counter.counter, name="counter"),
    path("quay/chuyen/", counter.forward, name="forward"),
    path("quay/thu-tuc/", counter.procedure_offers, name="procedures"),
    path("quay/dia-danh/", place_entries.place_offers, name="places"),
    path("quay/ho-so-moi/", take.take, name="take"),
    path("quay/ban-nhap/", drafts.keep, name="keep-draft"),
    path("quay/ban-nhap/<uuid:dossier_id>/phieu-hen.pdf", drafts.come_back_slip, name="come-back-slip"),
    path("quay/dung-ngay-lan-dau/", first_time.first_time, name="first-time"),
    path("quay/ho-so-moi/nguoi-dan/", take_citizen.citizen, name="take-citizen"),
    path("quay/phien/ket-thuc/", take_citizen.end_session, name="end-session"),
    path("quay/nguoi-dan/<uuid:citizen_id>/so-dinh-danh/", take_citizen.reveal, name="reveal"),
    path("quay/ho-so/<uuid:dossier_id>/", receipt.dossier, name="dossier"),
    path("quay/ho-so/<uuid:dossier_id>/bo-sung/", receipt.answer_supplement, name="answer-supplement"),
    path("quay/ho-so/<uuid:dossier_id>/thu-tien/", receipt.take_money, name="take-money"),
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
    path("trung-tam/tham-quyen/", questions.competence, name="competence"),
    path("trung-tam/tham-quyen/<uuid:question_id>/nguoi-tra-loi/", questions.own, name="own-question"),
    path("trung-tam/tien-le/<uuid:precedent_id>/", questions.precedent, name="precedent"),
    path("trung-tam/y-kien/hoi/", opinions.ask, name="ask-opinion"),
    path("y-kien/<uuid:opinion_id>/", opinions.opinion, name="opinion"),
    path("y-kien/<uuid:opinion_id>/phieu.pdf", opinions.letter, name="opinion-letter"),
    path("y-kien/<uuid:opinion_id>/giay-to/<uuid:document_id>/", opinions.paper, name="opinion-paper"),
    path("y-kien/<uuid:opinion_id>/tra-loi/<int:addressee_id>/", opinions.answer, name="answer-opinion"),
    path("y-kien/<uuid:opinion_id>/ket-luan/", opinions.conclude, name="conclude-opinion"),
    path("y-kien/<uuid:opinion_id>/rut/", opinions.take_back, name="take-back-opinion"),
    path("ho-so/<uuid:dossier_id>/y-kien/", opinions.panel, name="opinions-panel"),
    path("ho-so/<uuid:dossier_id>/vi-sao/", why.why, name="why"),
    path("vi-sao/", why.finder, name="why-finder"),
    path("giay-to/<uuid:document_id>/", scans.scan, name="scan"),
    path("giay-to/<uuid:document_id>/goc/", scans.original, name="scan-original"),
    path("giay-to/<uuid:document_id>/trang/<int:number>/", scans.page_picture, name="scan-page"),
    path("tinh-hinh/", board.board, name="board"),
]

urlpatterns = [
    path("tim/", search.search, name="search"),
    path("", include((OUTLET + CENTRE + MESSAGES, "intake"))),
]
