"""A line's whole explanation as plain data: the page, the API and the PDF say these very words.

Nothing is worked out here: the arithmetic was kept with the line, and billing.wording says it.
"""

from pathlib import Path
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from billing.queries.lines import OpenLine
from billing.wording import rules, why
from shared.formatting import full_day, full_stamp, money, number
from shared.typesetting import Typesetter

LANGUAGES: Final = ("vi", "en")
_TYPESETTER: Final = Typesetter(Path(__file__).parent / "exports" / "typst")


def explanation(line: OpenLine) -> dict[str, Any]:
    """In the active language: title, sentence, arithmetic, rules, evidence, ledger, who entered it. Amounts in đồng."""
    told = why(line)
    return {
        "title": told.title, "sentence": told.sentence,
        "arithmetic": [{"label": row.label, "basis": row.basis, "amount_vnd": row.amount, "is_assumed": row.guess}
                       for row in told.rows],
        "rules": [{"label": rule.label, "code": rule.code, "legal_basis": rule.legal_basis, "reason": rule.reason,
                   "confidence": rule.confidence} for rule in rules(line.charge)],
        "evidence": [" ".join(part for part in (proof.text, proof.code) if part) for proof in told.proofs],
        "ledger": [{"side": leg.side, "name": leg.name, "account": leg.code, "amount_vnd": leg.amount}
                   for leg in told.ledger],
        "source": f"{line.charge.source_type} {line.charge.source_id}",
        "entered_by": line.charge.posted_by, "entered_at": full_stamp(line.charge.posted_at), "digest": line.digest,
    }


def explanations(line: OpenLine) -> dict[str, dict[str, Any]]:
    """In every language we speak: language → explanation."""
    told = {}
    for language in LANGUAGES:
        with translation.override(language):
            told[language] = explanation(line)
    return told


def pdf(line: OpenLine) -> bytes:
    """The explanation on one sheet, in the active language; the same line with the same seal gives the same bytes."""
    told = explanation(line)
    charge = line.charge
    words = {"arithmetic": _("The arithmetic of this line"), "rules": _("Legal basis"), "evidence": _("Evidence"),
             "ledger": _("Ledger"), "source": _("Source event"), "entered": _("Entered by")}
    shown = told | {
        "words": words, "line": str(charge.id), "dossier": charge.dossier_code, "parcel": charge.parcel_number,
        "seal": _seal(line), "operator": charge.operator_code, "period": f"{charge.period:%m/%Y}",
        "lang": translation.get_language() or "vi",
        "arithmetic": [row | {"amount": "" if row["amount_vnd"] is None else money(row["amount_vnd"])}
                       for row in told["arithmetic"]],
        "ledger": [leg | {"amount": money(leg["amount_vnd"])} for leg in told["ledger"]]}
    return _TYPESETTER.pdf("line", shown, dated=charge.posted_at)


def _seal(line: OpenLine) -> str:
    if line.seal is None or line.seal.day is None:
        return _("Seal code: not signed yet, follows tonight")
    return _("Place %(number)s in the chain, seal code %(code)s of %(day)s") % {
        "number": number(line.seal.sequence), "code": line.seal.code, "day": full_day(line.seal.day)}
