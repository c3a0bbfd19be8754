"""The database itself keeps the books: nothing is edited, deleted, emptied or left off balance."""

from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.utils import DatabaseError

from billing import public
from billing.models.ledger import Account, Charge, Posting, PostingGroup
from billing.models.statements import Statement
from shared.ids import uuid7
from shared.money import Money
from tests.billing.events import NOW, delivered

pytestmark = pytest.mark.django_db
TABLES = ["billing_charge", "billing_postinggroup", "billing_posting", "billing_explanation"]


@pytest.fixture
def posted(rate_tables):
    public.post_postage(delivered(), at=NOW)
    return Charge.objects.get()


def run(statement, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement, params)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_no_row_is_changed_or_deleted(posted, table, statement):
    with pytest.raises(ProgrammingError, match="Cannot update or delete"):
        run(statement.format(table))


@pytest.mark.parametrize("table", TABLES)
def test_no_table_is_emptied(posted, table):
    with pytest.raises(ProgrammingError, match="append-only"):
        run(f"TRUNCATE {table} CASCADE")


def test_an_account_that_was_opened_stays(posted):
    with pytest.raises(DatabaseError, match="Cannot delete"):
        Account.objects.all().delete()


def new_group(source_id=None):
    return PostingGroup.objects.create(
        source_type="parcel", source_id=source_id or uuid7(), kind="postage", rule="X", period=date(2026, 1, 1),
        occurred_at=NOW, posted_at=NOW, actor_kind="job", actor_id="test")


@pytest.mark.parametrize("sums", [(100,), (100, -99), (100, 100, -201)])
def test_a_group_off_balance_is_refused(posted, sums):
    account = Account.objects.get(code="VNPOST:carriage")
    group = new_group()
    with pytest.raises(IntegrityError, match="off balance"), transaction.atomic():
        Posting.objects.bulk_create(Posting(group=group, account=account, amount=Money(s)) for s in sums)


def test_two_groups_do_not_balance_one_another(posted):
    account = Account.objects.get(code="VNPOST:carriage")
    with pytest.raises(IntegrityError, match="off balance"), transaction.atomic():
        Posting.objects.bulk_create([Posting(group=new_group(), account=account, amount=Money(s)) for s in (5, -5)])


def test_a_leg_of_nothing_is_refused(posted):
    with pytest.raises(IntegrityError, match="posting_not_zero"), transaction.atomic():
        Posting.objects.create(group=new_group(), account=Account.objects.get(code="VNPOST:carriage"), amount=Money(0))


def test_a_leg_names_an_account_that_exists(posted):
    with pytest.raises(IntegrityError, match="never opened"), transaction.atomic():
        Posting.objects.bulk_create([Posting(group=new_group(), account_id=at, amount=Money(s)) for at, s in
                                     ((10**6, 5), (10**6 + 1, -5))])


def test_legs_belong_to_a_group_that_exists(posted):
    account = Account.objects.get(code="VNPOST:carriage")
    nowhere = uuid7()
    with pytest.raises(IntegrityError, match="group that is not there"), transaction.atomic():
        Posting.objects.bulk_create(Posting(group_id=nowhere, account=account, amount=Money(s)) for s in (5, -5))


def test_a_line_names_an_explanation_that_exists(posted):
    with pytest.raises(IntegrityError, match="explanation that is not there"):
        run("""INSERT INTO billing_charge SELECT (jsonb_populate_record(c, jsonb_build_object(
                   'id', uuidv7(), 'source_id', uuidv7(), 'group_id', NULL, 'explanation_id', 999999))).*
               FROM billing_charge c""")


def test_one_event_is_charged_once_even_by_raw_sql(posted):
    with pytest.raises(IntegrityError, match="charge_source_once"):
        run("""INSERT INTO billing_charge SELECT (jsonb_populate_record(c, jsonb_build_object(
                   'id', uuidv7(), 'group_id', NULL))).* FROM billing_charge c""")
    with pytest.raises(IntegrityError, match="posting_source_once"), transaction.atomic():
        new_group(posted.source_id)


def test_a_line_must_add_up(posted):
    with pytest.raises(IntegrityError, match="charge_adds_up"):
        run("""INSERT INTO billing_charge SELECT (jsonb_populate_record(c, jsonb_build_object(
                   'id', uuidv7(), 'source_id', uuidv7(), 'group_id', NULL, 'gross', c.gross + 1))).*
               FROM billing_charge c""")


def test_a_closed_month_takes_no_line_even_by_raw_sql(posted):
    Statement.objects.update(state="prepared", digest="0" * 64)
    with pytest.raises(IntegrityError, match="a closed period takes no more lines"):
        run("""INSERT INTO billing_charge SELECT (jsonb_populate_record(c, jsonb_build_object(
                   'id', uuidv7(), 'source_id', uuidv7(), 'group_id', NULL))).* FROM billing_charge c""")


@pytest.mark.parametrize("change", [{"gross": 1}, {"digest": "1" * 64}, {"lines": 9}, {"state": "open"}])
def test_the_figures_of_a_prepared_statement_stay(posted, change):
    Statement.objects.update(state="prepared", digest="0" * 64)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Statement.objects.update(**change)


def test_a_prepared_statement_is_not_deleted(posted):
    Statement.objects.update(state="prepared")
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        Statement.objects.all().delete()
