"""What a scanner types into a field."""


def reference_in(scanned: str) -> str:
    """The code in what was scanned: a bare reference, or the address of the tracking page that holds it."""
    return scanned.strip().split("?")[0].rstrip("/").rpartition("/")[2].upper()[:40]
