"""What the signature of a booking covers. Pure, so that the other side of the line can share it."""


def signed_part(method: str, number: str, body: bytes) -> bytes:
    """What is asked about which parcel, and the body."""
    return f"{method} {number}\n".encode() + body
