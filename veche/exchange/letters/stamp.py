"""The six digits of a postcode as machines of the Russian post read them: strokes over a grid, as on its envelopes."""

from __future__ import annotations

# The nine strokes of a digit, between points of a grid one wide and two high; y grows downwards.
_TOP, _MIDDLE, _BOTTOM = ((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (1, 2))
_LEFT_UP, _LEFT_DOWN = ((0, 0), (0, 1)), ((0, 1), (0, 2))
_RIGHT_UP, _RIGHT_DOWN = ((1, 0), (1, 1)), ((1, 1), (1, 2))
_SLANT_UP, _SLANT_DOWN = ((1, 0), (0, 1)), ((1, 1), (0, 2))

STROKES = {
    "0": (_TOP, _LEFT_UP, _LEFT_DOWN, _RIGHT_UP, _RIGHT_DOWN, _BOTTOM),
    "1": (_SLANT_UP, _RIGHT_UP, _RIGHT_DOWN),
    "2": (_TOP, _RIGHT_UP, _SLANT_DOWN, _BOTTOM),
    "3": (_TOP, _SLANT_UP, _MIDDLE, _SLANT_DOWN),
    "4": (_LEFT_UP, _MIDDLE, _RIGHT_UP, _RIGHT_DOWN),
    "5": (_TOP, _LEFT_UP, _MIDDLE, _RIGHT_DOWN, _BOTTOM),
    "6": (_SLANT_UP, _MIDDLE, _LEFT_DOWN, _RIGHT_DOWN, _BOTTOM),
    "7": (_TOP, _SLANT_UP, _LEFT_DOWN),
    "8": (_TOP, _LEFT_UP, _LEFT_DOWN, _MIDDLE, _RIGHT_UP, _RIGHT_DOWN, _BOTTOM),
    "9": (_TOP, _LEFT_UP, _MIDDLE, _RIGHT_UP, _SLANT_DOWN),
}
EVERY = tuple(dict.fromkeys(stroke for strokes in STROKES.values() for stroke in strokes))
DIGIT_WIDTH, DIGIT_HEIGHT, STEP = 5.0, 10.0, 9.0  # millimetres
