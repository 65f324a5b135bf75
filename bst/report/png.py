"""Pictures as PNG, by resvg: the same on every machine, for it draws by itself and with a font of its own.

Source Sans Pro has Latin, Greek and Cyrillic. Other scripts are drawn with what the system has.
"""

import importlib.util
from pathlib import Path
from typing import Final

from domain.errors import BadInput

INSTALL: Final = "pip install 'business-service-teams[report]'"
# Twice the picture's size in pixels: sharp on paper and on today's screens.
ZOOM: Final = 2.0
_FAMILY: Final = "Source Sans Pro"
_FONTS: Final = ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf")


def png(svg: str) -> bytes:
    """Return the picture as PNG.

    Raises:
        BadInput: what draws it is not installed; the sentence says how to.
    """
    fonts = _fonts()
    try:
        import resvg_py
    except ModuleNotFoundError:
        raise BadInput(_missing("resvg-py")) from None
    return resvg_py.svg_to_bytes(
        svg_string=svg, zoom=ZOOM, font_files=fonts, font_family=_FAMILY, sans_serif_family=_FAMILY
    )


def _fonts() -> list[str]:
    """Return the font's files; the package is only located, as importing it looks at every file it has."""
    spec = importlib.util.find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise BadInput(_missing("font-source-sans-pro"))
    folder = Path(spec.origin).parent / "files"
    return [str(folder / name) for name in _FONTS]


def _missing(package: str) -> str:
    return f"PNG needs the package {package}, which is not installed here: {INSTALL}. SVG needs nothing."
