"""Bags on their way: filled, sealed, picked up, counted, through the operations that people use."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count as counting
from typing import Any

from agents.models.people import StaffAccount
from intake.models.dossiers import Dossier
from intake.models.manifests import Manifest
from intake.operations import manifest_counts, manifests
from intake.operations.manifest_counts import CountInput, Found
from intake.signing import JointSignature
from shared.actors import Actor
from tests.factories import dossiers, network
from tests.factories.parcels import number_pool
from tests.intake.moments import MONDAY_MORNING, local

SEALED = local("2026-01-12 10:00")
PICKED_UP = local("2026-01-12 11:00")
COUNTED = local("2026-01-12 15:00")
_seals = counting(100_001)
CLERK = JointSignature("Trần Thị Thử", "GDV-12")
POSTMAN = JointSignature("Lê Văn Phát", "BT-07", "M10 10 L50 60 L120 20")
OFFICER = JointSignature("Lê Văn Giải", "CB-31")


@dataclass
class Bag:
    """An outlet that packs, its carrier's postman, and the centre that counts."""

    counter: dossiers.Counter
    officer_account: StaffAccount
    filed: list[Dossier] = field(default_factory=list)

    @property
    def by(self) -> Actor:
        return self.counter.by

    @property
    def officer(self) -> Actor:
        return network.acting(self.officer_account)

    @property
    def manifest(self) -> Manifest:
        return Manifest.objects.latest("opened_at", "id")

    def fill(self, how_many: int = 2, at: datetime = MONDAY_MORNING) -> Manifest:
        for _ in range(how_many):
            dossier = self.counter.submit(channel="post", at=at)
            self.filed.append(dossier)
            manifests.scan_out(code=dossier.agent_ref, by=self.by, at=at)
        return self.manifest

    def seal(self, at: datetime = SEALED) -> Manifest:
        number_pool()
        return manifests.seal(manifest_id=self.manifest.id, seal_number=f"HUE-{next(_seals)}", weight_grams=400,
                              by=self.by, at=at)

    def pick_up(self, at: datetime = PICKED_UP) -> Manifest:
        return manifests.hand_to_carrier(manifest_id=self.manifest.id, gives=CLERK, takes=POSTMAN, by=self.by, at=at)

    def counted(self, verdicts: dict[str, tuple[str, str]] | None = None, **changes: Any) -> CountInput:
        """Everything is there, but for `verdicts` by reference."""
        odd = verdicts or {}
        lines = {item.id: Found(*odd.get(item.reference, ("there", "")))
                 for item in self.manifest.items.order_by("position")}
        fields: dict[str, Any] = {"lines": lines, "seal_number": self.manifest.seal_number, "gives": POSTMAN,
                                  "takes": OFFICER}
        return CountInput(**fields | changes)

    def count(self, verdicts: dict[str, tuple[str, str]] | None = None, at: datetime = COUNTED,
              **changes: Any) -> Manifest:
        return manifest_counts.count(self.counted(verdicts, **changes), manifest_id=self.manifest.id, by=self.officer,
                                     at=at)

    def on_the_way(self, how_many: int = 2) -> Manifest:
        self.fill(how_many)
        self.seal()
        return self.pick_up()


def bag() -> Bag:
    counter = dossiers.counter()
    return Bag(counter, network.officer(counter.centre))
