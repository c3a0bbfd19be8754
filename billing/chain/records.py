"""What else the city and the outlets rest upon, row by row: rules, claims' files and decisions, disputes, signatures.

Such rows never change once they are written, so their seal is that of their own columns. A dated rule is sealed with
its rates and without its end, because an end comes later. A table's row is named "table id".
"""

from collections.abc import Mapping
from typing import Final

RECORD_SHAPE: Final = "record/1"

_PLAIN: Final[Mapping[str, str]] = {
    "billing_disputeentry": "id dispute_id kind side author author_name text facts said_at",
    "billing_statementanswer": "id province_code operator_code outlet_id period lines excepted city_owes digest"
                               " answered_by answered_by_name answered_at",
    "billing_redress": "id number province_code operator_code outlet_id source source_id source_number principal"
                       " interest rule entry_id paper made_by made_by_name made_at",
    "billing_lookback": "id error_id question lines new_lines outlets looked_by looked_at",
    "billing_claimdecision": "id line_id verdict_before reason_before verdict admitted words decided_by"
                             " decided_by_name decided_at",
    "billing_statementsignature": "id statement_id round step signer_id signer_name role digest figures note signed_at",
    "billing_statementpayment": "id statement_id reference amount paid_on recorded_by recorded_at",
    "billing_cashmovement": "id shift_id source_key kind source_id fee postage amount reference at by_name",
    "billing_cardmovement": "id payment_id line_ref kind source_ref amount fee occurred_at told_at",
    "billing_budgetgrant": "id line_id amount granted_on",
    "billing_supportlook": "id access_id at period line_id",
    "billing_reduction": "id code valid_from beneficiary_class numerator denominator",
    "billing_interestrule": "id code valid_from numerator denominator",
}
_RATES: Final[Mapping[str, tuple[str, tuple[tuple[str, str, str], ...]]]] = {
    # rule: its own columns, and (table, its column of the rule, columns of each rate)
    "billing_tariff": ("id code valid_from operator_code direction vat", (
        ("billing_tariffrate", "tariff_id", "zone up_to_grams price is_further_step"),)),
    "billing_subsidyruleset": (
        "id code valid_from province_id numerator denominator cap_per_trip channels directions budget_line",
        (("billing_subsidypart", "rule_set_id",
          "position beneficiary_classes numerator denominator cap_per_trip channels directions"),)),
    "billing_compensationnorm": ("id code valid_from province_id budget_line", (
        ("billing_normitem", "norm_id", "task procedure_group channel complexity unit amount"),
        ("billing_normmodifier", "norm_id", "position kind numerator denominator amount communes late_after_days"))),
}


def _texts(columns: str, alias: str = "t") -> str:
    return ", ".join(f"coalesce({alias}.{name}::text, '')" for name in columns.split())


def _rates_of(table: str, rule: str, columns: str) -> str:
    row = f"json_build_array({_texts(columns, 'r')})"
    return (f"(SELECT coalesce(json_agg({row} ORDER BY {row}::text COLLATE \"C\"), '[]'::json) FROM {table} r"  # noqa: S608
            f" WHERE r.{rule} = t.id)")


def _said(table: str, texts: str) -> str:
    return f"json_build_array('{RECORD_SHAPE}', '{table}', {texts})::text"


def _question(table: str, said: str, key: str = "id") -> tuple[str, str]:
    return f"'{table} ' || t.{key}", said


QUESTIONS: Final[Mapping[str, tuple[str, str]]] = {
    # table: how a row of it is named, and what it says
    **{table: _question(table, _said(table, _texts(columns))) for table, columns in _PLAIN.items()},
    **{table: _question(table, _said(table, ", ".join([_texts(columns), *(_rates_of(*each) for each in rates)])))
       for table, (columns, rates) in _RATES.items()},
    "billing_disputefile": _question("billing_disputefile", _said(
        "billing_disputefile", _texts("id dispute_id entry_id name content_type size_bytes sha256")
        + ", encode(sha256(t.sealed), 'hex')")),
    "billing_claimfile": _question("billing_claimfile", _said(
        "billing_claimfile", "t.claim_id::text, encode(sha256(t.content), 'hex')"), "claim_id"),
}
NAMES: Final = " UNION ALL ".join(
    f"SELECT {name} AS id FROM {table} t" for table, (name, _said_of) in QUESTIONS.items())  # noqa: S608  # our own
SAID: Final = " UNION ALL ".join(
    f"SELECT u.id, {said} AS said FROM billing_unsealed u JOIN {table} t ON u.id = {name}"  # noqa: S608  # our own
    for table, (name, said) in QUESTIONS.items())
