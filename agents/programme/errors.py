"""What the programme refuses."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class ProgrammeNotFound(NotFound):
    """No programme, phase, decision or operator of it that one sees."""

    code = "programme-not-found"
    title = _("No such part of the programme")


class InvalidProgramme(Invalid):
    code = "invalid-programme"
    title = _("Some entries of the programme need correcting")


class ProgrammeStepImpossible(Conflict):
    code = "programme-step-impossible"
    title = _("This step of the programme is not possible now")


class SecondPersonNeeded(Forbidden):
    """Who proposed or recorded it does not approve it: four eyes."""

    code = "programme-second-person-needed"
    title = _("Another officer than the one who prepared it decides")


class NotPastAccreditation(Conflict):
    """The city's programme holds: outlets open under an approved accreditation only."""

    code = "not-past-accreditation"
    title = _("In this city an outlet opens under its accreditation; propose the place first")
