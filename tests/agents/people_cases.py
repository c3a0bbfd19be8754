"""What several tests about people's coming and going begin with."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.models.organisations import Outlet
from agents.models.people import StaffAccount
from agents.operations import tokens
from agents.records import Workplace
from tests.factories.browsers import Api


def key_issued_by(administrator: StaffAccount, outlet: Outlet) -> Api:
    """A machine of `outlet` whose key `administrator` has issued, and therefore seen."""
    now = timezone.now()
    issued = tokens.issue_token(
        name="Máy ở quầy", scopes=frozenset({"network:read"}), place=Workplace(outlet_id=outlet.id),
        by=administrator.actor, at=now, expires_at=now + timedelta(days=30))
    return Api(token=issued.clear)


def reads_of(client: Client, path: str, **query: Any) -> int:
    """How many queries that read a table a page costs."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path, query).status_code == 200
    return len([each for each in asked.captured_queries if " FROM " in each["sql"]])
