"""What every page of a counter shows while somebody is acted for: whose dossier it is, and under what."""

from dataclasses import dataclass

from intake.models.citizens import ActingSession, Citizen, ConsentPurpose
from intake.models.mandates import Mandate, SecondCitizenStop
from intake.queries.sessions import consents_of, mandates_of, open_session_of, stop_of
from intake.rules.mandate_words import MANDATE_WORDS, RELATION_WORDS
from intake.rules.wording import Words
from shared.actors import Actor


@dataclass(frozen=True, slots=True)
class MandateLine:
    """A recorded mandate, ready to be read."""

    mandate: Mandate

    @property
    def kind(self) -> Words:
        return MANDATE_WORDS[self.mandate.kind]

    @property
    def relation(self) -> Words:
        return RELATION_WORDS.get(self.mandate.relation, Words())


@dataclass(frozen=True, slots=True)
class Acting:
    """The open session of a clerk. `stop` is a second citizen's paper that waits to be decided."""

    session: ActingSession
    agreed: frozenset[str]
    mandates: tuple[MandateLine, ...]
    stop: SecondCitizenStop | None

    @property
    def citizen(self) -> Citizen:
        return self.session.citizen

    @property
    def representative(self) -> MandateLine | None:
        """Who speaks for the citizen, by the newest mandate that names somebody."""
        return next((line for line in self.mandates if line.mandate.representative_name), None)

    @property
    def is_unrepresented(self) -> bool:
        """Somebody came for the citizen, and nothing is recorded that lets them."""
        return not self.session.is_citizen_present and not self.mandates

    @property
    def may_deliver(self) -> bool:
        return ConsentPurpose.DELIVER_HOME in self.agreed


def acting_for(actor: Actor) -> Acting | None:
    """The actor's open session with what was agreed and recorded in it: four questions, one when there is none."""
    session = open_session_of(actor)
    if session is None:
        return None
    lines = tuple(MandateLine(mandate) for mandate in mandates_of(session))
    return Acting(session, consents_of(session), lines, stop_of(session))
