"""What intake refuses about taking dossiers and sending them on."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid


class SubmissionRefused(Invalid):
    """`errors` holds every reason with a pointer to its field."""

    code = "submission-invalid"
    title = _("The dossier cannot be submitted yet")


class BundleRefused(Invalid):
    """The filings of one event: errors name the filing by its place in the list."""

    code = "bundle-invalid"
    title = _("Something is missing in these dossiers")


class ClientRefReused(Conflict):
    code = "client-ref-reused"
    title = _("This client_ref already belongs to a dossier with other content")


class CertificateMissing(Forbidden):
    """Fact `courses`: the codes of the courses whose certificate the clerk lacks."""

    code = "certificate-missing"
    title = _("You need a certificate before you may take such a dossier")


class GroupNotYours(Forbidden):
    """Fact `group`: the procedure's group, which is not among those that the clerk was given."""

    code = "group-not-yours"
    title = _("You were not given this group of procedures; a colleague may take the dossier")


class OutletMayNot(Forbidden):
    """Facts: outlet, task."""

    code = "outlet-may-not"
    title = _("The agreement of this outlet does not cover this task today")


class NotAnOutlet(Forbidden):
    code = "not-an-outlet"
    title = _("Only an outlet can do this")


class AuthorityUnclear(Conflict):
    code = "authority-unclear"
    title = _("The competent authority is not clear yet; a question is waiting for its answer")


class ForwardingRefused(Conflict):
    """These dossiers cannot travel in one parcel, or not in this way."""

    code = "forwarding-refused"
    title = _("These dossiers cannot be forwarded like this")


class NoPublicOperator(Conflict):
    code = "no-public-operator"
    title = _("No designated public postal operator is registered")
