"""Where billing's screens are."""

from django.urls import include, path, re_path

from billing.budget import views as budget
from billing.cards import public_views as card_pages
from billing.cards import views as cards
from billing.disputes import views as disputes
from billing.known_errors import views as known_errors
from billing.outlet_money import days
from billing.outlet_money import views as money
from billing.payments import bank_views
from billing.payments import views as payments
from billing.payouts import account_views as payees
from billing.payouts import views as payouts
from billing.pictures import views as pictures
from billing.redress import letters
from billing.rule_book import views as rule_book
from billing.support import views as support
from billing.take_backs import views as take_backs
from billing.views import books, claims, exports, month, settling
from billing.waiting import views as waiting
from billing.what_if import views as what_if

FINANCE = [
    path("tai-chinh/", month.month, name="month"),
    path("tai-chinh/dong/<uuid:line_id>/", month.line, name="line"),
    path("tai-chinh/dong/<uuid:line_id>/dao/", take_backs.ask, name="take-back-ask"),
    path("tai-chinh/dong/<uuid:line_id>/giai-thich.pdf", month.line_paper, name="line-paper"),
    path("tai-chinh/bang-ke/<uuid:statement_id>/lap/", month.prepare, name="prepare"),
    re_path(r"^tai-chinh/bang-ke/(?P<statement_id>[0-9a-f-]{36})/tep\.(?P<kind>csv|xlsx)$", month.download,
            name="download"),
]

RULES = [
    path("tai-chinh/quy-dinh/", rule_book.rules, name="rules"),
    path("tai-chinh/quy-dinh/ban-soan/<uuid:draft_id>/", rule_book.draft_page, name="rule-draft"),
    path("tai-chinh/quy-dinh/ban-soan/<uuid:draft_id>/sua/", rule_book.edit_draft, name="rule-edit"),
    path("tai-chinh/quy-dinh/ban-soan/<uuid:draft_id>/buoc/", rule_book.draft_step, name="rule-step"),
    path("tai-chinh/quy-dinh/thu/", what_if.scenario_list, name="scenarios"),
    path("tai-chinh/quy-dinh/thu/<uuid:scenario_id>/", what_if.scenario, name="scenario"),
    path("tai-chinh/quy-dinh/thu/<uuid:scenario_id>/bo/", what_if.drop, name="scenario-drop"),
    path("tai-chinh/quy-dinh/<slug:kind>/moi/", rule_book.new_draft, name="rule-new"),
    path("tai-chinh/quy-dinh/<slug:kind>/<slug:address>/", rule_book.version, name="rule-version"),
    path("tai-chinh/ngan-sach/", budget.budget, name="budget"),
]

DISPUTES = [
    path("tien/", money.today, name="money"),
    path("tien/thang/", money.month, name="money-month"),
    path("tien/thang/tra-loi/", money.answer, name="money-answer"),
    path("tien/thang/tep.csv", money.download, name="money-download"),
    path("dong/<uuid:line_id>/", money.line, name="evidence"),
    path("tranh-chap/", disputes.dispute_list, name="disputes"),
    path("tranh-chap/moi/", disputes.new_dispute, name="dispute-new"),
    path("tranh-chap/neu/", disputes.raise_dispute, name="dispute-raise"),
    path("tranh-chap/so-lieu/", disputes.dispute_figures, name="dispute-figures"),
    path("tranh-chap/tep/<uuid:file_id>/", disputes.dispute_file, name="dispute-file"),
    path("tranh-chap/<uuid:dispute_id>/", disputes.dispute, name="dispute"),
    path("tranh-chap/<uuid:dispute_id>/<slug:step>/", disputes.dispute_step, name="dispute-step"),
    path("dao-dong/", take_backs.take_backs, name="take-backs"),
    path("dao-dong/<uuid:take_back_id>/<slug:name>/", take_backs.step, name="take-back-step"),
    path("thu-xin-loi/<uuid:redress_id>.pdf", letters.letter, name="redress-letter"),
    path("loi-da-biet/", known_errors.error_list, name="known-errors"),
    path("loi-da-biet/moi/", known_errors.register_error, name="register-error"),
    path("loi-da-biet/<uuid:error_id>/", known_errors.error, name="known-error"),
    path("loi-da-biet/<uuid:error_id>/<slug:step>/", known_errors.error_step, name="known-error-step"),
    path("tai-chinh/hinh/", pictures.pictures, name="pictures"),
]

PAYMENTS = [
    path("quay/ca/", payments.shifts, name="shifts"),
    path("quay/ca/mo/", payments.open_shift, name="open-shift"),
    path("quay/ca/<uuid:shift_id>/", payments.shift, name="one-shift"),
    path("quay/ca/<uuid:shift_id>/nop/", payments.hand_in, name="hand-in"),
    path("quay/ca/<uuid:shift_id>/dem/", payments.close_shift, name="close-shift"),
    path("quay/ca/<uuid:shift_id>/tra-loi/", payments.answer, name="answer-shift"),
    path("quay/ca/<uuid:shift_id>/chot-ca.pdf", payments.shift_paper, name="shift-paper"),
    path("quay/ca/<uuid:shift_id>/chot-ca.json", payments.shift_file, name="shift-file"),
    path("thu-ho/", bank_views.collecting, name="collecting"),
    path("thu-ho/tai-khoan/", bank_views.enter_account, name="enter-account"),
    path("thu-ho/tai-khoan/<uuid:account_id>/duyet/", bank_views.approve_account, name="approve-account"),
    path("thu-ho/tai-khoan/<uuid:account_id>/sao-ke/", bank_views.read_statement, name="read-statement"),
    path("thu-ho/dong/<uuid:line_id>/", bank_views.settle_line, name="settle-line"),
]

