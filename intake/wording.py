"""What is wrong with an entry, said so that the person at the counter knows what to do."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from intake.rules.faults import Fault
from intake.rules.wording import Words
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
    "number-of-practice": _("This number is from practice and belongs to nobody; copy hers from the card."),
    "real-number-in-practice": _("Practice takes made-up numbers only, which begin with 999. Never type a real one."),
    "real-line-in-practice": _("Practice takes made-up telephone numbers only: 0992 and six digits."),
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
    "place-needed": _("Say where it is: this decides which authority is competent."),
    "not-a-successor": _("{former} did not become part of {commune}; choose {candidates}."),
    # mandates and second citizens
    "evidence-needed": _("Give the number and day of the paper, or choose its scan."),
    "not-a-guardian": _("A legal representative is a parent, guardian, grandparent or sibling."),
    "mandate-expired": _("This mandate is no longer valid; please check the last day."),
    "mandate-too-long": _("A mandate of more than {years} years is a slip; please check the last day."),
    "second-citizen-file": _("This file stands in another citizen's dossier. Say what it is, or take it out."),
    "relation-needed": _("Say how this person is related to the citizen."),
    "not-a-choice-here": _("This cannot be chosen here."),
    "booked-in-the-past": _("This moment has passed; please choose a later one."),
    "moment-form": _("Give day and time."),
    "secret": _("This looks like a one-time code or password. Never write one down; the citizen types it alone."),
    # files
    "file-type": _("Only PDF, JPEG, PNG and HEIC files are accepted."),
    "file-empty": _("The file is empty; please choose it again."),
    "file-truncated": _("The file is cut off; please scan or copy it again."),
    "file-password": _("The file is locked with a password; please save it without one."),
    "file-no-pages": _("The file has no pages; please scan it again."),
    "file-too-many-pages": _("The file has more than 500 pages; please split it."),
    "file-too-many-pixels": _("The picture is larger than 50 megapixels; please scan it at a lower resolution."),
    "file-unreadable": _("The file cannot be read; please scan it again."),
    # bundles
    "bundle-empty": _("Choose one to eight dossiers of this event."),
    "bundle-one-citizen": _("A bundle is one citizen’s; file for the other one apart."),
    "bundle-procedure": _("{procedure} does not belong to this event, or stands twice."),
    "too-many-files": _("A dossier holds at most {most} files and {megabytes} MB together. Put pages together, or scan "
                        "at a lower resolution."),
    # filings
    "unknown-procedure": _("No such procedure is in force today."),
    "direct-only": _("This procedure is received only at the centre's own counter. Send the citizen there, or book."),
    "outlet-may-not": _("The agreement of this outlet does not cover this today."),
    "channel-not-offered": _("The procedure is not offered in this way; choose another."),
    "refer-only": _("An outlet cannot file this: {reason}"),
    "paper-forbidden": _("No paper dossier may be asked for here; file it online."),
    "paper-missing": _("“{paper}” is missing: scan it, or tick that it was shown."),
    "unknown-paper": _("“{paper}” is not on the list of this procedure; nothing outside the list may be asked for."),
    "unknown-document": _("This file is not there (any more); please upload it again."),
    "paper-twice": _("This file stands here twice."),
    "collect-reason": _("Results go home by post. Say why the citizen wants to collect this one."),
    "address-needed": _("Say where the result goes: house, street or hamlet."),
    "unproven-group": _("No valid proof of this priority group is recorded for the citizen."),
    "unknown-centre": _("There is no such centre."),
    "copies": _("Between 1 and {most} copies can be asked for."),
    "pages": _("A copy has between 1 and {most} pages."),
}


def words_of(fault: Fault) -> Any:
    """The sentence of a fault in the reader's language, lazily."""
    return told(_WORDS[fault.code], **fault.facts)


def both(fault: Fault) -> Words:
    """The sentence of a fault in both languages, where it is kept or shown with others."""
    with override("vi"):
        vi = str(words_of(fault))
    with override("en"):
        return Words(vi, str(words_of(fault)))


def field_error(pointer: str, fault: Fault) -> FieldError:
    return FieldError(pointer, fault.code, words_of(fault))
