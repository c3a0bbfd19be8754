"""What intake refuses about documents and papers."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class DocumentNotFound(NotFound):
    code = "document-not-found"
    title = _("No such document")


class DocumentRefused(Invalid):
    """Fact `cause`: "empty", "truncated", "password", "no-pages", "too-many-pages", "too-many-pixels", "unreadable"."""

    code = "document-unreadable"
    title = _("This file cannot be used")


class DocumentTypeRefused(Invalid):
    """Fact `found`: what the content is."""

    status = 415
    code = "document-type-not-accepted"
    title = _("Only PDF, JPEG, PNG and HEIC files are accepted")


class DocumentTooLarge(Invalid):
    status = 413
    code = "document-too-large"
    title = _("The file is larger than 20 MB")


class DocumentQuarantined(Forbidden):
    code = "document-quarantined"
    title = _("The antivirus found something in this file; it is kept, and not given out")


class DocumentNotChecked(Conflict):
    """It is still being looked at; the very same request succeeds a little later."""

    code = "document-not-checked"
    title = _("This file is still being checked")
    retry_after_seconds = 5


class DocumentNotReadable(Conflict):
    code = "document-not-readable"
    title = _("This file cannot be read; it has to be scanned again")


class DocumentDamaged(Conflict):
    code = "document-damaged"
    title = _("The stored file is damaged or lost; the administrator has been told")


class DocumentSigned(Conflict):
    code = "document-signed"
    title = _("A digitally signed file stays as it is; turning or splitting it would break the signature")


class PhoneLinkClosed(NotFound):
    """Unknown, too old, taken back or used too often: which of them is not told."""

    code = "phone-link-closed"
    title = _("This link no longer works; ask at the counter for a new one")


class DocumentLimit(Conflict):
    code = "document-limit"
    title = _("This dossier already holds as many files as it may")


class PaperNotReady(Conflict):
    """Fact `kind`: "receipt" before the centre received, "slip" before the outlet submitted."""

    code = "paper-not-ready"
    title = _("This paper can be printed once its step has been taken")
