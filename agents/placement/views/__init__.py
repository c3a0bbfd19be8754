"""The planner's pages: scenarios, demand, candidate sites."""

from typing import Final

from shared.roles import Role

READERS: Final = (Role.PROGRAMME_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)
WRITERS: Final = (Role.PROGRAMME_OFFICER,)
SHOWN: Final = 60
"""Lists are short: a city has a handful of each."""
