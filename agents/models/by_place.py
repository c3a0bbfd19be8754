"""Rows about one outlet each, and who of its people, its operator's and its city's sees them."""

from typing import Any, Self

from django.db import models

from shared.actors import Actor, ActorKind
from shared.roles import OUTLET_ROLES, PROGRAMME_ROLES, Role


class RowsOfOutlets(models.QuerySet[Any]):
    """For models with `outlet`, `operator` and `province_code`."""

    def seen_by(self, actor: Actor) -> Self:
        """An outlet sees its own, an operator its own, programme, auditor and administrator their city's."""
        if actor.kind is ActorKind.JOB:
            return self
        if actor.role in OUTLET_ROLES:
            return self.filter(outlet_id=actor.outlet_id)
        if actor.role == Role.OPERATOR_HQ:
            return self.filter(operator_id=actor.operator_id)
        if actor.role in PROGRAMME_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR} and actor.province_code:
            return self.filter(province_code=actor.province_code)
        return self if actor.role == Role.ADMINISTRATOR else self.none()
