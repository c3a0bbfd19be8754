"""Whether the guards stand that keep everybody from changing the books: triggers and the application's rights."""

from collections.abc import Iterator
from typing import Final

from billing.verification.findings import Finding
from billing.verification.rows import rows

KEPT: Final = (
    "billing_charge", "billing_postinggroup", "billing_posting", "billing_explanation", "billing_lineseal",
    "billing_auditseal", "billing_recordseal", "billing_checkpoint", "billing_signingkey", "billing_outletday",
)
"""Tables that only grow: no row is changed or deleted, and none of them is emptied."""
ROWS_KEPT: Final = (
    "billing_disputeentry", "billing_disputefile", "billing_statementanswer", "billing_redress", "billing_lookback",
    "billing_statementsignature", "billing_statementpayment", "billing_claimfile", "billing_claimdecision",
    "billing_cashmovement", "billing_cardmovement", "billing_budgetgrant", "billing_supportlook",
)
"""Tables whose rows are never changed or deleted; what is missing is found by the chain of records."""
_OFF: Final = """
    SELECT r.relname, t.tgname FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid
    WHERE r.relname LIKE 'billing%%' AND NOT t.tgisinternal AND t.tgenabled NOT IN ('O', 'A') ORDER BY 1, 2
"""
_MISSING: Final = """
    SELECT kept.name, guard.name FROM unnest(%s::text[]) AS kept(name),
         unnest(ARRAY['append_only', 'never_emptied']) AS guard(name)
    WHERE NOT EXISTS (SELECT 1 FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid
                      WHERE r.relname = kept.name AND t.tgname LIKE 'pgtrigger_' || guard.name || '_%%')
    ORDER BY 1, 2
"""
_ROWS_MISSING: Final = """
    SELECT kept.name, 'append_only' FROM unnest(%s::text[]) AS kept(name)
    WHERE NOT EXISTS (SELECT 1 FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid
                      WHERE r.relname = kept.name AND t.tgname LIKE 'pgtrigger_append_only_%%') ORDER BY 1
"""
_LEDGER: Final = """
    SELECT wanted.relation, wanted.trigger FROM (VALUES
        ('billing_posting', 'balanced'), ('billing_posting', 'accounts_known'), ('billing_posting', 'groups_known'),
        ('billing_charge', 'period_open'), ('billing_charge', 'explained')) AS wanted(relation, trigger)
    WHERE NOT EXISTS (SELECT 1 FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid
                      WHERE r.relname = wanted.relation AND t.tgname LIKE 'pgtrigger_' || wanted.trigger || '_%%')
    ORDER BY 1, 2
"""
_RIGHTS: Final = """
    SELECT kept.name, may.name FROM unnest(%s::text[]) AS kept(name), unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE'])
         AS may(name)
    WHERE has_table_privilege(%s, kept.name, may.name) ORDER BY 1, 2
"""
_ROLE: Final = """
    SELECT rolname FROM pg_roles WHERE rolname = %s AND NOT rolsuper
    AND rolname <> (SELECT tableowner FROM pg_tables WHERE schemaname = 'public' AND tablename = 'billing_charge')
"""


def check_guards(*, application_role: str) -> Iterator[Finding]:
    """A guard that is off is a finding, whatever the rows say. Rights count where the application has its own role."""
    tables = list(KEPT)
    for table, trigger in rows(_OFF):
        yield Finding("guard-off", table, None, trigger)
    for table, trigger in (*rows(_MISSING, [tables]), *rows(_ROWS_MISSING, [list(ROWS_KEPT)]), *rows(_LEDGER)):
        yield Finding("guard-missing", table, None, trigger)
    if rows(_ROLE, [application_role]):
        for table, right in rows(_RIGHTS, [[*tables, "shared_auditentry"], application_role]):
            yield Finding("right-too-many", table, None, f"{application_role} may {right}")
