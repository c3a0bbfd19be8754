"""Where bags, originals and receipts are."""

from django.urls import path

from intake.views import bags, delivery_address, hand_over, originals, receipt_numbers, receipts, sent_papers

URLS = [
    path("quay/ban-giao/", hand_over.hand_over, name="hand-over"),
    path("quay/ban-giao/quet/", hand_over.scan_out, name="scan-out"),
    path("quay/ban-giao/<uuid:manifest_id>/", hand_over.bag, name="bag"),
    path("quay/ban-giao/<uuid:manifest_id>/lay-ra/", hand_over.take_out, name="take-out"),
    path("quay/ban-giao/<uuid:manifest_id>/niem-phong/", hand_over.seal, name="seal-bag"),
    path("quay/ban-giao/<uuid:manifest_id>/giao-van-chuyen/", hand_over.pick_up, name="pick-up-bag"),
    path("bang-ke/<uuid:manifest_id>/bien-ban.pdf", hand_over.minutes, name="bag-minutes"),
    path("chenh-lech/<uuid:difference_id>/", hand_over.settle, name="settle-difference"),
    path("trung-tam/bang-ke/", bags.bags, name="bags"),
    path("trung-tam/bang-ke/<uuid:manifest_id>/", bags.count_bag, name="count-bag"),
    path("trung-tam/bang-ke/<uuid:manifest_id>/tiep-nhan/", bags.receive_bag, name="receive-bag"),
    path("ho-so/<uuid:dossier_id>/dia-chi/", delivery_address.delivery_address, name="delivery-address"),
    path("ho-so/<uuid:dossier_id>/giay-to/", sent_papers.sent_papers, name="sent-papers"),
    path("ho-so/<uuid:dossier_id>/ban-chinh/", originals.of_dossier, name="originals"),
    path("ho-so/<uuid:dossier_id>/ban-chinh/nhan/", originals.take, name="take-original"),
    path("ho-so/<uuid:dossier_id>/ban-chinh/ghi/", originals.describe, name="describe-original"),
    path("ho-so/<uuid:dossier_id>/ban-chinh/tra/", originals.give_back, name="give-back"),
    path("ho-so/<uuid:dossier_id>/ban-chinh/thu-lai/", originals.receive_collected, name="receive-collected"),
    path("ho-so/<uuid:dossier_id>/ban-chinh/luu/", originals.keep, name="keep-original"),
    path("quay/bien-lai/", receipts.receipts, name="receipts"),
    path("quay/bien-lai/viet-tay/", receipts.enter_sheet, name="enter-sheet"),
    path("quay/bien-lai/<uuid:receipt_id>/", receipts.receipt, name="fee-receipt"),
    path("quay/bien-lai/<uuid:receipt_id>/khop/", receipts.match_sheet, name="match-sheet"),
    path("bien-lai/<uuid:receipt_id>.pdf", receipts.receipt_paper, name="fee-receipt-paper"),
    path("mang-luoi/bien-lai/", receipt_numbers.numbers, name="receipt-numbers"),
    path("mang-luoi/bien-lai/uy-nhiem/", receipt_numbers.record, name="record-delegation"),
    path("mang-luoi/bien-lai/<uuid:delegation_id>/cong-bo/", receipt_numbers.publish, name="publish-delegation"),
    path("mang-luoi/bien-lai/<uuid:delegation_id>/cham-dut/", receipt_numbers.end, name="end-delegation"),
    path("mang-luoi/bien-lai/<uuid:delegation_id>/day-so/", receipt_numbers.open_series, name="open-series"),
    path("mang-luoi/bien-lai/day-so/<uuid:series_id>/cap/", receipt_numbers.allot, name="allot-range"),
]
