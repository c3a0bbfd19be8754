"""Places offered while somebody types: communes of today, and former ones with what they became."""

from dataclasses import dataclass
from typing import Final

from shared import places
from shared.places import FormerPlace, Place
from shared.text import fold

MOST_OFFERS: Final = 8
_MANY: Final = 100
_KINDS: Final = (("xa",), ("phuong",), ("thi", "tran"), ("dac", "khu"))


@dataclass(frozen=True, slots=True)
class PlaceOffer:
    """One thing to choose. A former unit that was split comes once for each successor."""

    commune_code: str
    name: str
    province_name: str
    former_code: str = ""
    former_name: str = ""
    is_split: bool = False

    @property
    def value(self) -> str:
        """What a form sends: the commune, and the former one after a slash."""
        return f"{self.commune_code}/{self.former_code}" if self.former_code else self.commune_code


def offer_places(text: str, *, province_code: str = "") -> list[PlaceOffer]:
    """What `text` may mean, the own province before all others."""
    typed = text.partition(",")[0].strip()
    if len(typed) < 2:
        return []
    offers = _offers(typed, province_code)
    if province_code and len(offers) < MOST_OFFERS:
        known = {offer.value for offer in offers}
        offers += [offer for offer in _offers(typed, "") if offer.value not in known]
    return offers[:MOST_OFFERS]


def _offers(text: str, province_code: str) -> list[PlaceOffer]:
    found = places.search_places(_bare(text), province_code=province_code, limit=MOST_OFFERS)
    present = [PlaceOffer(place.code, place.full_name, place.province_name) for place in found.present]
    return present + [offer for former in found.former for offer in former_offers(former)]


def _bare(text: str) -> str:
    """Without the kind that people say first: "phường Phong Dinh" is found as "Phong Dinh"."""
    words = text.split()
    folded = tuple(fold(word) for word in words)
    said = next((kind for kind in _KINDS if len(words) > len(kind) and folded[:len(kind)] == kind), ())
    return " ".join(words[len(said):])


def former_offers(former: FormerPlace) -> list[PlaceOffer]:
    return [PlaceOffer(s.place.code, s.place.full_name, s.place.province_name, former.code, former.full_name,
                       former.is_split) for s in former.successors]


@dataclass(frozen=True, slots=True)
class ChosenPlace:
    """A place as a form keeps it: today's commune and the former one that was named."""

    place: Place | None
    former: FormerPlace | None
    is_to_choose: bool
    """The former unit was split and nobody has said which part."""

    @property
    def former_name(self) -> str:
        """Without its district."""
        return self.former.full_name.partition(",")[0] if self.former is not None else ""

    @property
    def value(self) -> str:
        code = self.place.code if self.place else ""
        return f"{code}/{self.former.code}" if self.former else code


def chosen_place(value: str) -> ChosenPlace | None:
    """What `value` (see PlaceOffer.value) names; None when nobody knows it."""
    commune_code, _slash, former_code = value.strip().partition("/")
    place = places.get_place(commune_code) if commune_code else None
    former = places.get_former_place(former_code) if former_code else None
    if former is not None:
        fits = place is not None and any(s.place.code == place.code for s in former.successors)
        if not fits:
            place = former.successors[0].place if len(former.successors) == 1 else None
        return ChosenPlace(place, former, is_to_choose=place is None)
    return None if place is None else ChosenPlace(place, None, is_to_choose=False)


@dataclass(frozen=True, slots=True)
class CardAddress:
    """An address from a card: what stands before the commune, and the commune, where it could be told."""

    street: str
    chosen: ChosenPlace | None


def read_card_address(address: str) -> CardAddress:
    """Split "Thôn 1, Phong Chương, Phong Điền, Thừa Thiên Huế" at its commune, of before or of after 1 July 2025."""
    parts = [part.strip() for part in address.split(",") if part.strip()]
    if len(parts) >= 3:
        former = _former(parts[-3], parts[-2])
        if former is not None:
            only = former.successors[0].place if len(former.successors) == 1 else None
            return CardAddress(", ".join(parts[:-3]), ChosenPlace(only, former, is_to_choose=only is None))
    if len(parts) >= 2:
        present = _present(parts[-2], parts[-1])
        if present is not None:
            return CardAddress(", ".join(parts[:-2]), ChosenPlace(present, None, is_to_choose=False))
    return CardAddress(address, None)


def _former(name: str, district: str) -> FormerPlace | None:
    """The only former unit of this name in a district that is called so."""
    key, inside = fold(_bare(name)), fold(district)
    found = [former for former in places.search_places(_bare(name), limit=_MANY).former
             if fold(former.name) == key and (inside in fold(former.district_name)
                                              or fold(former.district_name) in inside)]
    return found[0] if len(found) == 1 else None


def _present(name: str, province: str) -> Place | None:
    key, inside = fold(_bare(name)), fold(province)
    found = [place for place in places.search_places(_bare(name), limit=_MANY).present
             if fold(place.name) == key and fold(place.province_name) in inside]
    return found[0] if len(found) == 1 else None
