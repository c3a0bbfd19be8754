"""The list of a dispatch as PDF: what lies in which sealed bag, and who gave it to whom."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from agents import public as agents
from delivery.dispatch.models import Dispatch, DispatchItem
from delivery.dispatch.rules import DispatchState
from delivery.errors import DispatchNotFound, DispatchNotThere
from delivery.papers.label import qr_svg
from delivery.rules import Direction
from shared.actors import Actor
from shared.calendar import local
from shared.typesetting import Typesetter

TYPESETTER: Final = Typesetter(Path(__file__).parent / "typst")


def paper_data(dispatch: Dispatch, items: Sequence[DispatchItem]) -> dict[str, Any]:
    """What the list says, in Vietnamese whatever the reader's language; fixed when the list is closed."""
    lines = [_line(item) for item in items]
    return {
        "code": dispatch.code,
        "operator": next((o.name for o in agents.operators() if o.code == dispatch.operator_code), ""),
        "place": _place_name(dispatch), "closed": _moment(dispatch.closed_at),
        "closed_by": dispatch.closed_by_name, "cut_off": _moment(dispatch.cut_off_at),
        "bags": [{"number": number, "seal": seal, "lines": [line for line in lines if line["bag"] == number],
                  "grams": sum(line["grams"] for line in lines if line["bag"] == number)}
                 for number, seal in enumerate(dispatch.bags, 1)],
        "parcels": len(lines), "grams": sum(line["grams"] for line in lines),
        "dossiers": sum(line["dossiers"] for line in lines),
        "originals": sum(line["originals"] for line in lines),
    }  # fmt: skip


def _line(item: DispatchItem) -> dict[str, Any]:
    parcel, inside = item.parcel, list(item.parcel.contents.all())
    return {
        "bag": item.bag, "number": parcel.number, "grams": parcel.weight_grams,
        "to": str(parcel.recipient_commune), "province": parcel.recipient_commune.province.name,
        # A list lies open on a counter: a citizen's name is on the label, not here.
        "name": "" if parcel.direction == Direction.RESULT else parcel.recipient_name,
        "dossiers": len(inside), "originals": sum(len(row.originals) for row in inside), "seal": parcel.seal_number,
    }  # fmt: skip


def _place_name(dispatch: Dispatch) -> str:
    if dispatch.outlet_id is not None:
        return agents.get_outlet(dispatch.outlet_id).name
    assert dispatch.centre_id is not None  # noqa: S101  # a constraint says so
    return agents.get_centre(dispatch.centre_id).name


def list_pdf(*, dispatch_id: UUID, by: Actor) -> tuple[str, bytes]:
    """The file name and the PDF of a closed list; once it is handed over, with both names.

    Raises:
        DispatchNotFound: none that `by` may know of.
        DispatchNotThere: it is still open.
    """
    dispatch = Dispatch.objects.seen_by(by).filter(id=dispatch_id).first()
    if dispatch is None:
        raise DispatchNotFound
    if dispatch.closed_at is None:
        raise DispatchNotThere(state=dispatch.state, action="print")
    left = {item.parcel.number: item.left_because
            for item in dispatch.items.filter(is_live=False).select_related("parcel")}
    data = dispatch.paper | {
        "qr": qr_svg(dispatch.code), "is_handed_over": dispatch.state == DispatchState.HANDED_OVER, "left": left,
        "handed_over": _moment(dispatch.handed_over_at), "gave": dispatch.gave_name, "taker": dispatch.taken_by_name,
        "badge": dispatch.taken_by_badge}
    return f"chuyen-thu-{dispatch.code}.pdf", TYPESETTER.pdf(
        "list", data, dated=dispatch.handed_over_at or dispatch.closed_at)


def _moment(moment: Any) -> str:
    return f"{local(moment):%H:%M %d/%m/%Y}" if moment is not None else ""
