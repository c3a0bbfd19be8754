"""A counter with receipt numbers, and dossiers whose fee of 8.000 đ a copy is due there."""

from dataclasses import dataclass
from typing import Any

from agents.models.people import StaffAccount
from intake.models.dossiers import Dossier
from intake.models.receipts import OutletRange, Receipt
from intake.operations import payments
from intake.records import DocumentRef, PlaceChoice
from shared.actors import Actor
from tests.factories import catalogue, dossiers, network, receipts
from tests.intake.moments import MONDAY_MORNING


@dataclass
class Till:
    """A counter that may collect, its numbers, and the manager who may void."""

    counter: dossiers.Counter
    numbers: OutletRange
    manager_account: StaffAccount

    @property
    def by(self) -> Actor:
        return self.counter.by

    @property
    def manager(self) -> Actor:
        return network.acting(self.manager_account)

    def due(self, copies: int = 1, **changes: Any) -> Dossier:
        return self.counter.submit(procedure_code=catalogue.EXTRACT, documents=(DocumentRef("to_khai"),), copies=copies,
                                   place=PlaceChoice(self.counter.outlet.commune_id), **changes)

    def paid(self, copies: int = 1) -> Receipt:
        dossier = self.due(copies)
        payments.record_payment(dossier_id=dossier.id, by=self.by, at=MONDAY_MORNING)
        return Receipt.objects.get(dossier=dossier)


def till(count: int = 50) -> Till:
    counter = dossiers.counter()
    catalogue.procedure(catalogue.EXTRACT)
    numbers = receipts.numbers(counter.outlet, counter.centre, count=count)
    return Till(counter, numbers, network.outlet_manager(counter.outlet))
