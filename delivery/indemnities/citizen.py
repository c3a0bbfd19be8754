"""What a citizen reads of an indemnity for her parcel: how much is hers, and who has to do what until when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery.indemnities.models import Indemnity
from delivery.indemnities.rules import IndemnityKind, IndemnityState
from delivery.indemnities.words import FACES
from delivery.wording import Face
from shared.errors import Text
from shared.formatting import named_day
from shared.money import Money

TITLES: Final[Mapping[IndemnityKind, Text]] = {
    IndemnityKind.LATE: gettext_lazy("It came too late: the postage is given back"),
    IndemnityKind.LOSS: gettext_lazy("It was lost: the post pays for it"),
    IndemnityKind.REISSUE: gettext_lazy("Lost papers are issued again at the post's cost"),
}


@dataclass(frozen=True, slots=True)
class CitizenIndemnity:
    """One indemnity; `yours` is the part that goes to her, nothing where the city had paid the postage."""

    title: Text
    face: Face
    yours: Money
    words: str


def told_to_citizen(parcel_ids: Iterable[UUID]) -> list[CitizenIndemnity]:
    """Those of her parcels, oldest first; the caller has opened the scope."""
    rows = Indemnity.objects.filter(parcel_id__in=list(parcel_ids)).order_by("opened_at", "id")
    return [CitizenIndemnity(TITLES[IndemnityKind(row.kind)], FACES[IndemnityState(row.state)], yours_of(row),
                             _words(row)) for row in rows]


def yours_of(indemnity: Indemnity) -> Money:
    """Refunded postage goes back to whoever bore it; everything else is hers."""
    parts: Mapping[str, Any] = indemnity.parts
    return Money(parts["citizen_share"]) if indemnity.kind == IndemnityKind.LATE else indemnity.amount


def _words(indemnity: Indemnity) -> str:
    match IndemnityState(indemnity.state):
        case IndemnityState.PROPOSED:
            return _("The post answers by %(day)s; you need to do nothing.") % {"day": named_day(indemnity.answer_by)}
        case IndemnityState.OBJECTED | IndemnityState.UNANSWERED:
            return _("The city decides by %(day)s; you need to do nothing.") % {"day": named_day(indemnity.answer_by)}
        case IndemnityState.OWED if not yours_of(indemnity):
            return _("The city had paid your postage, so it goes back to the city.")
        case IndemnityState.OWED if indemnity.pay_by is not None:
            return _("The post pays you by %(day)s.") % {"day": named_day(indemnity.pay_by)}
        case IndemnityState.PAID if indemnity.paid_on is not None:
            return _("Paid on %(day)s.") % {"day": named_day(indemnity.paid_on)}
        case _:
            return _("The city has decided that it is not owed: %(why)s") % {"why": indemnity.decision_words}
