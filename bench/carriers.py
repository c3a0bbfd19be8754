"""Carriers' events by webhook and by file; the measuring is bench.delivery's."""

from bench.delivery import carrier_file, webhook_event
from bench.rounds import Result, facts_of
from bench.sizes import Sizes


def run(sizes: Sizes) -> list[Result]:
    """One event at a time, on short and long histories; then a file."""
    return [*facts_of("webhook", webhook_event(sizes.webhook_events, sizes.rounds),
                      {"ratio": "≤ 1.8", "flatness": "≤ 1.1"}),
            *facts_of("carrier file", carrier_file(sizes.bulk_events, sizes.rounds),
                      {"ratio": "≤ 1.5", "wall_ratio": "≤ 1.5"})]
