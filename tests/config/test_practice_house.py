"""A practice house is refused what is the live one's, and the live house what is practice's."""

import os
import subprocess
import sys
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from agents.models.people import StaffAccount
from agents.practice import house
from agents.practice.models import HouseMark, PracticeEntry
from config.management.commands.reset_practice import wipe
from config.runtime import environment, nights, paths, practice
from shared.ids import uuid7
from shared.models.places import Commune
from shared.roles import Role
from tests.agents.factories import make_commune, moment, staff

AT = moment("2025-10-06 09:00")


@pytest.mark.parametrize("line", practice.LINES)
def test_a_line_to_the_world_keeps_practice_from_starting(line):
    with pytest.raises(practice.PracticeRefused, match=line):
        practice.refuse_lines({line: '{"vnpost": "https://carrier.example"}'})
    practice.refuse_lines({line: "{}"} | dict.fromkeys(practice.LINES, ""))


def test_settings_themselves_refuse_a_line_and_a_database_of_the_live_house():
    def said(**extra):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("WARDPOST_", "DATABASE"))}
        done = subprocess.run([sys.executable, "-c", "import config.settings"], cwd=paths.PROJECT, check=False,
                              env=kept | {"WARDPOST_PRACTICE": "1", "WARDPOST_LOCAL_SECRETS": "1",
                                          "WARDPOST_MODE": "test"} | extra, capture_output=True, text=True)
        return done.stderr if done.returncode else ""

    assert "take away WARDPOST_PORTAL_URL" in said(WARDPOST_PORTAL_URL="https://portal.example")
    assert "is not named as one of practice" in said(DATABASE_URL="postgresql://app@db.example/wardpost")
    assert said() == ""


def test_the_names_of_databases_are_looked_at_both_ways():
    with pytest.raises(practice.PracticeRefused):
        practice.refuse_database("wardpost", is_practice=True)
    with pytest.raises(practice.PracticeRefused):
        practice.refuse_database("wardpost_practice", is_practice=False)
    practice.refuse_database("wardpost_practice", is_practice=True)
    practice.refuse_database("wardpost", is_practice=False)


@pytest.mark.parametrize("command", ["dumpdata", "loaddata", "shell", "dbshell", "sqlmigrate", "demo", "verify"])
def test_nothing_is_exported_from_practice_or_brought_there_by_a_command(monkeypatch, command):
    monkeypatch.setenv(practice.SWITCH, "1")
    with pytest.raises(practice.PracticeRefused):
        practice.refuse_command(command)
    practice.refuse_command("serve")
    monkeypatch.delenv(practice.SWITCH)
    practice.refuse_command(command)


@pytest.mark.parametrize(("found", "own", "is_owner", "is_refused"), [
    ("live", "live", False, False), ("practice", "practice", False, False), ("", "live", False, False),
    ("", "practice", True, False), ("live", "practice", True, True), ("practice", "live", True, True),
    ("practice", "live", False, True), ("", "practice", False, True)])
def test_whose_database_it_is_decides(found, own, is_owner, is_refused):
    assert bool(house.fault_of(found, own, is_owner=is_owner)) is is_refused


@pytest.mark.django_db
def test_a_connection_to_the_other_houses_database_is_closed_at_once(settings):
    HouseMark.objects.create(kind="live", written_at=AT)
    closed = []
    raw = SimpleNamespace(connection=connection.connection, close=lambda: closed.append(True))
    house.refuse_the_other(None, raw)
    settings.WARDPOST_PRACTICE = True
    with pytest.raises(house.WrongHouse, match="marked as that of the live house"):
        house.refuse_the_other(None, raw)
    assert closed == [True]


@pytest.mark.django_db
def test_practice_marks_an_empty_database_and_never_one_in_which_people_work(settings):
    settings.WARDPOST_PRACTICE = True
    staff(Role.OUTLET_CLERK)
    with pytest.raises(house.WrongHouse):
        house.settle_mark(at=AT)
    settings.WARDPOST_PRACTICE = False
    house.settle_mark(at=AT)
    house.settle_mark(at=AT)
    assert HouseMark.objects.get().kind == "live"


@pytest.mark.django_db
def test_only_a_practice_house_is_wiped(settings):
    with pytest.raises(CommandError):
        call_command("reset_practice")
    HouseMark.objects.create(kind="live", written_at=AT)
    settings.WARDPOST_PRACTICE = True
    with pytest.raises(CommandError):
        call_command("reset_practice")


@pytest.mark.django_db(transaction=True)
def test_a_wipe_leaves_the_mark_and_the_used_links_and_nothing_else():
    HouseMark.objects.create(kind="practice", written_at=AT)
    PracticeEntry.objects.create(ticket_id=uuid7(), subject="x", used_at=AT)
    make_commune()
    staff(Role.OUTLET_CLERK)
    assert wipe() > 100
    assert (StaffAccount.objects.count(), Commune.objects.count()) == (0, 0)
    assert (HouseMark.objects.get().kind, PracticeEntry.objects.count()) == ("practice", 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'")
        assert cursor.fetchone() == (0,)


def test_the_night_is_due_once_a_day(tmp_path):
    assert not nights.is_due(tmp_path, date(2025, 10, 6))
    assert nights.is_due(tmp_path, date(2025, 10, 7))
    (tmp_path / nights.KEPT_IN).write_text("2025-10-07")
    assert not nights.is_due(tmp_path, date(2025, 10, 7))


def test_a_house_beside_the_live_one_is_told_none_of_its_addresses_and_secrets():
    live = {"PATH": "/bin", "DATABASE_URL": "postgresql://live", "REDIS_URL": "redis://live",
            "WARDPOST_SECRET_KEY": "live", "WARDPOST_FIELD_KEY": "live", "WARDPOST_CARRIER_URLS": "{}",
            "WARDPOST_LOCAL": "postgres", "WARDPOST_MODE": "demo"}
    told = practice.environment_beside(live, port=8100, live_address="http://localhost:8000", key="k" * 32)
    assert told["PATH"] == "/bin"
    assert "live" not in {value for name, value in told.items() if name != "WARDPOST_LIVE_URL"}
    assert not any(name in told for name in ("DATABASE_URL", "REDIS_URL", "WARDPOST_LOCAL"))
    assert told["WARDPOST_PRACTICE"] == "1"


def test_practice_has_a_database_a_queue_and_files_of_its_own(monkeypatch):
    ours = environment.database(), paths.run_folder()
    monkeypatch.setenv(practice.SWITCH, "1")
    assert (environment.database(), paths.run_folder()) == ("wardpost_practice", ours[1] / "practice")
    assert ours[0] == "wardpost"
    assert paths.engines_folder() == ours[1]


