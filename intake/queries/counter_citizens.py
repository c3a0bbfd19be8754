"""Citizens as a counter finds them: people of its own place. By exact number is an operation: it is written down."""

from django.db.models import QuerySet

from intake.models.citizens import Citizen
from intake.rules import people
from intake.rules.faults import Fault
from shared.actors import Actor
from shared.text import fold

MOST_FOUND = 8
FEWEST_LETTERS = 3


def citizens_in_reach(actor: Actor) -> QuerySet[Citizen]:
    return Citizen.objects.seen_by(actor).select_related("commune__province", "former_commune")


def find_citizens(text: str, actor: Actor, *, most: int = MOST_FOUND) -> list[Citizen]:
    """By whole phone number, or by a part of the name without accents."""
    phone = people.check_phone(text) if any(letter.isdigit() for letter in text) else Fault("phone-number")
    if isinstance(phone, str):
        return list(citizens_in_reach(actor).filter(phone=phone).order_by("search_key", "id")[:most])
    key = fold(text)
    if len(key) < FEWEST_LETTERS or any(letter.isdigit() for letter in key):
        return []
    return list(citizens_in_reach(actor).filter(search_key__contains=key).order_by("search_key", "id")[:most])
