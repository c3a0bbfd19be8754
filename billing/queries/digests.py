"""The digests of billing/rules/digests.py, computed where the rows are."""

from typing import Final

from django.db.models import CharField, Func

from billing.rules.digests import FIELDS

_MONEY: Final = frozenset({"gross", "national_reduction", "city_subsidy", "citizen_share", "compensation"})


def _hashed(name: str) -> str:
    if name == "occurred_at":
        return """to_char(billing_charge.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return f"billing_charge.{name}" if name in _MONEY else f"coalesce(billing_charge.{name}::text, '')"


_LINE: Final = f"sha256(convert_to(json_build_array({', '.join(_hashed(name) for name in FIELDS)})::text, 'UTF8'))"

STATEMENT_SQL: Final = f"""
    SELECT count(*), coalesce(sum(gross), 0), coalesce(sum(national_reduction), 0), coalesce(sum(city_subsidy), 0),
           coalesce(sum(citizen_share), 0), coalesce(sum(compensation), 0),
           encode(sha256(coalesce(string_agg({_LINE}, ''::bytea ORDER BY occurred_at, id), ''::bytea)), 'hex')
    FROM billing_charge WHERE province_code = %s AND operator_code = %s AND period = %s
"""  # noqa: S608  # our own columns


class LineDigest(Func):
    """A line's digest as hexadecimal text, in a query on Charge."""

    template = f"encode({_LINE}, 'hex')".replace("%", "%%")
    arity = 0
    output_field = CharField()
