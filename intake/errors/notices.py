"""What intake refuses about notices, and what the national portal is told."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Invalid


class NoticeTextRefused(Invalid):
    """`errors` holds one entry for each field."""

    code = "notice-text-invalid"
    title = _("This text cannot be used yet")


class NothingParked(Conflict):
    code = "nothing-parked"
    title = _("Nothing of this dossier waits to be sent again")
