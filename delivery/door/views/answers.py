"""What a refused form tells, beside its fields."""

from shared.errors import DomainError


def errors_of(refusal: DomainError) -> dict[str, str]:
    """Field to message; what belongs to no field stands under "all"."""
    if not refusal.errors:
        return {"all": str(refusal.detail)}
    found: dict[str, str] = {}
    for error in refusal.errors:
        name = error.pointer.strip("/").split("/")[0]
        found[name] = f"{found[name]} {error.message}" if name in found else str(error.message)
    return found
