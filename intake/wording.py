"""What is wrong with an entry, said so that the person at the counter knows what to do."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from intake.rules.faults import Fault
from shared.errors import FieldError
from shared.problems import told

_WORDS: Final[Mapping[str, Any]] = {
    # names and texts
    "required": _("This is required."),
    "too-long": _("At most {most} characters are possible; this has {length}."),
    "hidden-character": _("There is an invisible character at position {position}; please type it again."),
    "digits": _("A name has no digits; please correct it."),
    "wrong-font": _("The letters come from an old font and are broken; please type this again in Unicode."),
    "strange-character": _("“{character}” at position {position} does not belong to a name; please type it again."),
    # national ID numbers
    "not-digits": _("An ID number has digits only, 0 to 9; please type it again."),
    "old-identity-card": _("Nine digits are an old identity card (CMND), which is no longer valid. Enter the twelve "
                           "digits of the citizen ID card (CCCD), or leave this empty."),
    "length": _("An ID number has 12 digits; this has {length}."),
    "all-zeros": _("This is not an ID number; please copy it from the card."),
    "unknown-province": _("The number begins with {province}, which is no province we know. Compare it with the card; "
                          "people born abroad have other codes."),
    "birth-year-differs": _("The number says born in {number_year}, the date of birth says {birth_year}. Compare both "
                            "with the card."),
    "sex-differs": _("The number and the stated sex do not fit. Compare both with the card."),
    # phones
    "phone-characters": _("A phone number has digits only; please leave out letters and other signs."),
    "old-prefix": _("Eleven-digit mobile numbers were changed in 2018. Is it {suggestion} now?"),
    "phone-number": _("This is not a phone number in Vietnam ({length} digits). A mobile number has 10 digits; a "
                      "number abroad begins with + and its country code."),
    # birth
    "birth-format": _("Write the date of birth as day/month/year with four digits for the year, or the year alone."),
    "no-such-day": _("There is no such day in the calendar; please check day and month."),
    "in-the-future": _("This day lies in the future; please check the year."),
    "implausible": _("Nobody is older than {years} years; please check the year."),
    # the rest
    "email": _("This is not an e-mail address; please check it, or leave it empty."),
    "not-a-choice": _("Please choose one of the offered values."),
    "period": _("The end must come after the beginning."),
    "place-unknown": _("No commune has this code; please choose the place from the list."),
    "split-unit": _("{former} was split between {candidates}. Ask the citizen and choose one of them."),
    "not-a-successor": _("{former} did not become part of {commune}; choose {candidates}."),
}


def words_of(fault: Fault) -> Any:
    """The sentence of a fault in the reader's language, lazily."""
    return told(_WORDS[fault.code], **fault.facts)


def field_error(pointer: str, fault: Fault) -> FieldError:
    return FieldError(pointer, fault.code, words_of(fault))
