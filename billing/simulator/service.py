"""What the service does: pages, payments, refunds, transfers, accounts; each change tells its event."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from billing.simulator import objects
from billing.simulator.asking import RefusedError, amount_in, meta_in, text_in
from billing.simulator.balance import booked, fee_of
from billing.simulator.faults import Faults
from billing.simulator.objects import Told
from billing.simulator.store import Message, Store

SMALLEST_VND: Final = 10_000
DAY_SECONDS: Final = 86_400
HALF_HOUR_SECONDS: Final = 1_800


@dataclass(slots=True)
class Service:
    """`address` is where browsers find its pages."""

    address: str
    store: Store = field(default_factory=Store)
    faults: Faults = field(default_factory=Faults)
    clock: Callable[[], float] = time.time
    key: str = ""
    """Idempotency key of the change that is being made; written into its events."""

    def __post_init__(self) -> None:
        """What outlived the process is found at its present address."""
        for page in self.store.all("checkout.session"):
            if page["status"] == "open":
                page["url"] = f"{self.address}/c/pay/{page['id']}"

    def now(self) -> int:
        return int(self.clock())

    def tell(self, kind: str, about: Told) -> None:
        """An event, and its message."""
        event = self.store.put(objects.event(kind, _copy(about), now=self.now(), key=self.key))
        self.store.messages.append(Message(event["id"], self.clock() + self.faults.delay_seconds))

    # --- Checkout ----------------------------------------------------------------------------------------------------

    def open_page(self, asked: Told) -> Told:
        lines = asked.get("line_items")
        if asked.get("mode") != "payment" or not isinstance(lines, dict) or len(lines) != 1:
            raise RefusedError("One line item of mode payment is understood here.", param="line_items")
        price = lines["0"]["price_data"] if isinstance(lines.get("0"), dict) else {}
        if price.get("currency") != "vnd":
            raise RefusedError("This account takes vnd only.", param="line_items[0][price_data][currency]")
        amount = amount_in(price, "unit_amount") * int(lines["0"].get("quantity", 1))
        if amount < SMALLEST_VND:
            raise RefusedError("The amount is below the smallest charge.", code="amount_too_small")
        now, expires_at = self.now(), int(asked.get("expires_at", self.now() + DAY_SECONDS))
        if not now + HALF_HOUR_SECONDS <= expires_at <= now + DAY_SECONDS:
            raise RefusedError("expires_at must lie between 30 minutes and 24 hours from now.", param="expires_at")
        text_in(asked, "success_url")
        page = objects.session(asked, amount=amount, address=self.address, now=now, expires_at=expires_at)
        page["metadata"] = meta_in(asked)
        about = asked.get("payment_intent_data") or {}
        page["_intent"] = {"metadata": meta_in(about), "description": about.get("description")}
        page["_name"] = str((price.get("product_data") or {}).get("name", ""))
        return self.store.put(page)

    def ripen(self) -> None:
        """End the pages whose time is over."""
        for page in self.store.all("checkout.session"):
            if page["status"] == "open" and page["expires_at"] <= self.now():
                self._end_page(page)

    def close_page(self, page: Told) -> Told:
        if page["status"] != "open":
            raise RefusedError(f"Only open sessions can be expired; this one is {page['status']}.")
        self._end_page(page)
        return page

    def _end_page(self, page: Told) -> None:
        page["status"], page["url"] = "expired", None
        self.tell("checkout.session.expired", page)

    # --- paying ------------------------------------------------------------------------------------------------------

    def try_card(self, page: Told, card: Told, *, failure: str, needs_step: bool) -> Told:
        """A card on the page: charged, declined, or asked for a step at its bank."""
        intent = self.store.get("payment_intent", str(page["payment_intent"])) or self.store.put(
            objects.payment_intent(amount=page["amount_total"], now=self.now(), **page["_intent"]))
        page["payment_intent"], intent["_card"] = intent["id"], card
        if needs_step:
            intent["status"], intent["next_action"] = "requires_action", {
                "type": "redirect_to_url",
                "redirect_to_url": {"return_url": None, "url": f"{page['url']}/3ds"}}
            self.tell("payment_intent.requires_action", intent)
            return intent
        return self.settle(page, intent, failure=failure)

    def settle(self, page: Told, intent: Told, *, failure: str) -> Told:
        """The bank has answered: paid, or declined and the page stays open."""
        made = self.store.put(objects.charge(intent, card=intent["_card"], now=self.now(), failure=failure))
        intent["next_action"], intent["latest_charge"] = None, made["id"]
        if failure:
            intent["status"] = "requires_payment_method"
            intent["last_payment_error"] = {"type": "card_error", "code": failure, "message": "Declined."}
            self.tell("payment_intent.payment_failed", intent)
            return intent
        intent.update(status="succeeded", amount_received=intent["amount"], last_payment_error=None,
                      payment_method=made["payment_method"])
        page.update(status="complete", payment_status="paid")
        self.tell("payment_intent.succeeded", intent)
        self.tell("charge.succeeded", made)
        self.tell("checkout.session.completed", page)
        if not self.faults.fees_late:
            self.book(made)
        return intent

    def book(self, charge: Told) -> Told:
        """The charge comes into the balance, and its fee is known."""
        if charge["balance_transaction"] is None:
            line = booked(self.store, "charge", charge["id"], amount=charge["amount"], fee=fee_of(charge["amount"]),
                          now=self.now())
            charge["balance_transaction"] = line["id"]
            self.tell("charge.updated", charge)
        return charge

    # --- giving back -------------------------------------------------------------------------------------------------

    def refund(self, asked: Told) -> Told:
        intent = self._known("payment_intent", text_in(asked, "payment_intent"))
        paid = self.store.get("charge", str(intent["latest_charge"]))
        if paid is None or not paid["paid"]:
            raise RefusedError("This payment has no successful charge to refund.", code="charge_not_refundable")
        amount = amount_in(asked) if "amount" in asked else paid["amount"] - paid["amount_refunded"]
        if paid["disputed"] and any(each["charge"] == paid["id"] and not each["status"].startswith("w")
                                    for each in self.store.all("dispute")):
            raise RefusedError("Charge has been charged back.", code="charge_disputed")
        if paid["amount_refunded"] == paid["amount"]:
            raise RefusedError("Charge has already been refunded.", code="charge_already_refunded")
        if amount > paid["amount"] - paid["amount_refunded"]:
            raise RefusedError("Refund amount is greater than unrefunded amount on charge.", param="amount")
        status = "failed" if self.faults.refunds_fail else "pending" if self.faults.refunds_pend else "succeeded"
        made = self.store.put(objects.refund(paid, amount=amount, asked=asked, metadata=meta_in(asked), status=status,
                                             now=self.now()))
        made["balance_transaction"] = self._left(made, "refund", -amount)
        self.tell("refund.created", made)
        if status != "failed":
            paid["amount_refunded"] += amount
            paid["refunded"] = paid["amount_refunded"] == paid["amount"]
            self.tell("charge.refunded", paid)
        else:
            made["failure_balance_transaction"] = self._left(made, "refund_failure", amount)
            self.tell("refund.failed", made)
        return made

    def settle_refund(self, made: Told, *, succeeds: bool) -> Told:
        """A pending refund, or one that succeeded, is answered by the cardholder's bank."""
        was, made["status"] = made["status"], "succeeded" if succeeds else "failed"
        if not succeeds:
            made["failure_reason"] = "expired_or_canceled_card"
            paid = self._known("charge", made["charge"])
            if was != "failed":
                paid["amount_refunded"] -= made["amount"]
                paid["refunded"] = False
                made["failure_balance_transaction"] = self._left(made, "refund_failure", made["amount"])
        self.tell("refund.updated" if succeeds else "refund.failed", made)
        return made

    # --- Connect -----------------------------------------------------------------------------------------------------

    def transfer(self, asked: Told) -> Told:
        amount = amount_in(asked)
        if asked.get("currency") != "vnd":
            raise RefusedError("This account moves vnd only.", param="currency")
        to = self.store.get("account", text_in(asked, "destination"))
        if to is None:
            raise RefusedError(f"No such destination: '{asked['destination']}'", code="resource_missing",
                               param="destination")
        if to["capabilities"].get("transfers") != "active":
            raise RefusedError("Your destination account needs to have the transfers capability enabled.",
                               code="insufficient_capabilities_for_transfer")
        if self.faults.empty_balance:
            raise RefusedError("You have insufficient available funds.", code="balance_insufficient")
        made = self.store.put(objects.transfer(asked, amount=amount, metadata=meta_in(asked), now=self.now()))
        made["balance_transaction"] = self._left(made, "transfer", -amount)
        self.tell("transfer.created", made)
        return made

    def reverse(self, of: Told, asked: Told) -> Told:
        left = of["amount"] - of["amount_reversed"]
        amount = amount_in(asked) if "amount" in asked else left
        if not 0 < amount <= left:
            raise RefusedError("Reversal amount is greater than unreversed amount on transfer.", param="amount")
        made = self.store.put(objects.reversal(of, amount=amount, metadata=meta_in(asked), now=self.now()))
        made["balance_transaction"] = self._left(made, "transfer_refund", amount)
        of["amount_reversed"] += amount
        of["reversed"] = of["amount_reversed"] == of["amount"]
        of["reversals"]["data"].insert(0, made)
        self.tell("transfer.reversed", of)
        return made

    def account(self, asked: Told) -> Told:
        made = self.store.put(objects.account(asked, metadata=meta_in(asked), now=self.now()))
        self.tell("account.updated", made)
        return made

    def complete_account(self, account: Told) -> Told:
        """Its owner has entered everything."""
        account.update(details_submitted=True, payouts_enabled=True, capabilities={"transfers": "active"},
                       requirements=objects.requirements([], None))
        self.tell("account.updated", account)
        return account

    def account_link(self, asked: Told) -> Told:
        account = self._known("account", text_in(asked, "account"))
        account["_return_url"] = text_in(asked, "return_url")
        return objects.account_link(account["id"], address=self.address, now=self.now())

    def _left(self, of: Told, kind: str, amount: int) -> str:
        """A line of the balance without a fee; its number."""
        return str(booked(self.store, kind, of["id"], amount=amount, now=self.now())["id"])

    def _known(self, kind: str, own: str) -> Told:
        found = self.store.get(kind, own)
        if found is None:
            raise RefusedError(f"No such {kind}: '{own}'", status=404, code="resource_missing", param="id")
        return found


def _copy(told: Told) -> Told:
    """As it is now: what happens later is another event's."""
    return public(told)


def public(told: Told) -> Told:
    """Without what the service remembers for itself."""
    return {name: _plain(value) for name, value in told.items() if not name.startswith("_")}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return public(value)
    return [_plain(each) for each in value] if isinstance(value, list) else value
