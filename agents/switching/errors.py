"""What is refused about locking and switching."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Forbidden, Invalid


class ScreenLocked(Forbidden):
    """The session waits for its person: nothing is shown or done before she has shown that it is her."""

    code = "screen-locked"
    title = _("The screen is locked; unlock it first")


class InvalidPin(Invalid):
    """Field errors name `pin`."""

    code = "invalid-pin"
    title = _("Choose another PIN")
