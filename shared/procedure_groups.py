"""The groups that procedures fall into (a procedure's `field`): what certificates, rules and people's scopes go by."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_lazy as _

from shared.errors import Text

PROCEDURE_GROUPS: Final[Mapping[str, Text]] = MappingProxyType({
    "certification": _("certification"), "civil_status": _("civil status"),
    "household_business": _("household business"), "land": _("land"), "construction": _("construction"),
    "identity_residence": _("identity and residence"), "social": _("social protection"),
})


def named(groups: Iterable[str]) -> str:
    """Their names, one after the other, in the order of the table."""
    wanted = set(groups)
    return ", ".join(str(label) for code, label in PROCEDURE_GROUPS.items() if code in wanted)
