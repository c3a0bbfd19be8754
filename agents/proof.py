"""The front door to proofs of the last minutes, for views and APIs that move money, change rules or take data out.

`@fresh_proof()` stands below `@require_role`; `with_fresh_proof(gate)` is the same for an API operation.
"""

from agents.auth import with_fresh_proof
from agents.people.proof_views import fresh_proof

__all__ = ["fresh_proof", "with_fresh_proof"]
