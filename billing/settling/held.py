"""What is held of a statement because somebody disputes it: in nobody's figure until it is settled."""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from billing.models.statements import Statement
from billing.queries.holds import held_lines


@dataclass(frozen=True, slots=True)
class Held:
    """Whole đồng that the city would owe for the held lines; `work` is the part of agents' work."""

    charge_ids: tuple[UUID, ...] = ()
    amount: int = 0
    work: int = 0

    @property
    def digest(self) -> str:
        """Of the held lines' ids; empty when nothing is held."""
        if not self.charge_ids:
            return ""
        return sha256(",".join(map(str, self.charge_ids)).encode()).hexdigest()


def held_of(statement: Statement) -> Held:
    """One query."""
    found = held_lines(province_code=statement.province_id, operator_code=statement.operator_code,
                       period=statement.period).order_by("id").values_list("id", "city_subsidy", "compensation")
    rows = list(found)
    work = sum(int(compensation) for _id, _subsidy, compensation in rows)
    return Held(tuple(row[0] for row in rows), work + sum(int(subsidy) for _id, subsidy, _work in rows), work)
