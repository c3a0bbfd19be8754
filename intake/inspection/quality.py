"""Whether a page can be read: blurred, too dark, too small. The browser asks the same before it sends.

Measured on a grey copy 640 pixels wide: the variance of the Laplacian (second derivative) falls when edges are soft.
The limits are ours, set by hand on photographs of forms; a clerk may go on with one key, the note stays with the paper.
"""

from typing import Final

from PIL import Image, ImageFilter, ImageStat

MEASURED_WIDTH: Final = 640
SHARP_FROM: Final = 60.0
"""Variance of the Laplacian. An A4 form photographed sharply has several hundred."""
BRIGHT_FROM: Final = 70.0
"""Mean grey, 0 to 255."""
SMALL_UNDER: Final = 900
"""Pixels of the longer side: about 75 dots an inch on A4."""
PLAIN_UNDER: Final = 6.0
"""Standard deviation of an empty sheet, which is not blurred but empty."""

_LAPLACIAN: Final = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


def noticed(page: Image.Image) -> list[str]:
    """Codes of what makes the page hard to read: "blurred", "dark", "small"."""
    grey = page.convert("L")
    found = ["small"] if max(grey.size) < SMALL_UNDER else []
    if grey.width > MEASURED_WIDTH:
        height = max(3, round(grey.height * MEASURED_WIDTH / grey.width))
        grey = grey.resize((MEASURED_WIDTH, height), Image.Resampling.BILINEAR)
    if min(grey.size) < 3:
        return found
    light = ImageStat.Stat(grey)
    if light.mean[0] < BRIGHT_FROM:
        found.append("dark")
    if light.stddev[0] >= PLAIN_UNDER and sharpness(grey) < SHARP_FROM:
        found.append("blurred")
    return found


def sharpness(grey: Image.Image) -> float:
    """Variance of the Laplacian, without the frame of one pixel that the filter leaves as it was."""
    edges = grey.filter(_LAPLACIAN).crop((1, 1, grey.width - 1, grey.height - 1))
    return float(ImageStat.Stat(edges).var[0])
