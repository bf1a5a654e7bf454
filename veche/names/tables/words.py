"""Words that stand beside a name in real lists, read from `words.txt`, where each section says what it is for."""

from pathlib import Path


def _sections() -> dict[str, frozenset[str]]:
    sections: dict[str, list[str]] = {}
    for line in Path(__file__).with_name("words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            words = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            words += line.split()
    return {name: frozenset(words) for name, words in sections.items()}


_SECTIONS = _sections()
ORGANISATION_FORMS = _SECTIONS["organisation_forms"]
ORGANISATION_WORDS = _SECTIONS["organisation_words"]
ENTREPRENEUR_FORMS = _SECTIONS["entrepreneur_forms"]
NOT_A_NAME = _SECTIONS["not_a_name"]
TITLES = _SECTIONS["titles"]
RELATIVES = _SECTIONS["relatives"]
FAMILY_WORDS = _SECTIONS["family_words"]
PARTICLES = _SECTIONS["particles"]
EASTERN_SURNAMES = _SECTIONS["eastern_surnames"]
SON_WORDS = _SECTIONS["son_words"]
DAUGHTER_WORDS = _SECTIONS["daughter_words"]
NO_PART_OF_A_NAME = frozenset.union(frozenset(["и"]), *_SECTIONS.values())
"""A cell without any of these is nothing but a name."""
