"""Delivered parcels settled in bulk; the measuring is bench.billing's."""

from bench import billing as books
from bench.rounds import Result, facts_of
from bench.sizes import Sizes


def run(sizes: Sizes) -> list[Result]:
    """Parcels out of a table and parcels handed in by Python."""
    return facts_of("settlement", books.settlement(sizes.settled_parcels, sizes.rounds), {"from_table.ratio": "≤ 2"})
