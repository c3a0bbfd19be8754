"""What people send in about disputes, read with mercy; refusals beside their fields."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from billing.disputes.files import Evidence, evidence_of
from billing.disputes.raising import Objection
from billing.disputes.reviewing import LineDecision
from billing.disputes.rules import LARGEST_FILE, MOST_FILES, Cause, Outcome, Reason
from billing.disputes.steps import refused
from shared.errors import DomainError
from shared.money import Money

_MOST_DIGITS: Final = 11


def objection_of(posted: QueryDict, files: "MultiValueDict[str, UploadedFile[Any]]") -> Objection:
    """Raises EvidenceRefused, DisputeRefused."""
    lines = uuids(posted.getlist("line"))
    wanted = amount_of(posted.get("wanted", ""), "/wanted")
    return Objection(
        lines=lines, missing=[code for code in posted.getlist("missing") if code.strip()][:20],
        reason=reason_of(posted.get("reason", "")), text=posted.get("text", ""), files=files_of(files),
        wanted={lines[0]: wanted} if wanted is not None and len(lines) == 1 else {})


def reason_of(text: str) -> Reason:
    return Reason(text) if text in set(Reason) else Reason.UNCLEAR


def files_of(files: "MultiValueDict[str, UploadedFile[Any]]") -> list[Evidence]:
    """Raises EvidenceRefused."""
    uploads = files.getlist("files")[: MOST_FILES + 1]
    return [evidence_of(each.name or "", each.read(LARGEST_FILE + 1)) for each in uploads]


def decisions_of(posted: QueryDict, line_ids: Iterable[UUID]) -> dict[UUID, LineDecision]:
    """Fields `outcome-<line>` and `amount-<line>`; a line without an outcome is left out. Raises DisputeRefused."""
    found = {}
    for line_id in line_ids:
        outcome = posted.get(f"outcome-{line_id}", "")
        if outcome in set(Outcome):
            amount = amount_of(posted.get(f"amount-{line_id}", ""), f"/lines/{line_id}")
            found[line_id] = LineDecision(Outcome(outcome), amount)
    return found


def cause_of(text: str) -> Cause:
    return Cause(text) if text in set(Cause) else Cause.UNKNOWN


def amount_of(text: str, pointer: str) -> Money | None:
    """Whole đồng as people type it: `15.000`, `15 000 đ`, `-9000`. Raises DisputeRefused."""
    bare = text.replace("đ", "").replace("−", "-").translate({ord(each): None for each in " .,\u00a0"})
    if not bare:
        return None
    digits = bare.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _MOST_DIGITS:
        raise refused(pointer, "amount", _("Write whole đồng, e.g. 15.000."))
    return Money(int(bare))


def printable(text: str) -> str:
    """What somebody looks for, without what no code holds."""
    return "".join(each for each in text.strip() if each.isprintable())


def uuids(texts: Iterable[str]) -> list[UUID]:
    return [found for text in texts if (found := uuid_of(text)) is not None]


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def errors_of(refusal: DomainError) -> dict[str, str]:
    """Field name → what to do; what belongs to no field is under "all". "/lines/0199…" is `line-0199…`."""
    found = {error.pointer.removeprefix("/lines/").strip("/").replace("/", "_"): str(error.message)
             for error in refusal.errors}
    return found or {"all": said(refusal)}


def said(refusal: DomainError) -> str:
    title, detail = str(refusal.title), str(refusal.detail)
    return title if detail == title else f"{title}. {detail}"
