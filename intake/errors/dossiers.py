"""What intake refuses about dossiers and their steps."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, NotFound


class DossierNotFound(NotFound):
    code = "dossier-not-found"
    title = _("No such dossier")


class IllegalTransition(Conflict):
    """Facts: dossier_state, action."""

    code = "illegal-transition"
    title = _("The dossier cannot take this step now")


class DossierChanged(Conflict):
    """Somebody else was first; facts say what changed, by whom and when."""

    code = "dossier-changed"
    title = _("Somebody else changed this dossier in the meantime")
