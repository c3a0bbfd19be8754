"""The JSON of the service's objects; tests hold it against the types of Stripe's own library."""

import secrets
from typing import Any, Final

API_VERSION: Final = "2026-10-28.endive"

type Told = dict[str, Any]


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


def session(asked: Told, *, amount: int, address: str, now: int, expires_at: int) -> Told:
    own = new_id("cs_test")
    return {
        "id": own, "object": "checkout.session", "amount_subtotal": amount, "amount_total": amount,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": asked.get("cancel_url"), "client_reference_id": asked.get("client_reference_id"), "created": now,
        "currency": "vnd", "custom_fields": [],
        "custom_text": {"after_submit": None, "shipping_address": None, "submit": None,
                        "terms_of_service_acceptance": None},
        "customer": None, "customer_details": None, "customer_email": None, "expires_at": expires_at,
        "livemode": False, "locale": asked.get("locale"), "metadata": {}, "mode": "payment", "payment_intent": None,
        "payment_method_types": ["card"], "payment_status": "unpaid", "shipping_options": [], "status": "open",
        "success_url": asked.get("success_url"), "url": f"{address}/c/pay/{own}"}


def payment_intent(*, amount: int, metadata: dict[str, str], description: str | None, now: int) -> Told:
    own = new_id("pi")
    return {
        "id": own, "object": "payment_intent", "amount": amount, "amount_capturable": 0, "amount_received": 0,
        "canceled_at": None, "cancellation_reason": None, "capture_method": "automatic_async",
        "client_secret": f"{own}_secret_{secrets.token_hex(8)}", "confirmation_method": "automatic", "created": now,
        "currency": "vnd", "customer": None, "description": description, "last_payment_error": None,
        "latest_charge": None, "livemode": False, "metadata": metadata, "next_action": None, "payment_method": None,
        "payment_method_types": ["card"], "receipt_email": None, "status": "requires_payment_method",
        "transfer_group": None}


