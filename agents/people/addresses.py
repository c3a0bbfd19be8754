"""Where somebody who is invited can be reached."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from agents.people.models import Invitation
from shared.errors import ErrorCollector


def check_address(invitation: Invitation, wrong: ErrorCollector) -> None:
    """An e-mail address or a phone number; a number is kept in its international form."""
    typed = invitation.phone.strip()
    if not invitation.email and not typed:
        wrong.add("/email", "required", _("Enter an e-mail address or a phone number."))
    if invitation.email:
        try:
            validate_email(invitation.email)
        except ValidationError:
            wrong.add("/email", "wrong-form", _("This is not an e-mail address; please check it, or leave it empty."))
    invitation.phone = _international(typed)
    if typed and not invitation.phone:
        wrong.add("/phone", "wrong-form", _("This is not a phone number of Viet Nam; please check it."))


def _international(typed: str) -> str:
    try:
        parsed = phonenumbers.parse(typed, "VN")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(parsed):
        return ""
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
