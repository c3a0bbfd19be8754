"""Words for kinds, effects, states and steps of incidents, and for contact."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from agents.room.rules import Contact, Effect, IncidentKind, IncidentState, IncidentStep
from shared.errors import Text

K, S, A = IncidentKind, IncidentState, IncidentStep
KINDS: Final[Mapping[str, Text]] = MappingProxyType({
    K.NETWORK: pgettext_lazy("incident", "Network"),
    K.SOFTWARE: pgettext_lazy("incident", "Software"),
    K.EQUIPMENT: pgettext_lazy("incident", "Equipment"),
    K.PROCEDURE: pgettext_lazy("incident", "Procedure"),
    K.PEOPLE: pgettext_lazy("incident", "People"),
})
HINTS: Final[Mapping[str, Text]] = MappingProxyType({
    K.NETWORK: _("no connection, pages do not load"),
    K.SOFTWARE: _("an error, data that is not in step, signing fails"),
    K.EQUIPMENT: _("computer, printer, scanner, power"),
    K.PROCEDURE: _("nobody knows which rule applies"),
    K.PEOPLE: _("too few at the counter, a crowd"),
})
ICONS: Final[Mapping[str, str]] = MappingProxyType({
    K.NETWORK: "wifi-off", K.SOFTWARE: "octagon-alert", K.EQUIPMENT: "printer", K.PROCEDURE: "book-open",
    K.PEOPLE: "users"})
EFFECTS: Final[Mapping[str, Text]] = MappingProxyType({
    Effect.STOPPED: _("Work stands still"),
    Effect.SLOW: _("It goes on slowly"),
    Effect.WORKAROUND: _("It goes on in another way, such as paper receipts"),
})
STATES: Final[Mapping[IncidentState, Text]] = MappingProxyType({
    S.REPORTED: pgettext_lazy("incident", "Reported"),
    S.TAKEN: pgettext_lazy("incident", "Taken"),
    S.WITH_VENDOR: pgettext_lazy("incident", "With the vendor"),
    S.SOLVED: pgettext_lazy("incident", "Solved"),
    S.CLOSED: pgettext_lazy("incident", "Closed"),
    S.REOPENED: pgettext_lazy("incident", "Opened again"),
})
STEPS: Final[Mapping[str, Text]] = MappingProxyType({
    A.TAKE: pgettext_lazy("incident", "Take it"),
    A.HAND_TO_VENDOR: pgettext_lazy("incident", "Hand it to the vendor"),
    A.TAKE_BACK: pgettext_lazy("incident", "Take it back"),
    A.SOLVE: pgettext_lazy("incident", "It is solved"),
    A.CLOSE: pgettext_lazy("incident", "Yes, it is over"),
    A.REOPEN: pgettext_lazy("incident", "It is back"),
})
DONE: Final[Mapping[str, Text]] = MappingProxyType({
    "report": pgettext_lazy("incident entry", "reported"),
    "again": pgettext_lazy("incident entry", "reported once more"),
    "note": pgettext_lazy("incident entry", "added"),
    "climb": pgettext_lazy("incident entry", "time has passed: told the next level"),
    "place": pgettext_lazy("incident entry", "has the same trouble"),
    A.TAKE: pgettext_lazy("incident entry", "took it"),
    A.HAND_TO_VENDOR: pgettext_lazy("incident entry", "handed it to the vendor"),
    A.TAKE_BACK: pgettext_lazy("incident entry", "took it back from the vendor"),
    A.SOLVE: pgettext_lazy("incident entry", "solved it"),
    A.CLOSE: pgettext_lazy("incident entry", "closed it"),
    A.REOPEN: pgettext_lazy("incident entry", "opened it again"),
})
WATCHES: Final[Mapping[str, Text]] = MappingProxyType({
    "heartbeat": _("The watch over contact"),
    "watch-incidents": _("The clock of incidents"),
})
LEVELS: Final[tuple[Text, ...]] = (
    _("Operations room, on duty"),
    _("Lead of the operations room"),
    _("The city's programme office"),
    _("The city's administrator"),
)
CONTACTS: Final[Mapping[str, Text]] = MappingProxyType({
    Contact.SILENT: _("No contact"),
    Contact.SLOW: _("Slow"),
    Contact.GOOD: _("In contact"),
    Contact.CLOSED: _("Shut now"),
    Contact.NEVER: _("Never heard of yet"),
})
TONES: Final[Mapping[str, str]] = MappingProxyType({
    S.REPORTED: "late", S.REOPENED: "late", S.TAKEN: "soon", S.WITH_VENDOR: "pause", S.SOLVED: "ok", S.CLOSED: "",
    Contact.SILENT: "late", Contact.SLOW: "soon", Contact.GOOD: "ok", Contact.CLOSED: "", Contact.NEVER: ""})
_HOUR: Final = 60
_DAY: Final = 24 * _HOUR


def who(name: str) -> str:
    """A person by name, a watch by what it does."""
    return str(WATCHES.get(name, name))


def lasting(span: timedelta) -> str:
    """Minutes up to an hour, hours and minutes up to two days, then days."""
    minutes = max(0, int(span.total_seconds()) // 60)
    if minutes < _HOUR:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 2 * _DAY:
        return gettext("%(hours)d h %(minutes)d min") % {"hours": minutes // _HOUR, "minutes": minutes % _HOUR}
    return ngettext("%(n)d day", "%(n)d days", minutes // _DAY) % {"n": minutes // _DAY}