PAYOUTS = [
    path("chi-tra/", payouts.payouts, name="payouts"),
    path("chi-tra/lo/", payouts.make_batch, name="make-batch"),
    path("chi-tra/lo/<uuid:batch_id>/", payouts.batch, name="payout-batch"),
    path("chi-tra/lo/<uuid:batch_id>/tep.csv", payouts.batch_file, name="payout-file"),
    path("chi-tra/lo/<uuid:batch_id>/<slug:step>/", payouts.batch_step, name="batch-step"),
    path("chi-tra/sao-ke/", payouts.read_bank, name="read-paying-account"),
    path("chi-tra/sao-ke/<uuid:line_id>/", payouts.settle_line, name="settle-paying-line"),
    path("chi-tra/rut-lai/<uuid:reversal_id>/", payouts.name_reversal, name="name-reversal"),
    path("chi-tra/khoan/<uuid:payout_id>/chi-lai/", payouts.reissue, name="reissue"),
    path("chi-tra/tai-khoan/", payees.payees, name="payees"),
    path("chi-tra/tai-khoan/moi/", payees.enter_payee, name="enter-payee"),
    path("chi-tra/tai-khoan/<uuid:account_id>/", payees.decide_payee, name="decide-payee"),
]

CLAIMS = [
    path("tai-chinh/doi-soat/", claims.claims, name="claims"),
    path("tai-chinh/doi-soat/<uuid:claim_id>/", claims.claim, name="claim"),
    path("tai-chinh/doi-soat/<uuid:claim_id>/dong/<int:line_id>/", claims.claim_line, name="claim-line"),
    path("tai-chinh/viec/", waiting.work, name="open-work"),
    path("tai-chinh/tep/", exports.exports, name="exports"),
    path("tai-chinh/tep/<uuid:export_id>/", exports.export_file, name="export-file"),
    path("tai-chinh/doi-soat/<uuid:claim_id>/buoc/", claims.claim_step, name="claim-step"),
    path("tai-chinh/doi-soat/<uuid:claim_id>/ket-luan/", claims.decide, name="claim-decide"),
    path("tai-chinh/bang-ke/<uuid:statement_id>/quyet-toan/", settling.settlement, name="settlement"),
    path("tai-chinh/bang-ke/<uuid:statement_id>/bien-ban.pdf", settling.minutes, name="minutes"),
    path("doi-soat/goi-lai/", settling.calls, name="calls"),
]

BOOKS = [
    path("tai-chinh/so/", books.books, name="books"),
    path("tai-chinh/so/soat/", books.look, name="books-look"),
    path("tai-chinh/bang-ke/<uuid:statement_id>/niem-phong.jsonl", books.sealed, name="sealed-export"),
    path("moc-niem-phong/", books.public_checkpoints, name="public-checkpoints"),
    path("moc-niem-phong/tep.jsonl", books.public_file, name="public-checkpoints-file"),
    path("moc-niem-phong/wardpost-verify.py", books.verifier, name="offline-verifier"),
    path("tien/ngay/", days.days, name="money-days"),
    path("tien/ngay/thang.zip", days.month_file, name="money-days-file"),
    path("tien/ngay/<uuid:day_id>.json", days.day, name="money-day"),
]

CARDS = [
    path("nop-tien/<slug:reference>/", card_pages.pay_by_card, name="pay-by-card"),
    path("doi-soat/the/", cards.cards, name="cards"),
    path("doi-soat/the/<uuid:payment_id>/", cards.payment, name="card-payment"),
    path("doi-soat/the/tranh-chap/<uuid:dispute_id>/", cards.answer, name="card-dispute"),
    path("doi-soat/the/<uuid:payment_id>/hoan/", cards.refund, name="card-refund"),
    path("doi-soat/the/<uuid:payment_id>/nhan/", cards.accept, name="card-accept"),
    path("doi-soat/the/hoan/<uuid:refund_id>/", cards.decide, name="card-decide"),
    path("doi-soat/the/hoan/<uuid:refund_id>/cach-khac/", cards.give_otherwise, name="card-give-otherwise"),
]

SUPPORT = [
    path("ho-tro-so/", support.accesses, name="support"),
    path("ho-tro-so/<uuid:access_id>/", support.month, name="support-month"),
    path("ho-tro-so/<uuid:access_id>/dong/<uuid:line_id>/", support.line, name="support-line"),
    path("ho-tro-so/<uuid:access_id>/<slug:name>/", support.step, name="support-step"),
]

urlpatterns = [
    path("", include(([*FINANCE, *CLAIMS, *RULES, *DISPUTES, *PAYMENTS, *PAYOUTS, *BOOKS, *CARDS, *SUPPORT],
                      "billing"))),
]
