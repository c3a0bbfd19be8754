"""The card payments' page, and the citizen's: who sees what, what is said at each step, in a few queries."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from billing.cards import asking
from billing.cards.books import dispute_id, movement_id
from billing.cards.models import CardDispute, CardMovement, CardPayment, CardRefund
from billing.models.ledger import Charge
from billing.payments.models import Collection
from billing.payments.records import Due, Till
from shared.actors import Actor, ActorKind
from shared.money import Money
from shared.roles import Role
from tests.billing.people import operator, person, signed_in
from tests.billing.rates import load_rates

pytestmark = pytest.mark.django_db
CLERK = Actor(ActorKind.PERSON, str(uuid4()), "Lê Thị Hoa")


@pytest.fixture
def asked(settings):
    load_rates()
    settings.WARDPOST_STRIPE_KEY = "sk_test_of_the_tests"
    at = timezone.now()

    def one(amount=300_000, of=None):
        till = Till(uuid4(), (of or operator()).id, (of or operator()).code, "01")
        info = asking.ask_card(due=Due("dossier", uuid4(), Money(0), Money(amount)), till=till, by=CLERK, at=at)
        return CardPayment.objects.get(collection_id=info.id)

    return one


def paid(payment, verdict="pays"):
    now = timezone.now()
    Collection.objects.filter(id=payment.collection_id).update(
        state="paid" if verdict == "pays" else "cancelled", paid_at=now)
    CardPayment.objects.filter(id=payment.id).update(
        state="paid", page_ref=f"cs_{payment.id}", payment_ref=f"pi_{payment.id}", paid_at=now, verdict=verdict,
        received=Money(300_000), brand="visa", last_four="4242")
    return payment


@pytest.fixture
def headquarters(client):
    return signed_in(client, Role.OPERATOR_HQ, operator=operator())


def test_a_months_page_shows_what_waits_first_in_constant_queries(headquarters, asked, django_assert_max_num_queries):
    for verdict in ("pays", "late", "pays"):
        paid(asked(), verdict)
    paid(asked(of=operator("VTPOST")))
    with django_assert_max_num_queries(22):
        page = headquarters.get("/doi-soat/the/")
    rows = page.context["card_month"].rows
    assert [row.is_exception for row in rows] == [True, False, False]
    assert page.context["card_month"].came == Money(900_000)
    asked()
    with django_assert_max_num_queries(22):
        assert len(headquarters.get("/doi-soat/the/").context["card_month"].rows) == 4
    assert "Words(" not in headquarters.get("/doi-soat/the/").content.decode()


def test_a_refund_above_the_limit_is_decided_by_a_colleague_on_the_page(headquarters, client, asked):
    payment = paid(asked())
    address = f"/doi-soat/the/{payment.id}/hoan/"
    refused = headquarters.post(address, {"why": "x"})
    assert refused.status_code == 422
    assert headquarters.post(address, {"why": "Hồ sơ bị từ chối"}).status_code == 302
    refund = CardRefund.objects.get()
    assert (refund.state, refund.amount) == ("asked", Money(300_000))
    decision = f"/doi-soat/the/hoan/{refund.id}/"
    assert headquarters.post(decision, {"decision": "approve"}).status_code == 422
    client.force_login(person(Role.OPERATOR_HQ, operator=operator()), backend="agents.backends.StaffBackend")
    assert client.post(decision, {"decision": "approve"}).status_code == 302
    refund.refresh_from_db()
    assert refund.state == "approved"


def test_a_late_payment_is_taken_with_a_reason(headquarters, asked):
    payment = paid(asked(), "late")
    headquarters.post(f"/doi-soat/the/{payment.id}/nhan/", {"why": "Người dân trả lúc vừa hủy"})
    payment.refresh_from_db()
    assert payment.settlement == "Người dân trả lúc vừa hủy"
    assert Collection.objects.get().state == "paid"


def test_another_operator_cannot_touch_it(client, asked):
    payment = paid(asked())
    other = signed_in(client, Role.OPERATOR_HQ, operator=operator("VTPOST"))
    for step in ("hoan", "nhan"):
        assert other.post(f"/doi-soat/the/{payment.id}/{step}/", {"why": "không phải của tôi"}).status_code == 404


@pytest.mark.parametrize(("state", "words"), [
    ("asked", "đang mở trang"), ("open", "Sang trang trả thẻ"), ("paid", "Đã trả."), ("ended", "không còn nhận tiền")])
def test_the_citizens_page_says_how_far_it_is_and_not_whose_it_is(client, asked, state, words):
    payment = asked()
    if state == "paid":
        paid(payment)
    else:
        CardPayment.objects.filter(id=payment.id).update(state=state, page_ref="cs_1", page_url="https://pay.example/1")
    reference = Collection.objects.get().reference
    page = client.get(f"/nop-tien/{reference}/")
    assert words in page.content.decode()
    assert CLERK.name not in page.content.decode()
    part = client.get(f"/nop-tien/{reference}/?xong=1", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert ("Đang xác nhận" in part.content.decode()) is (state == "open")


def test_an_unknown_reference_is_not_found(client):
    assert client.get("/nop-tien/WP0000000000/").status_code == 404


def test_last_months_payments_stand_on_last_months_page(headquarters, asked):
    payment = paid(asked())
    Collection.objects.filter(id=payment.collection_id).update(asked_at=timezone.now() - timedelta(days=40))
    assert not headquarters.get("/doi-soat/the/").context["card_month"].rows


def test_a_payment_is_given_back_over_the_api_by_two_people(headquarters, client, asked):
    payment = paid(asked())
    shown = headquarters.get(f"/api/v1/card-payments/{payment.id}").json()
    assert (shown["payment"]["received_vnd"], shown["refunds"]) == (300_000, [])
    assert [each["id"] for each in headquarters.get("/api/v1/card-payments").json()["items"]] == [str(payment.id)]

    made = headquarters.post(f"/api/v1/card-payments/{payment.id}/refunds", {"why": "Hồ sơ bị từ chối"},
                             content_type="application/json")
    assert made.status_code == 201, made.content
    decision = f"/api/v1/card-refunds/{made.json()['id']}/decisions"
    assert headquarters.post(decision, {"approve": True}, content_type="application/json").status_code == 403

    client.force_login(person(Role.OPERATOR_HQ, operator=operator()), backend="agents.backends.StaffBackend")
    done = client.post(decision, {"approve": True}, content_type="application/json")

    assert (done.status_code, done.json()["state"]) == (200, "approved")
    client.force_login(person(Role.OPERATOR_HQ, operator=operator("VTPOST")), backend="agents.backends.StaffBackend")
    assert client.get(f"/api/v1/card-payments/{payment.id}").status_code == 404


def test_a_late_payment_is_taken_after_all_over_the_api(headquarters, asked):
    payment = paid(asked(), "late")

    told = headquarters.post(f"/api/v1/card-payments/{payment.id}/acceptances", {"why": "Người dân đã trả đủ"},
                             content_type="application/json")

    assert told.status_code == 200, told.content
    assert told.json()["payment"]["settlement"] == "Người dân đã trả đủ"


def disputed(payment):
    now = timezone.now()
    CardMovement.objects.create(
        id=movement_id(f"txn_{payment.id}"), payment=payment, line_ref=f"txn_{payment.id}", kind="payment",
        source_ref="ch_1", amount=Money(300_000), fee=Money(8_700), occurred_at=now, told_at=now)
    return CardDispute.objects.create(
        id=dispute_id(f"du_{payment.id}"), payment=payment, dispute_ref=f"du_{payment.id}", reason="fraudulent",
        amount=Money(300_000), opened_at=now, answer_by=now + timedelta(days=9))


def test_a_payments_page_says_what_came_of_it_and_takes_an_answer_for_the_bank(headquarters, asked,
                                                                               django_assert_max_num_queries):
    dispute = disputed(paid(asked()))
    first = headquarters.get("/doi-soat/the/")
    assert first.context["card_month"].open_items == 1
    assert first.context["both"].service == Money(291_300)
    address = f"/doi-soat/the/{dispute.payment_id}/"
    with django_assert_max_num_queries(16):
        page = headquarters.get(address).content.decode()
    assert "Chủ thẻ nói không phải mình trả" in page
    assert "8.700" in page
    answer = f"/doi-soat/the/tranh-chap/{dispute.id}/"
    refused = headquarters.post(answer, {"answer": "contest", "words": "quá ngắn"})
    assert refused.status_code == 422
    assert "quá ngắn" in refused.content.decode()
    assert headquarters.post(answer, {"answer": "contest", "words": "Biên lai và biên bản trả kết quả đều có."}
                             ).status_code == 302
    dispute.refresh_from_db()
    assert (dispute.state, dispute.is_contested) == ("answered", True)


def test_an_answer_that_says_neither_contests_nothing_and_keeps_the_words(headquarters, asked):
    dispute = disputed(paid(asked()))
    words = "Biên lai và biên bản trả kết quả đều có."
    refused = headquarters.post(f"/doi-soat/the/tranh-chap/{dispute.id}/", {"words": words})
    assert refused.status_code == 422
    assert words in refused.content.decode()
    dispute.refresh_from_db()
    assert (dispute.state, dispute.is_contested) == ("open", None)


@pytest.mark.parametrize("step", ["dispute", "late", "otherwise"])
def test_what_moves_card_money_asks_who_is_at_the_keyboard(headquarters, asked, settings, time_machine, step):
    payment = paid(asked(), "late" if step == "late" else "pays")
    settings.WARDPOST_PROOF_MINUTES = 10
    time_machine.move_to(timezone.now() + timedelta(minutes=20), tick=False)
    addresses = {"late": (f"/doi-soat/the/{payment.id}/nhan/", f"card-payments/{payment.id}/acceptances", {
        "why": "Người dân trả lúc vừa hủy"})}
    if step == "dispute":
        own, words = disputed(payment).id, "Biên lai và biên bản trả kết quả đều có."
        addresses[step] = (f"/doi-soat/the/tranh-chap/{own}/", f"card-disputes/{own}/answers", {
            "answer": "contest", "words": words})
    if step == "otherwise":
        own = failed(payment).id
        addresses[step] = (f"/doi-soat/the/hoan/{own}/cach-khac/", f"card-refunds/{own}/other-ways", OTHERWISE)
    page, route, typed = addresses[step]
    body = {"contest": True, "words": typed["words"]} if step == "dispute" else typed
    asks = headquarters.post(page, typed)
    assert 'id="prove"' in asks.content.decode()
    told = headquarters.post(f"/api/v1/{route}", body, content_type="application/json")
    assert told.json()["code"] == "fresh-proof-needed"
    assert Charge.objects.count() == 0


OTHERWISE = {"way": "transfer", "reference": "UNC 0145", "proof": "Giấy báo nợ lưu ở phòng kế toán"}


def failed(payment):
    return CardRefund.objects.create(
        payment=payment, amount=Money(300_000), postage=Money(300_000), reason="Hồ sơ bị từ chối", state="failed",
        needs_second=False, asked_at=timezone.now(), asked_by=CLERK.id, asked_by_name=CLERK.name,
        ended_at=timezone.now(), failure="expired_or_canceled_card")


def test_a_refund_that_its_card_did_not_take_is_given_in_another_way_on_the_page(headquarters, client, asked):
    payment = paid(asked())
    refund = failed(payment)
    shown = headquarters.get(f"/doi-soat/the/{payment.id}/").content.decode()
    address = f"/doi-soat/the/hoan/{refund.id}/cach-khac/"
    assert address in shown
    refused = headquarters.post(address, OTHERWISE | {"reference": ""})
    assert refused.status_code == 422
    assert OTHERWISE["proof"] in refused.content.decode()
    assert headquarters.post(address, OTHERWISE).status_code == 302
    shown = headquarters.get(f"/doi-soat/the/{payment.id}/").content.decode()
    assert "UNC 0145" in shown
    assert address not in shown
    api = headquarters.get(f"/api/v1/card-payments/{payment.id}").json()["refunds"][0]
    assert (api["state"], api["other_way"], api["other_proof"]) == ("outside", "transfer", OTHERWISE["proof"])
    other = signed_in(client, Role.OPERATOR_HQ, operator=operator("VTPOST"))
    assert other.post(address, OTHERWISE).status_code == 404


def test_parts_are_typed_as_people_write_them_and_wrong_ones_stay_in_their_fields(headquarters, asked):
    payment = paid(asked())
    address = f"/doi-soat/the/{payment.id}/hoan/"
    for wrong in ("12k", "300.001", "-5"):
        refused = headquarters.post(address, {"fee": "", "postage": wrong, "why": "Thu nhầm cước"})
        assert refused.status_code == 422
        assert f'value="{wrong}"' in refused.content.decode()
    headquarters.post(address, {"fee": "0", "postage": "12.000 đ", "why": "Thu nhầm cước"})
    assert CardRefund.objects.get().postage == Money(12_000)


def test_disputes_are_read_and_answered_over_the_api(headquarters, client, asked):
    dispute = disputed(paid(asked()))
    listed = headquarters.get("/api/v1/card-disputes").json()["items"]
    assert [(each["id"], each["state"]) for each in listed] == [(str(dispute.id), "open")]
    shown = headquarters.get(f"/api/v1/card-payments/{dispute.payment_id}").json()
    assert [each["fee_vnd"] for each in shown["movements"]] == [8_700]
    told = headquarters.post(f"/api/v1/card-disputes/{dispute.id}/answers", {
        "contest": False, "words": "Điểm thu nhầm hai lần, chấp nhận."}, content_type="application/json")
    assert (told.status_code, told.json()["contested"]) == (200, False)
    assert headquarters.get("/api/v1/card-payments-balance").json()["by_card_service_vnd"] == 291_300
    other = signed_in(client, Role.OPERATOR_HQ, operator=operator("VTPOST"))
    assert other.get("/api/v1/card-disputes").json()["items"] == []
    assert other.post(f"/doi-soat/the/tranh-chap/{dispute.id}/", {"words": "x"}).status_code == 404
