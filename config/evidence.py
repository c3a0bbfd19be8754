"""Evidence in disputes is looked at with the eyes that citizens' papers are looked at with.

Billing stands below intake and cannot ask it; the house, which knows both, hands the one to the other.
"""

from billing.disputes.checking import Eyes, Seen, register_eyes
from billing.disputes.rules import EvidenceState
from intake import looking


def look(content: bytes) -> Seen:
    found = looking.look_at(content)
    if found.is_infected:
        return Seen(EvidenceState.INFECTED, engine=found.engine)
    if not found.view:
        return Seen(EvidenceState.UNREADABLE, engine=found.engine)
    state = EvidenceState.CLEAN if found.engine else EvidenceState.SAFE
    return Seen(state, found.view, found.view_type, found.engine)


register_eyes(Eyes(look=look, engine=looking.engine, has_engine=looking.has_engine))
