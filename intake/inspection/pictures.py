"""Pictures: the size is read in the header before anything is decoded; the view holds pixels and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageOps

from intake.inspection import JPEG, MOST_PIXELS, PNG, UnusableError
from intake.inspection.quality import noticed

_GPS: Final = 0x8825
_ORIENTATION: Final = 0x0112
_FORMATS: Final = ("JPEG", "PNG", "HEIF")
_QUALITY: Final = 88


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """A picture whose header was read; what goes wrong inside the block is the file's fault.

    Raises:
        UnusableError: "too-many-pixels" or "truncated".
    """
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(path, formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnusableError("too-many-pixels")
            yield picture
    except Image.DecompressionBombError as error:
        raise UnusableError("too-many-pixels") from error
    except (OSError, SyntaxError, ValueError, EOFError, RuntimeError, IndexError) as error:
        raise UnusableError("truncated") from error


def rebuild(path: Path, kind: str, out: Path) -> dict[str, Any]:
    """Write the view of a picture to `out`: upright, in RGB or grey, without metadata, profile or further frames."""
    with opened(path) as picture:
        notes = _dropped(picture)
        upright = plain(picture)
    notes += noticed(upright)
    save(upright, PNG if kind == PNG else JPEG, out)
    return {"pages": 1, "notes": notes}


def _dropped(picture: Image.Image) -> list[str]:
    exif = picture.getexif()
    found = []
    if exif.get_ifd(_GPS):
        found.append("location")
    if exif.get(_ORIENTATION, 1) not in {0, 1}:
        found.append("turned")
    if getattr(picture, "n_frames", 1) > 1:
        found.append("frames")
    return found


def plain(picture: Image.Image) -> Image.Image:
    """The picture upright, 8 bit, in RGB or grey, what was transparent on white paper."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I"):
        return upright.point(lambda value: value / 256).convert("L")
    if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
        paper = Image.new("RGB", upright.size, "white")
        layer = upright.convert("RGBA")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return upright.convert("L" if upright.mode in {"1", "L"} else "RGB")


def save(picture: Image.Image, kind: str, out: Path) -> None:
    picture.info.clear()
    if kind == PNG:
        picture.save(out, "PNG", compress_level=4)
    else:
        picture.save(out, "JPEG", quality=_QUALITY, optimize=False)
