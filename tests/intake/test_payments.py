"""What is due is paid once, at a counter that may take money."""

import pytest

from intake.errors import DossierNotFound, IllegalTransition, OutletMayNot
from intake.models.dossiers import DossierStep
from intake.operations import payments
from intake.rules.states import MoneyState
from tests.factories import dossiers, network, places
from tests.factories.browsers import Api, body_of
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]


def test_what_is_due_is_paid_once():
    counter = dossiers.counter()
    dossier = counter.submit()

    paid = [payments.record_payment(dossier_id=dossier.id, by=counter.by, at=NOW) for _ in range(2)]

    assert {each.money for each in paid} == {MoneyState.PAID}
    steps = DossierStep.objects.filter(dossier=dossier, action="pay")
    assert [step.data for step in steps] == [{"amount_vnd": 26_000}]


def test_where_nothing_is_due_nothing_is_taken():
    counter = dossiers.counter(places.HOAN_KIEM)
    dossier = counter.submit()

    with pytest.raises(IllegalTransition):
        payments.record_payment(dossier_id=dossier.id, by=counter.by, at=NOW)


def test_an_outlet_without_the_task_takes_no_money():
    counter = dossiers.counter()
    dossier = counter.submit()
    counter.outlet.tasks = ["file_online"]
    counter.outlet.save()

    with pytest.raises(OutletMayNot):
        payments.record_payment(dossier_id=dossier.id, by=counter.by, at=NOW)


def test_nobody_pays_at_another_outlet():
    dossier = dossiers.submitted()

    with pytest.raises(DossierNotFound):
        payments.record_payment(dossier_id=dossier.id, by=network.acting(network.clerk()), at=NOW)


def test_it_is_recorded_through_the_api():
    counter = dossiers.counter()
    dossier = counter.submit()

    answer = Api(person=counter.clerk).post(f"/dossiers/{dossier.id}/payments", {})

    assert (answer.status_code, body_of(answer)["money"]) == (201, "paid")
