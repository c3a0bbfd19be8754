"""A centre's work as a list: whose, how urgent, in stable pages, and by the index however long it is."""

from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Q
from django.urls import reverse

from intake.models.dossiers import Dossier
from intake.operations import absences, assignment, reception, supplements
from intake.operations.absences import AbsenceInput
from intake.operations.supplements import MissingThing
from intake.queries.open_work import most_urgent
from intake.queries.team import team_load
from intake.queries.worklist import Asked, counts, worklist
from tests.factories import catalogue, network, places
from tests.intake.centre_cases import WEDNESDAY, at, forwarded, hue_centre

pytestmark = pytest.mark.django_db
NOW = at("2025-07-03")


@pytest.fixture
def officer():
    return network.acting(network.officer(hue_centre()))


@pytest.fixture
def colleague():
    return network.acting(network.staff("centre_officer", "Trần Quốc Bảo", centre=hue_centre()))


def received(officer, due="2025-07-07", code=catalogue.BUSINESS, **fields) -> Dossier:
    dossier = forwarded(code=code, **fields)
    reception.receive(dossier_id=dossier.id, by=officer, at=WEDNESDAY)
    Dossier.objects.filter(id=dossier.id).update(due_at=at(due, "17:00") if due else None)
    return Dossier.objects.get(id=dossier.id)


def ids(actor, **asked) -> list[UUID]:
    return [each.row.id for each in worklist(actor, Asked(**asked), now=NOW).rows]


def test_the_most_urgent_comes_first_and_what_has_no_term_last(officer):
    later, none, soon = received(officer, "2025-07-09"), received(officer, ""), received(officer, "2025-07-04")

    assert ids(officer) == [soon.id, later.id, none.id]


def test_pages_stay_right_while_rows_come_and_go(officer):
    rows = [received(officer, due) for due in ("2025-07-04", "2025-07-04", "2025-07-08", "2025-07-09", "")]
    first = worklist(officer, Asked(limit=2), now=NOW)
    received(officer, "2025-07-03")

    second = worklist(officer, Asked(limit=2, after=first.next), now=NOW)
    third = worklist(officer, Asked(limit=2, after=second.next), now=NOW)

    seen = [each.row.id for page in (first, second, third) for each in page.rows]
    assert (sorted(seen), third.next) == (sorted(row.id for row in rows), "")


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJhIiwgImIiXQ", "bnVsbA"])
def test_a_cursor_that_is_none_of_ours_is_no_page(cursor, officer, client):
    client.force_login(network.officer(hue_centre()))

    assert client.get(reverse("intake:work"), {"after": cursor}).status_code == 404


def test_each_filter_narrows(officer, colleague):
    late, near = received(officer, "2025-07-02"), received(officer, "2025-07-03")
    paused = received(officer, "2025-07-09")
    supplements.ask(dossier_id=paused.id, reasons=(MissingThing("other", "other", "x"),), by=officer, at=WEDNESDAY)
    theirs = received(colleague, "2025-07-09", code=catalogue.PERMIT)
    nobodys = received(officer, "2025-07-10")
    assignment.release(dossier_id=nobodys.id, by=officer, at=WEDNESDAY)

    assert ids(officer, pace="late") == [late.id]
    assert worklist(officer, Asked(pace="near"), now=at("2025-07-03", "14:00")).rows[0].row.id == near.id
    assert ids(officer, state="paused") == [paused.id]
    assert ids(officer, whose="nobody") == [nobodys.id]
    assert ids(officer, procedure=catalogue.PERMIT) == [theirs.id]
    assert ids(officer, officer=UUID(colleague.id)) == [theirs.id]
    assert ids(officer, channel="post") == []
    assert theirs.id not in ids(officer, whose="mine")
    found = counts(officer, now=NOW)
    assert (found.team, found.mine, found.nobody, found.late, found.paused) == (4, 2, 1, 1, 1)
    assert set(found.procedures) == {catalogue.BUSINESS, catalogue.PERMIT}


def test_who_stands_in_finds_the_absent_ones_among_her_own(officer, colleague):
    theirs = received(colleague)
    day = NOW.date()
    absences.plan_absence(AbsenceInput(UUID(colleague.id), day, day, UUID(officer.id)), by=colleague, at=NOW)

    page = worklist(officer, Asked(whose="mine"), now=NOW)

    assert [(each.row.id, each.covers_for) for each in page.rows] == [(theirs.id, "Trần Quốc Bảo")]
    assert worklist(officer, Asked(whose="mine"), now=at("2025-07-05")).rows == ()


def test_a_centre_sees_what_it_receives_and_what_it_decides_once_each(officer):
    elsewhere = network.centre(places.PHU_XUAN)
    both = received(officer)
    decided = forwarded(code=catalogue.BUSINESS, centre=elsewhere, authority=hue_centre())
    reception.receive(dossier_id=decided.id, by=network.acting(network.officer(elsewhere)), at=WEDNESDAY)
    strange = forwarded(code=catalogue.BUSINESS, centre=elsewhere)
    reception.receive(dossier_id=strange.id, by=network.acting(network.officer(elsewhere)), at=WEDNESDAY)

    assert sorted(ids(officer)) == sorted([both.id, decided.id])


def test_the_team_shows_load_and_what_nobody_has(officer, colleague):
    received(officer, "2025-07-02")
    received(colleague)
    assignment.release(dossier_id=received(officer).id, by=officer, at=WEDNESDAY)

    first, second, nobody = team_load(officer, now=NOW)

    assert (str(first.id), first.late, first.running) == (officer.id, 1, 1)
    assert (str(second.id), second.running) == (colleague.id, 1)
    assert (nobody.id, nobody.running) == (None, 1)


@pytest.mark.parametrize("count", [1, 14])
def test_the_pages_cost_the_same_however_long(count, client, officer, django_assert_max_num_queries):
    manager = network.centre_manager(hue_centre())
    client.force_login(manager)
    for _ in range(count):
        received(officer)
    for name, most in (("work", 13), ("team", 14), ("results", 10), ("corrections", 7), ("log-book", 7)):
        client.get(reverse(f"intake:{name}"))
        with django_assert_max_num_queries(most):
            client.get(reverse(f"intake:{name}"))


def test_a_long_list_is_read_through_the_index(officer):
    """The plan, not the clock: the page reads in order and stops, whatever lies behind it."""
    model = received(officer)
    with connection.cursor() as cursor:
        columns = [field.column for field in Dossier._meta.concrete_fields if field.column]
        fresh = {"id": "gen_random_uuid()", "client_ref": "gen_random_uuid()", "agent_ref": "'X' || n",
                 "code": "'H57.31-250702-' || n", "due_at": "due_at + n * interval '1 minute'"}
        values = ", ".join(fresh.get(column, column) for column in columns)
        cursor.execute(f"INSERT INTO intake_dossier ({', '.join(columns)}) SELECT {values} FROM intake_dossier,"
                       " generate_series(1, 20000) n WHERE id = %s", [model.id])
        cursor.execute("ANALYZE intake_dossier")
        sql, parameters = most_urgent(officer, Q(), most=51).query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", parameters)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "dossier_queue" in plan, plan
    assert "dossier_decided_elsewhere" in plan, plan
    assert "Seq Scan on intake_dossier" not in plan, plan
