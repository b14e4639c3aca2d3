"""Makes the pictures of a folder small enough for the repository: few colours, well packed.

`python -m tests.browser.compress docs/pictures`
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

COLOURS = 192


def compress(folder: Path) -> None:
    """Rewrites every PNG of the folder with a palette of its own."""
    for path in sorted(folder.glob("*.png")):
        with Image.open(path) as picture:
            small = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        small.save(path, optimize=True)


if __name__ == "__main__":
    compress(Path(sys.argv[1]))
