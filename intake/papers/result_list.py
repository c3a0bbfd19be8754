"""Phiếu bàn giao kết quả: results handed on together, which of them have a fee and which go home by post."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import override

from agents import public as agents
from intake.errors import DossierNotFound
from intake.models.dossiers import Dossier
from intake.models.papers import ResultList
from intake.papers import wording
from intake.papers.render import render_pdf
from intake.rules.catalogue import ResultChoice
from intake.rules.short_names import shortened
from intake.rules.states import MoneyState
from shared.actors import Actor
from shared.calendar import local
from shared.places import get_place

CROSS = "X"


def result_list_data(made: ResultList, rows: Sequence[Dossier], centre: agents.CentreInfo) -> dict[str, Any]:
    """All that the list says; `rows` hold procedure, citizen, resolution and the commune of delivery."""
    place = get_place(centre.commune_code) if centre.commune_code else None
    with override("vi"):
        return {
            "above": centre.authority_name, "agency": centre.name, "number": f"{made.number:03d}/{made.year}",
            "place_and_day": wording.place_and_day(place.name if place else "", local(made.made_at).date()),
            "receiver": made.receiver, "receiver_name": "", "signer": made.made_by_name,
            "rows": [_row(number, dossier) for number, dossier in enumerate(rows, 1)]}


def _row(number: int, dossier: Dossier) -> dict[str, str]:
    resolution = getattr(dossier, "resolution", None)
    home = dossier.result_choice == ResultChoice.HOME
    place = get_place(dossier.delivery_commune_id) if dossier.delivery_commune_id else None
    address = wording.address(dossier.delivery_street, place) if home else wording.home_of(dossier.citizen)
    return {
        "number": str(number), "code": str(dossier.code), "content": shortened(dossier.procedure.name_vi, 70),
        "result": resolution.decision_number if resolution is not None else "", "owner": dossier.citizen.full_name,
        "address": address, "fee": CROSS if dossier.fee or dossier.money != MoneyState.NOTHING_DUE else "",
        "post": CROSS if home else ""}


def result_list_pdf(list_id: UUID, *, actor: Actor) -> bytes:
    """The list as it was made; raises DossierNotFound when it is none of the actor's centre."""
    made = ResultList.objects.filter(id=list_id, centre_id=actor.centre_id).first() if actor.centre_id else None
    if made is None:
        raise DossierNotFound
    return render_pdf("resultlist", made.paper, dated=made.made_at)
