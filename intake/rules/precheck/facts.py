"""What the check knows about a filing: plain values, so that a browser can hold the same."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class PaperFact:
    """One component of the published list as it stands for the chosen channel."""

    code: str
    name_vi: str
    name_en: str
    kind: str = ""
    is_required: bool = False
    """On the chosen channel."""
    is_scanned: bool = False
    is_shown: bool = False
    """Compared, in the envelope, or filled in online: there without a scan."""
    pages: int | None = None
    """Of all its files together; None: not counted yet."""
    content_types: tuple[str, ...] = ()
    valid_months: int | None = None
    """How long the paper may be used after its date; None: for ever."""
    dated: date | None = None
    """The day on the paper."""
    basis: str = ""
    """Where its validity is set."""
    is_lost: bool = False
    """A file of it is infected, unreadable or damaged: nobody can open it."""
    is_hard_to_read: bool = False
    signature_vi: str = ""
    """What is wrong with a digital signature on it; empty: nothing, or nobody signed."""
    signature_en: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """A filing on a local day. Fields have defaults, so that a new fact breaks no caller."""

    on: date
    procedure_code: str = ""
    channel: str = ""
    """"online", "post" or "refer"."""
    modes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    is_paper_forbidden: bool = False
    """In the province whose authority decides."""
    needs_presence: bool = False
    outlet_province: str = ""
    place_province: str = ""
    """Of the place that decides the authority; empty while unknown."""
    home_province: str = ""
    """Of the place the result goes to."""
    is_authority_clear: bool = True
    result_choice: str = "home"
    collect_reason: str = ""
    street: str = ""
    phone: str = ""
    """Of the recipient, or the citizen's."""
    fee_vnd: int | None = 0
    """None: no rule known to us names it."""
    is_fee_due_at_filing: bool = False
    """Whether the procedure itself wants it when the dossier is handed in, else nothing is taken up."""
    is_fee_settled: bool = False
    duplicates: tuple[str, ...] = ()
    """References of open dossiers of the same citizen about the same procedure."""
    lacks_mandate_vi: str = ""
    lacks_mandate_en: str = ""
    """What is missing to speak and file for the citizen; empty: nothing is."""
    has_second_citizen: bool = False
    """Another citizen's paper waits for the clerk's word."""
    papers: tuple[PaperFact, ...] = field(default=())


def as_data(facts: Facts) -> dict[str, Any]:
    """The facts as the rules read them and as JSON carries them: days in ISO form, tuples as lists."""
    plain: dict[str, Any] = _plain(asdict(facts))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
