"""`python -m delivery.door.draw_photo`: a picture on standard input, drawn anew as a JPEG on standard output.

A process of its own, with little memory and time and no network: whatever a decoder stumbles over stays in it.
"""

import contextlib
import io
import os
import resource
import sys
from typing import Final

MEMORY_BYTES: Final = 1024 * 1024 * 1024
CPU_SECONDS: Final = 10
LONGEST_SIDE: Final = 1600
MOST_PIXELS: Final = 50_000_000
QUALITY: Final = 80
_KINDS: Final = ("JPEG", "PNG", "WEBP")


def confine() -> None:
    for limit, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS),
                        (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 64), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (most, most))
    with contextlib.suppress(OSError):
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)


def draw(content: bytes) -> bytes:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(io.BytesIO(content), formats=_KINDS) as found:
        if found.width * found.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        picture = ImageOps.exif_transpose(found).convert("RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def main() -> int:
    confine()
    try:
        drawn = draw(sys.stdin.buffer.read())
    except Exception:  # noqa: BLE001  # whatever a decoder stumbles over, there is no picture
        return 1
    sys.stdout.buffer.write(drawn)
    return 0


if __name__ == "__main__":
    sys.exit(main())
