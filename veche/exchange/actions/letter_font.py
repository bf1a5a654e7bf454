"""The font of letters, made for each file of them: the one of the pages."""

from __future__ import annotations

import io
from pathlib import Path

from django.contrib.staticfiles import finders
from fontTools.merge import Merger
from fontTools.ttLib import TTFont

_SUBSETS = ("cyrillic", "latin", "latin-ext", "cyrillic-ext")
_VARIABLE = ("fvar", "gvar", "avar", "STAT", "HVAR", "MVAR", "GSUB", "GPOS", "GDEF")


def make_font(folder: Path) -> Path:
    """Our font in one file, of the four files that pages use. Killed on the way, it is made again."""
    parts = []
    for subset in _SUBSETS:
        font = TTFont(finders.find(f"vendor/golos-text/golos-text-{subset}-wght-normal.woff2"))
        font.flavor = None
        for table in _VARIABLE:  # the regular weight is the font's own outline
            if table in font:
                del font[table]
        file = io.BytesIO()
        font.save(file)
        file.seek(0)
        parts.append(file)
    path = folder / "golos.ttf"
    Merger().merge(parts).save(path)
    return path
