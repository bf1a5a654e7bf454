"""Outline icons of @tabler/icons, read once from node_modules and written into the page."""

import re
from functools import cache

from django.template import TemplateSyntaxError
from django.utils.safestring import SafeString, mark_safe

from veche.ui.vendor import icon_dir

NAME = re.compile(r"[a-z0-9-]+")
ROOT = re.compile(r"<svg.*?>", re.DOTALL)
BLANK = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')
OPENING = (
    '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
    'stroke-linecap="round" stroke-linejoin="round">'
)


@cache
def icon_svg(name: str) -> SafeString:
    """The drawing of icon `name` without its size; an unknown name raises TemplateSyntaxError."""
    path = icon_dir() / f"{name}.svg"
    if not NAME.fullmatch(name) or not path.is_file():
        raise TemplateSyntaxError(f"there is no outline icon {name!r} in {icon_dir()}")
    drawing = ROOT.sub(OPENING, BLANK.sub("", path.read_text()), count=1)
    return mark_safe(" ".join(drawing.split()))  # our own file of a pinned package
