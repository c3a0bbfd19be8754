from datetime import date, time
from typing import Any

import pytest

from agents.errors import InvalidOutlet, MayNotRunOutlet, OutletCodeTaken, OutletNotFound, OutletStepImpossible
from agents.models.organisations import OpeningHours, Outlet, OutletStatus
from agents.opening import Span, overlapping
from agents.operations import outlets
from agents.operations.outlets import Agreement, Site
from agents.rules import OUTLET_STEPS, OutletStep
from shared.ids import uuid7
from shared.models.oversight import AuditEntry
from shared.roles import Role
from tests.agents.factories import OFFICE, make_commune, make_operator, make_outlet, make_province, moment, opens, staff

pytestmark = pytest.mark.django_db

NOW = moment("2025-07-03 10:00")
MORNING = Span(0, time(7, 30), time(11, 30))
STEPS = {
    OutletStep.SUSPEND: outlets.suspend_outlet,
    OutletStep.RESUME: outlets.resume_outlet,
    OutletStep.CLOSE: outlets.close_outlet,
}


def open_one(by=OFFICE, site=(), agreement=(), **changed):
    commune = make_commune(latitude=16.46, longitude=107.59)
    facts: dict[str, Any] = {
        "code": "HUE-003",
        "name": "Bưu cục Phong Dinh",
        "operator_id": make_operator().id,
        "hours": [MORNING],
    }
    where: dict[str, Any] = {
        "commune_code": commune.code,
        "address": "12 Nguyễn Huệ",
        "latitude": 16.47,
        "longitude": 107.6,
    }
    agreed: dict[str, Any] = {"tasks": frozenset({"file_online"}), "begins": date(2025, 1, 1)}
    return outlets.open_outlet(
        **facts | changed,
        site=Site(**where | dict(site)),
        agreement=Agreement(**agreed | dict(agreement)),
        by=by,
        at=NOW,
    )


def test_an_outlet_is_opened_with_its_hours_and_the_audit_knows():
    outlet = open_one()

    assert outlet.status == OutletStatus.ACTIVE
    assert [(span.weekday, span.opens) for span in outlet.opening_hours.all()] == [(0, time(7, 30))]
    assert AuditEntry.objects.get().action == "open_outlet"


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"code": "x"}, "/code"),
        ({"code": "HUE 003"}, "/code"),
        ({"code": "HUE-0030030030030"}, "/code"),
        ({"name": ""}, "/name"),
        ({"name": "A\u200bB C"}, "/name"),
        ({"phone": "0" * 21}, "/phone"),
        ({"operator_id": uuid7()}, "/operator"),
        ({"site": {"commune_code": "99999"}}, "/commune"),
        ({"site": {"address": ""}}, "/address"),
        ({"site": {"latitude": 107.59, "longitude": 16.46}}, "/latitude"),
        ({"site": {"latitude": 21.0}}, "/latitude"),
        ({"agreement": {"tasks": frozenset()}}, "/tasks"),
        ({"agreement": {"tasks": frozenset({"dance"})}}, "/tasks"),
        ({"agreement": {"phase": "someday"}}, "/phase"),
        ({"agreement": {"ends": date(2025, 1, 1)}}, "/agreement_until"),
        ({"hours": [Span(0, time(9), time(9))]}, "/hours"),
        ({"hours": [Span(7, time(9), time(10))]}, "/hours"),
        ({"hours": [MORNING, Span(0, time(11), time(12))]}, "/hours"),
    ],
)
def test_a_wrong_entry_is_refused_by_field_and_no_outlet_is_opened(changed, pointer):
    with pytest.raises(InvalidOutlet) as refused:
        open_one(**changed)

    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert not Outlet.objects.exists()


def test_a_code_is_never_given_twice_not_even_after_closing():
    outlets.close_outlet(outlet_id=open_one().id, reason="hết hợp đồng", by=OFFICE, at=NOW)

    with pytest.raises(OutletCodeTaken):
        open_one(code="hue-003")


def test_a_headquarters_opens_its_own_outlets_only():
    headquarters = staff(Role.OPERATOR_HQ).actor

    assert open_one(headquarters).code == "HUE-003"
    with pytest.raises(MayNotRunOutlet):
        open_one(headquarters, code="HNV-001", operator_id=make_operator("VTPOST", name="Viettel Post").id)


def test_an_administrator_opens_outlets_of_her_city_only():
    with pytest.raises(MayNotRunOutlet):
        open_one(staff(Role.ADMINISTRATOR, province=make_province("01", name="Hà Nội")).actor)
    assert open_one(staff(Role.ADMINISTRATOR, province=make_province()).actor).code == "HUE-003"