def charge(intent: Told, *, card: Told, now: int, failure: str = "") -> Told:
    is_paid = not failure
    return {
        "id": new_id("ch"), "object": "charge", "amount": intent["amount"],
        "amount_captured": intent["amount"] if is_paid else 0, "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": {"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        "captured": is_paid, "created": now, "currency": "vnd", "customer": None, "description": intent["description"],
        "disputed": False, "failure_code": failure or None, "failure_message": "Your card was declined." if failure
        else None, "livemode": False, "metadata": intent["metadata"], "paid": is_paid, "payment_intent": intent["id"],
        "payment_method": new_id("pm"), "payment_method_details": {"type": "card", "card": card},
        "receipt_email": None, "receipt_number": None, "receipt_url": None, "refunded": False,
        "status": "succeeded" if is_paid else "failed", "transfer_group": None}


def refund(paid: Told, *, amount: int, asked: Told, metadata: dict[str, str], status: str, now: int) -> Told:
    told = {
        "id": new_id("re"), "object": "refund", "amount": amount, "balance_transaction": None,
        "charge": paid["id"], "created": now, "currency": "vnd", "metadata": metadata,
        "payment_intent": paid["payment_intent"], "reason": asked.get("reason"), "receipt_number": None,
        "status": status}
    return told | ({"failure_reason": "expired_or_canceled_card"} if status == "failed" else {})


def transfer(asked: Told, *, amount: int, metadata: dict[str, str], now: int) -> Told:
    own = new_id("tr")
    return {
        "id": own, "object": "transfer", "amount": amount, "amount_reversed": 0, "balance_transaction": None,
        "created": now, "currency": "vnd", "description": asked.get("description"),
        "destination": asked["destination"], "destination_payment": new_id("py"), "livemode": False,
        "metadata": metadata,
        "reversals": {"object": "list", "data": [], "has_more": False, "url": f"/v1/transfers/{own}/reversals"},
        "reversed": False, "source_transaction": None, "source_type": "card",
        "transfer_group": asked.get("transfer_group")}


def reversal(of: Told, *, amount: int, metadata: dict[str, str], now: int) -> Told:
    return {
        "id": new_id("trr"), "object": "transfer_reversal", "amount": amount, "balance_transaction": None,
        "created": now, "currency": "vnd", "destination_payment_refund": None, "metadata": metadata,
        "source_refund": None, "transfer": of["id"]}


def balance_line(kind: str, source: str, *, amount: int, fee: int, now: int, category: str) -> Told:
    details = [{"amount": fee, "application": None, "currency": "vnd", "description": "Processing fees",
                "type": "stripe_fee"}] if fee else []
    return {
        "id": new_id("txn"), "object": "balance_transaction", "amount": amount, "available_on": now,
        "balance_type": "payments", "created": now, "currency": "vnd", "description": None, "exchange_rate": None,
        "fee": fee, "fee_details": details, "net": amount - fee, "reporting_category": category, "source": source,
        "status": "available", "type": kind}


_EVIDENCE: Final = (
    "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
    "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
    "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
    "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address", "shipping_carrier",
    "shipping_date", "shipping_documentation", "shipping_tracking_number", "uncategorized_file", "uncategorized_text")
ANSWER_SECONDS: Final = 9 * 86_400


def dispute(paid: Told, *, amount: int, reason: str, is_inquiry: bool, now: int) -> Told:
    card = paid["payment_method_details"]["card"]
    return {
        "id": new_id("du"), "object": "dispute", "amount": amount, "balance_transactions": [], "charge": paid["id"],
        "created": now, "currency": "vnd", "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys(_EVIDENCE) | {"enhanced_evidence": {}},
        "evidence_details": {"due_by": now + ANSWER_SECONDS, "enhanced_eligibility": {}, "has_evidence": False,
                             "past_due": False, "submission_count": 0, "submission_method": "not_submitted"},
        "is_charge_refundable": is_inquiry, "livemode": False, "metadata": {}, "network_reason_code": "10.4",
        "payment_intent": paid["payment_intent"],
        "payment_method_details": {"type": "card", "card": {
            "brand": card["brand"], "case_type": "inquiry" if is_inquiry else "chargeback", "network": card["brand"],
            "network_reason_code": "10.4"}},
        "reason": reason, "status": "warning_needs_response" if is_inquiry else "needs_response"}


def account(asked: Told, *, metadata: dict[str, str], now: int) -> Told:
    return {
        "id": new_id("acct"), "object": "account", "business_type": None, "capabilities": {"transfers": "inactive"},
        "charges_enabled": False, "country": asked.get("country", "VN"), "created": now, "default_currency": "vnd",
        "details_submitted": False, "email": asked.get("email"), "metadata": metadata, "payouts_enabled": False,
        "requirements": requirements(["external_account", "tos_acceptance.date"], "requirements.past_due"),
        "type": asked.get("type", "express")}


def requirements(due: list[str], reason: str | None) -> Told:
    return {"alternatives": [], "current_deadline": None, "currently_due": due, "disabled_reason": reason,
            "errors": [], "eventually_due": due, "past_due": due, "pending_verification": []}


def account_link(account_id: str, *, address: str, now: int) -> Told:
    return {"object": "account_link", "created": now, "expires_at": now + 300,
            "url": f"{address}/connect/{account_id}"}


def event(kind: str, about: Told, *, now: int, key: str = "") -> Told:
    return {
        "id": new_id("evt"), "object": "event", "api_version": API_VERSION, "created": now,
        "data": {"object": about}, "livemode": False, "pending_webhooks": 1,
        "request": {"id": new_id("req"), "idempotency_key": key or None}, "type": kind}


def listed(found: list[Told], url: str, *, has_more: bool) -> Told:
    return {"object": "list", "data": found, "has_more": has_more, "url": url}
