"""Filings and their pricing as plain data, for the columns that keep them."""

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from billing import public as billing
from intake.records import Fee, Pricing, SubmissionInput
from intake.rules.wording import Words
from shared.money import Money


@cache
def _filings() -> TypeAdapter[SubmissionInput]:
    return TypeAdapter(SubmissionInput)


def filing_as_data(filing: SubmissionInput) -> dict[str, Any]:
    """What Dossier.filing keeps: the request itself, so that a repeat can be told from another one."""
    data: dict[str, Any] = _filings().dump_python(filing, mode="json")
    return data


def filing_from_data(data: dict[str, Any]) -> SubmissionInput:
    return _filings().validate_python(data)


def pricing_as_data(pricing: Pricing) -> dict[str, Any]:
    """What Dossier.quote keeps."""
    out, home = pricing.postage_out, pricing.postage_home
    return {
        "fee": _fee_as_data(pricing.fee), "out": None if out is None else billing.as_data(out),
        "home": None if home is None else billing.as_data(home), "unknown": _words_as_data(pricing.unknown)}


def pricing_from_data(data: dict[str, Any]) -> Pricing | None:
    """The pricing of a dossier; None for one that was never priced."""
    if not data:
        return None
    out, home = (billing.quote_from_data(data[way]) if data[way] else None for way in ("out", "home"))
    return Pricing(_fee_from_data(data["fee"]), out, home, Words(**data["unknown"]))


def _fee_as_data(fee: Fee) -> dict[str, Any]:
    return {"amount": None if fee.amount is None else fee.amount.amount, "words": _words_as_data(fee.words),
            "rule": fee.rule, "legal_basis": fee.legal_basis, "confidence": fee.confidence}


def _fee_from_data(data: dict[str, Any]) -> Fee:
    amount = None if data["amount"] is None else Money(data["amount"])
    return Fee(amount, Words(**data["words"]), data["rule"], data["legal_basis"], data["confidence"])


def _words_as_data(words: Words) -> dict[str, str]:
    return {"vi": words.vi, "en": words.en}
