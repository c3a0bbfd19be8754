"""How much of everything: the full run, and a small one that proves that all of it works."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Sizes:
    rounds: int
    processes: int
    """Of a web server, and of the worker."""
    connections: int
    """That bare SQL is sent over."""
    outlets: int
    more_outlets: int
    """For flatness."""
    machines: int
    filers: int
    submissions: int
    """In one run of a round."""
    searches: int
    points: int
    """Random places whose answers are compared with the full sort."""
    dossiers: int
    board_dossiers: tuple[int, ...]
    """In cities made one after another; growth is the last against the first."""
    moments: int
    """Asked for in a round."""
    webhook_events: int
    bulk_events: int
    file_events: int
    """In one big daily file, taken once."""
    polled_parcels: int
    bad_messages: int
    good_messages: int
    settled_parcels: int
    settled_growth: tuple[int, ...]
    """Parcels settled out of a table, one amount after another; the largest books are then sealed and verified."""
    claim_rows: int
    deliveries: int
    pages: int


FULL: Final = Sizes(
    rounds=3, processes=2, connections=8, outlets=20_000, more_outlets=200_000, machines=40, filers=2000,
    submissions=400, searches=1000, points=200, dossiers=1_000_000, board_dossiers=(100_000, 1_000_000), moments=60,
    webhook_events=400, bulk_events=100_000, file_events=1_000_000, polled_parcels=200_000, bad_messages=10_000,
    good_messages=1000, settled_parcels=100_000,
    settled_growth=(10_000, 100_000, 1_000_000), claim_rows=100_000, deliveries=5000, pages=30)
SMALL: Final = Sizes(
    rounds=1, processes=1, connections=2, outlets=1000, more_outlets=2000, machines=4, filers=20,
    submissions=8, searches=8, points=5, dossiers=1500, board_dossiers=(20, 40), moments=5,
    webhook_events=48, bulk_events=1000, file_events=2000, polled_parcels=400, bad_messages=60,
    good_messages=10, settled_parcels=200, settled_growth=(50, 100, 200), claim_rows=400, deliveries=20, pages=2)
