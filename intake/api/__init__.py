"""The API of intake: `router` gathers what its submodules declare."""

from ninja import Router

from intake.api import (
    bundles,
    centre,
    centre_lists,
    centre_team,
    centre_work,
    citizens,
    deadlines,
    delegations,
    delivery_addresses,
    documents,
    dossiers,
    first_time,
    manifests,
    opinions,
    originals,
    outlets,
    payment_requests,
    people,
    places,
    procedures,
    receipts,
    reference_bundle,
    replays,
    routes,
)
from intake.boards import api as boards
from intake.boards import public_api as public_boards
from intake.brokers import api as brokers
from intake.coaching import api as coaching
from intake.complaints import api as complaints
from intake.messages import api as messages
from intake.notices import api as notices
from intake.portal import api as portal
from intake.satisfaction import api as satisfaction

router = Router()
_PARTS = (citizens, people, procedures, places, outlets, routes, dossiers, bundles, reference_bundle, first_time,
          documents, centre, centre_lists)
for _part in _PARTS:
    router.add_router("", _part.router)
for _router in (boards.router, public_boards.router, messages.router, notices.router, portal.router,
                satisfaction.router, coaching.router, complaints.router, brokers.router):
    router.add_router("", _router)
for _part in (opinions, replays, deadlines, delegations, centre_work, centre_team):
    router.add_router("", _part.router)
for _part in (manifests, originals, receipts, delivery_addresses, payment_requests):
    router.add_router("", _part.router)
