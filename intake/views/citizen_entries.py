"""What is typed about a citizen at the counter, kept whatever is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date

from django.utils.translation import gettext as _

from intake.errors import CitizenRefused
from intake.queries.place_offers import read_card_address
from intake.records import CitizenInput, ClaimInput
from intake.rules.card_qr import Card
from intake.views.place_entries import PlaceEntry, read_place
from shared.errors import FieldError


@dataclass(frozen=True, slots=True)
class CitizenEntries:
    """The registration form, as typed."""

    full_name: str = ""
    national_id: str = ""
    birth: str = ""
    sex: str = ""
    phone: str = ""
    email: str = ""
    street: str = ""
    group: str = ""
    evidence: str = ""
    evidence_from: str = ""
    is_confirmed: str = ""
    commune: PlaceEntry = field(default_factory=lambda: PlaceEntry("commune", "", None))

    def as_input(self) -> CitizenInput:
        """For the operation; raises CitizenRefused when the evidence has no day."""
        choice = self.commune.choice
        return CitizenInput(
            full_name=self.full_name, commune_code=choice.commune_code, former_commune_code=choice.former_commune_code,
            national_id=self.national_id, birth=self.birth, sex=self.sex, phone=self.phone, email=self.email,
            street=self.street, claims=self._claims(), is_confirmed=bool(self.is_confirmed))

    def _claims(self) -> tuple[ClaimInput, ...]:
        if not self.group:
            return ()
        try:
            since = date.fromisoformat(self.evidence_from)
        except ValueError:
            why = FieldError("/claims/0/valid_from", "day", _(
                "Choose the day from which the decision or card is valid."))
            raise CitizenRefused(errors=(why,)) from None
        return (ClaimInput(self.group, self.evidence, since),)


_TYPED = tuple(each.name for each in fields(CitizenEntries) if each.name != "commune")


def read_citizen(posted: Mapping[str, str], province_code: str) -> CitizenEntries:
    typed = {name: posted.get(name, "") for name in _TYPED}
    return CitizenEntries(**typed, commune=read_place(posted, "commune", province_code))


def entries_of_card(card: Card) -> CitizenEntries:
    """The form as the QR code of an ID card fills it."""
    address = read_card_address(card.address)
    entries = CitizenEntries(full_name=card.full_name, national_id=card.national_id, birth=card.birth, sex=card.sex,
                             street=address.street)
    return replace(entries, commune=PlaceEntry("commune", "", address.chosen))
