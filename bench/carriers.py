"""Carriers' events by webhook, by file and by asking, and what should not have come; measured by other modules."""

from bench.delivery import carrier_file, webhook_event
from bench.hostile import attacked
from bench.polls import polled
from bench.rounds import Result, facts_of
from bench.sizes import Sizes


def run(sizes: Sizes) -> list[Result]:
    """One event at a time, on short and long histories; files, the big one once; then a round of questions."""
    file_goals = {"ratio": "≤ 1.5", "wall_ratio": "≤ 1.5", "parcels_unlike_the_floor": "0"}
    return [*facts_of("webhook", webhook_event(sizes.webhook_events, sizes.rounds),
                      {"ratio": "≤ 1.8", "flatness": "≤ 1.1"}),
            *attacked(sizes.bad_messages, sizes.good_messages, sizes.processes),
            *facts_of("carrier file", carrier_file(sizes.bulk_events, sizes.rounds), file_goals),
            *facts_of("big carrier file", carrier_file(sizes.file_events, 1), file_goals),
            *polled(sizes.polled_parcels)]
