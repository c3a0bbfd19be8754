"""Rules, decisions, signatures and what disputes rest upon, one after another along their chain.

A row's text is written here by the verifier's own hand, out of its plain columns.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from billing.verification.findings import Finding
from billing.verification.links import Link, Links
from billing.verification.rows import rows, stream

BEFORE_THE_FIRST: Final = sha256(b"wardpost/record/1").digest()
_COLUMNS: Final[Mapping[str, str]] = {
    "billing_disputeentry": "id,dispute_id,kind,side,author,author_name,text,facts,said_at",
    "billing_disputefile": "id,dispute_id,entry_id,name,content_type,size_bytes,sha256,sealed!",
    "billing_statementanswer": "id,province_code,operator_code,outlet_id,period,lines,excepted,city_owes,digest,"
                               "answered_by,answered_by_name,answered_at",
    "billing_redress": "id,number,province_code,operator_code,outlet_id,source,source_id,source_number,principal,"
                       "interest,rule,entry_id,paper,made_by,made_by_name,made_at",
    "billing_lookback": "id,error_id,question,lines,new_lines,outlets,looked_by,looked_at",
    "billing_claimfile": "claim_id,content!",
    "billing_claimdecision": "id,line_id,verdict_before,reason_before,verdict,admitted,words,decided_by,"
                             "decided_by_name,decided_at",
    "billing_statementsignature": "id,statement_id,round,step,signer_id,signer_name,role,digest,figures,note,signed_at",
    "billing_statementpayment": "id,statement_id,reference,amount,paid_on,recorded_by,recorded_at",
    "billing_cashmovement": "id,shift_id,source_key,kind,source_id,fee,postage,amount,reference,at,by_name",
    "billing_cardmovement": "id,payment_id,line_ref,kind,source_ref,amount,fee,occurred_at,told_at",
    "billing_budgetgrant": "id,line_id,amount,granted_on",
    "billing_supportlook": "id,access_id,at,period,line_id",
    "billing_reduction": "id,code,valid_from,beneficiary_class,numerator,denominator",
    "billing_interestrule": "id,code,valid_from,numerator,denominator",
    "billing_tariff": "id,code,valid_from,operator_code,direction,vat",
    "billing_subsidyruleset": "id,code,valid_from,province_id,numerator,denominator,cap_per_trip,channels,directions,"
                              "budget_line",
    "billing_compensationnorm": "id,code,valid_from,province_id,budget_line",
}
"""Table to its columns, the key first; those with "!" are files, of which the digest counts."""
_RATES: Final = {
    "billing_tariff": (("billing_tariffrate", "tariff_id", "zone,up_to_grams,price,is_further_step"),),
    "billing_subsidyruleset": (("billing_subsidypart", "rule_set_id",
                                "position,beneficiary_classes,numerator,denominator,cap_per_trip,channels,directions"),),
    "billing_compensationnorm": (
        ("billing_normitem", "norm_id", "task,procedure_group,channel,complexity,unit,amount"),
        ("billing_normmodifier", "norm_id", "position,kind,numerator,denominator,amount,communes,late_after_days")),
}
_SEALS: Final = "SELECT sequence, salt, commitment, chain, record FROM billing_recordseal ORDER BY sequence"
type _Rates = Mapping[str, list[Any]]


def check_records(heads: Mapping[int, bytes]) -> Iterator[Finding]:
    """Every sealed record, from the first to the last checkpoint's: their number grows with people's acts, not mail."""
    told = dict(_digests())
    links = Links("record", 0, BEFORE_THE_FIRST, heads)
    for sequence, salt, commitment, chain, record in stream(_SEALS):
        link = Link(sequence, salt, bytes(commitment), bytes(chain), record)
        yield from links.take(link, told.get(record))
    yield from links.end()


def _digests() -> Iterator[tuple[str, str]]:
    for table, columns in _COLUMNS.items():
        names = columns.split(",")
        rates = [_rates(*each) for each in _RATES.get(table, ())]
        for row in stream(f"SELECT {', '.join(map(_plain, names))} FROM {table}"):  # noqa: S608  # our own names
            key = str(row[0])
            said = ["record/1", table, *row, *(each.get(key, []) for each in rates)]
            yield f"{table} {key}", json.dumps(said, ensure_ascii=False)


def _plain(name: str) -> str:
    return f"encode(sha256({name[:-1]}), 'hex')" if name.endswith("!") else f"coalesce({name}::text, '')"


def _rates(table: str, rule: str, columns: str) -> _Rates:
    """The rates of each rule, in the order of their bytes."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for key, *told in rows(f"SELECT {rule}::text, {', '.join(map(_plain, columns.split(',')))} FROM {table}"):  # noqa: S608
        found[key].append(told)
    for each in found.values():
        each.sort(key=lambda told: json.dumps(told, ensure_ascii=False).encode())
    return found
