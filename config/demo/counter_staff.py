"""A counter's people: a week's roster with a gap, PINs at the shared computer, a surge helper, a duty handed on."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from agents.duties import operations as duties
from agents.duties.models import DutyDelegation
from agents.duties.rules import Duty
from agents.models.people import StaffAccount
from agents.operations import accounts
from agents.people import reach
from agents.records import Workplace
from agents.roster import operations as rosters
from agents.roster.models import RosterShift
from agents.roster.rules import monday_of
from agents.switching import operations as switching
from agents.switching.models import CounterPin
from config.demo.accounts import password
from shared.actors import Actor
from shared.calendar import local
from shared.roles import Role

PIN: Final = "410326"
"""Opens only where its person has signed in with her password the same day."""
HELPER: Final = "tangcuong.hue"
_MORNING: Final = (time(7, 30), time(11, 30))
_AFTERNOON: Final = (time(13, 30), time(17))


def tell(now: datetime) -> None:
    """Do what has not been done before."""
    known = {each.username: each for each in StaffAccount.objects.select_related(
        "outlet__operator", "outlet__commune").filter(username__in=["truong.hue", "quay.hue", "quay2.hue"])}
    manager, clerk, second = known["truong.hue"], known["quay.hue"], known["quay2.hue"]
    _pins([clerk, second], now)
    helper = _helper(manager, now)
    _roster(manager.actor, clerk, second, helper, now)
    if not DutyDelegation.objects.filter(giver=manager).exists():
        today = local(now).date()
        duties.give(giver_id=manager.pk, receiver_id=clerk.pk, duties=[Duty.ROSTER, Duty.VISITS], from_date=today,
                    until_date=today + timedelta(days=5), reason="Trưởng điểm đi tập huấn (minh hoạ)",
                    by=manager.actor, at=now)


def _pins(people: Sequence[StaffAccount], now: datetime) -> None:
    for each in people:
        if not CounterPin.objects.filter(account=each).exists():
            switching.set_pin(account_id=each.pk, pin=PIN, by=each.actor, at=now)


def _helper(manager: StaffAccount, now: datetime) -> StaffAccount:
    """For two weeks, and for two procedure groups only."""
    helper = StaffAccount.objects.filter(username=HELPER).first()
    if helper is None:
        helper = accounts.create_staff_account(
            username=HELPER, display_name="Hồ Thị Diệu", role=Role.OUTLET_CLERK, password=password(),
            place=Workplace(outlet_id=manager.outlet_id), by=manager.actor, at=now)
        reach.set_reach(account_id=helper.pk, procedure_groups=["civil_status", "identity_residence"],
                        works_until=local(now).date() + timedelta(days=15), by=manager.actor, at=now,
                        reason="Tăng cường mùa nhập học (minh hoạ)")
    return helper


def _roster(by: Actor, clerk: StaffAccount, second: StaffAccount, helper: StaffAccount, now: datetime) -> None:
    """Of the coming week: on Friday afternoon nobody is there yet."""
    assert clerk.outlet_id is not None  # noqa: S101  # as the log-ins are made
    if RosterShift.objects.filter(outlet_id=clerk.outlet_id).exists():
        return
    monday = monday_of(local(now).date()) + timedelta(days=7)
    for person, days, (begins, ends) in ((clerk, 5, _MORNING), (second, 4, _AFTERNOON), (helper, 1, _MORNING)):
        rosters.add_shifts(outlet_id=clerk.outlet_id, account_id=person.pk, days=_days(monday, days), begins=begins,
                           ends=ends, by=by, at=now)


def _days(monday: date, count: int) -> list[date]:
    return [monday + timedelta(days=number) for number in range(count)]
