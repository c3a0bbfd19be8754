"""What allauth's second factors ask of this house: sealed secrets, our own words, nothing about e-mail."""

import base64
from typing import Any, Final

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter

from shared import crypto

_COLUMN: Final = "second_factor.secret"


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Secrets are sealed as national numbers are; a copy of the table opens no account."""

    def encrypt(self, text: str) -> str:
        return crypto.seal_text(text, bound_to=_COLUMN)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(base64.b64decode(encrypted_text), bound_to=_COLUMN)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """A passkey belongs to the address that the browser shows."""
        return {"id": context.request.get_host().partition(":")[0], "name": "Wardpost"}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        return {"id": user.pk.bytes, "display_name": user.display_name, "name": user.username}

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Letters of this house are its own; the audit tells of every change."""
