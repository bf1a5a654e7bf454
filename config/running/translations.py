"""One catalogue per language out of the rooms' catalogues, compiled without gettext's tools.

locale/ru/<room>.po is written by hand; locale/ru/LC_MESSAGES/django.{po,mo} is built from all of them.
"""

import sys
from pathlib import Path

import polib

from config.running.places import ROOT
from config.running.speech import Trouble
from config.running.speech import gettext as _


def compile_all(locale: Path = ROOT / "locale") -> list[Path]:
    """Build every language's catalogue; returns the compiled files. A sentence with two translations is Trouble."""
    built = []
    for language in sorted(path for path in locale.iterdir() if any(path.glob("*.po"))):
        merged = merge(sorted(language.glob("*.po")))
        folder = language / "LC_MESSAGES"
        folder.mkdir(exist_ok=True)
        merged.save(str(folder / "django.po"))
        unfinished = folder / "django.mo.new"
        merged.save_as_mofile(str(unfinished))
        unfinished.replace(folder / "django.mo")
        built.append(folder / "django.mo")
    return built


def merge(sources: list[Path]) -> polib.POFile:
    """One catalogue with the entries of all; the same sentence in two rooms must be translated alike."""
    merged = polib.POFile()
    seen: dict[tuple[str | None, str], polib.POEntry] = {}
    for source in sources:
        catalogue = polib.pofile(str(source))
        merged.metadata = merged.metadata or catalogue.metadata
        for entry in catalogue:
            if entry.obsolete or entry.fuzzy:
                continue
            known = seen.setdefault((entry.msgctxt, entry.msgid), entry)
            if known is entry:
                entry.occurrences = [(source.name, "")]
                merged.append(entry)
            elif (known.msgstr, known.msgstr_plural) != (entry.msgstr, entry.msgstr_plural):
                raise Trouble(
                    _("Two translations of “{sentence}”: in {first} and in {second}.").format(
                        sentence=entry.msgid, first=known.occurrences[0][0], second=source.name
                    )
                )
    return merged


def main() -> int:
    try:
        compile_all()
    except (Trouble, OSError) as trouble:  # polib reports a syntax error as OSError
        print(trouble, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
