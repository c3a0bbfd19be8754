import io

import pytest
from django.core.management import CommandError, call_command

from agents.models.people import ApiToken, StaffAccount
from agents.tokens import digest_of
from shared.models.oversight import AuditEntry
from shared.roles import Role
from tests.agents.factories import make_outlet, make_province

pytestmark = pytest.mark.django_db


def run(name, *arguments, typed=""):
    told = io.StringIO()
    call_command(name, *arguments, stdout=told)
    return told.getvalue()


@pytest.fixture
def password(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("mot-cau-that-dai-2025\n"))


def test_a_person_is_enrolled_from_the_command_line(password):
    outlet = make_outlet(code="HUE-003")

    run("create_staff", "an.nguyen", "Nguyễn Văn An", "outlet_clerk", "--outlet", "HUE-003", "--password-stdin")

    account = StaffAccount.objects.get()
    assert (account.outlet_id, account.check_password("mot-cau-that-dai-2025")) == (outlet.id, True)
    assert AuditEntry.objects.get().actor_id == "command-line"


def test_the_first_administrator_comes_from_the_command_line(password):
    make_province()

    run("create_staff", "quan.tri", "Dương Hữu Phước", "administrator", "--province", "46", "--password-stdin")

    assert StaffAccount.objects.get().role == Role.ADMINISTRATOR


def test_what_is_wrong_is_said_in_words_and_no_one_is_enrolled(password):
    with pytest.raises(CommandError, match="username"):
        run("create_staff", "x", "An", "auditor", "--password-stdin")
    with pytest.raises(CommandError, match="matching query"):
        run("create_staff", "an.nguyen", "An", "outlet_clerk", "--outlet", "NONE-1", "--password-stdin")

    assert not StaffAccount.objects.exists()


def test_a_token_is_printed_once_and_kept_as_a_digest():
    make_outlet(code="HUE-003")

    token = run("issue_token", "Kiosk của HUE-003", "dossiers:write", "citizens:write", "--outlet", "HUE-003").strip()

    row = ApiToken.objects.get()
    assert bytes(row.digest) == digest_of(token)
    assert row.scopes == ["citizens:write", "dossiers:write"]


def test_a_token_for_a_place_that_its_scopes_do_not_fit_is_refused():
    make_outlet(code="HUE-003")

    with pytest.raises(CommandError, match="scopes"):
        run("issue_token", "Kiosk", "centre:write", "--outlet", "HUE-003")
    with pytest.raises(CommandError, match="expires_at"):
        run("issue_token", "Kiosk", "dossiers:write", "--outlet", "HUE-003", "--days", "4000")