@pytest.mark.parametrize("status", OutletStatus.values)
@pytest.mark.parametrize("step", list(OutletStep))
def test_steps_lead_where_the_table_says_and_nowhere_else(status, step):
    outlet = make_outlet(status=status)

    if (status, step) in OUTLET_STEPS:
        STEPS[step](outlet_id=outlet.id, reason="theo kế hoạch", by=OFFICE, at=NOW)
        outlet.refresh_from_db()
        assert outlet.status == OUTLET_STEPS[status, step]
        entry = AuditEntry.objects.get()
        assert (entry.before, entry.after, entry.reason) == (
            {"status": status},
            {"status": outlet.status},
            "theo kế hoạch",
        )
    else:
        with pytest.raises(OutletStepImpossible):
            STEPS[step](outlet_id=outlet.id, reason="theo kế hoạch", by=OFFICE, at=NOW)
        assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.OPERATOR_HQ, Role.ADMINISTRATOR}])
def test_who_sees_an_outlet_does_not_for_that_run_it(role):
    outlet = make_outlet()
    places = {Role.OUTLET_CLERK: {"outlet": outlet}, Role.OUTLET_MANAGER: {"outlet": outlet}}

    with pytest.raises(MayNotRunOutlet):
        outlets.suspend_outlet(outlet_id=outlet.id, reason="thử", by=staff(role, **places.get(role, {})).actor, at=NOW)
    outlet.refresh_from_db()
    assert outlet.status == OutletStatus.ACTIVE


def test_another_operators_outlet_and_none_at_all_are_one_and_the_same_answer():
    headquarters = staff(Role.OPERATOR_HQ).actor
    foreign = make_outlet(operator=make_operator("VTPOST", name="Viettel Post"))

    for outlet_id in (foreign.id, uuid7()):
        with pytest.raises(OutletNotFound):
            outlets.suspend_outlet(outlet_id=outlet_id, reason="thử", by=headquarters, at=NOW)


def test_hours_are_replaced_as_a_whole_also_by_the_outlets_own_manager():
    outlet = make_outlet()
    manager = staff(Role.OUTLET_MANAGER, outlet=outlet)
    opens(outlet)

    outlets.set_opening_hours(
        outlet_id=outlet.id, hours=[MORNING, Span(6, time(8), time(10))], by=manager.actor, at=NOW
    )

    kept = OpeningHours.objects.filter(outlet=outlet).order_by("weekday").values_list("weekday", flat=True)
    assert list(kept) == [0, 6]


def test_a_clerk_does_not_set_hours():
    outlet = make_outlet()
    clerk = staff(Role.OUTLET_CLERK, outlet=outlet)

    with pytest.raises(MayNotRunOutlet):
        outlets.set_opening_hours(outlet_id=outlet.id, hours=[], by=clerk.actor, at=NOW)


def test_an_outlet_moves_within_reach_of_its_new_commune():
    outlet = make_outlet()
    new = make_commune(latitude=16.6, longitude=107.3)

    outlets.move_outlet(
        outlet_id=outlet.id, site=Site(new.code, "5 Lê Duẩn", 16.61, 107.31), reason="trụ sở mới", by=OFFICE, at=NOW
    )

    outlet.refresh_from_db()
    assert (outlet.commune_id, outlet.address) == (new.code, "5 Lê Duẩn")
    with pytest.raises(InvalidOutlet):
        outlets.move_outlet(
            outlet_id=outlet.id, site=Site(new.code, "5 Lê Duẩn", 21.0, 105.8), reason="nhầm", by=OFFICE, at=NOW
        )


def test_a_renewed_agreement_delegates_other_tasks():
    outlet = make_outlet()

    outlets.renew_agreement(
        outlet_id=outlet.id,
        agreement=Agreement(frozenset({"advise"}), date(2026, 1, 1), date(2027, 1, 1), "city_wide"),
        reason="phụ lục 2026",
        by=OFFICE,
        at=NOW,
    )

    outlet.refresh_from_db()
    assert (outlet.tasks, outlet.phase, outlet.agreement_until) == (["advise"], "city_wide", date(2027, 1, 1))


@pytest.mark.parametrize("operation", [outlets.suspend_outlet, outlets.close_outlet])
def test_a_step_needs_a_reason(operation):
    with pytest.raises(InvalidOutlet):
        operation(outlet_id=make_outlet().id, reason=" ", by=OFFICE, at=NOW)


def test_spans_that_touch_do_not_overlap():
    assert overlapping([MORNING, Span(0, time(11, 30), time(17))]) is None
    assert overlapping([MORNING, Span(1, time(7, 30), time(11, 30))]) is None
    assert overlapping([Span(0, time(8), time(12)), MORNING]) is not None
