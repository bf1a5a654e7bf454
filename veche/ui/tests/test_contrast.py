"""The look's demand (WCAG 2.2): inks 4.5 on every surface and tint, controls, icons and charts 3, in both themes."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[1] / "static/ui/tokens.css"
SURFACES = ("canvas", "rail", "surface", "raised", "sunken")
TINTS = ("accent-tint", "ok-tint", "warn-tint", "stop-tint", "selected", "selected-hover")


def themes() -> dict[str, dict[str, str]]:
    """Token name to "#rrggbb" per theme; the dark one falls back to the light one, as in CSS."""
    text = re.sub(r"/\*.*?\*/", "", TOKENS.read_text(), flags=re.S)
    light = re.search(r':root, \[data-bs-theme="light"\] \{(.*?)\n\}', text, re.S).group(1)
    dark = re.search(r'\[data-bs-theme="dark"\] \{(.*?)\n\}', text, re.S).group(1)
    colours = re.compile(r"--v-([\w-]+):\s*(#[0-9a-f]{6})\b")
    found = dict(colours.findall(light))
    return {"light": found, "dark": found | dict(colours.findall(dark))}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def pairs() -> list[tuple[str, str, float]]:
    """(colour, ground, least contrast) of everything the components put together."""
    grounds = SURFACES + TINTS
    found = [(ink, ground, 4.5) for ink in ("ink", "ink-2", "ink-3", "accent-ink") for ground in grounds]
    found += [(ink, "accent-tint-2", 4.5) for ink in ("ink", "ink-2", "accent-ink")]
    for meaning in ("ok", "warn", "stop"):
        found += [(f"{meaning}-ink", ground, 4.5) for ground in (*SURFACES, f"{meaning}-tint")]
        found += [(meaning, ground, 3) for ground in ("surface", "raised", "sunken", f"{meaning}-tint")]
    found += [("on-accent", fill, 4.5) for fill in ("accent", "accent-hover", "accent-press")]
    found += [("control-line", ground, 3) for ground in ("surface", "raised", "sunken")]
    found += [("accent", ground, 3) for ground in (*SURFACES, "accent-tint")]
    found += [("bronze", "rail", 3), ("bronze", "canvas", 3)]
    found += [(f"d{number}", "surface", 3) for number in range(1, 6)]
    return [*found, ("ink", "mark", 4.5), ("accent-press", "accent-tint-2", 4.5)]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast(theme):
    colours = themes()[theme]
    weak = [
        f"{colour} on {ground}: {contrast(colours[colour], colours[ground]):.2f} < {least}"
        for colour, ground, least in pairs()
        if contrast(colours[colour], colours[ground]) < least
    ]
    assert not weak, f"{theme}: " + "; ".join(weak)


def test_the_measure_is_right():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_colours_live_in_the_tokens_only():
    allowed = {
        "#16222b",
        "#fff",
        "#8fd2e6",
        "#b2bfc7",
        "#74c4dd",
        "#2a3942",
        "#000",
    }  # the toast is dark in both themes
    strays = []
    for path in sorted(TOKENS.parent.glob("*.css")):
        if path != TOKENS:
            strays += [
                f"{path.name}: {colour}"
                for colour in re.findall(r"#[0-9a-f]{3,8}\b", path.read_text())
                if colour not in allowed
            ]
    assert not strays, strays
