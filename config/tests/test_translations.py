"""Every sentence is English in the source and Russian in its room's catalogue, whole and fresh."""

from pathlib import Path

import polib
import pytest

from config.running import translations
from config.running.places import ROOT
from config.tests import sentences

CATALOGUES = ROOT / "locale" / "ru"
ROOMS = sorted(path.parent for path in (ROOT / "veche").glob("*/__init__.py"))
HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=0;\\n"

"""


@pytest.mark.parametrize("room", [*ROOMS, ROOT / "config"], ids=lambda room: room.name)
def test_a_room_speaks_russian(room):
    found = sentences.faults(sentences.sentences(room), CATALOGUES / f"{room.name}.po")
    found += sentences.untranslated_text(room)
    assert not found, "\n".join(found)


def test_every_catalogue_has_a_room():
    assert {path.stem for path in CATALOGUES.glob("*.po")} <= {
        room.name for room in [*ROOMS, ROOT / "config"]
    }


def test_the_catalogues_agree_and_compile(tmp_path):
    (tmp_path / "ru").mkdir()
    for source in CATALOGUES.glob("*.po"):
        (tmp_path / "ru" / source.name).write_bytes(source.read_bytes())
    [compiled] = translations.compile_all(tmp_path)
    assert "Plural-Forms" in polib.mofile(str(compiled)).metadata


def test_two_translations_of_one_sentence_are_refused(tmp_path):
    for room, russian in (("one", "Да"), ("two", "Так")):
        (tmp_path / f"{room}.po").write_text(f'{HEADER}msgid "Yes"\nmsgstr "{russian}"\n')
    with pytest.raises(translations.Trouble, match=r"“Yes”: in one\.po and in two\.po"):
        translations.merge(sorted(tmp_path.glob("*.po")))


def write_room(folder: Path, python: str, template: str, catalogue: str) -> list[str]:
    (folder / "templates").mkdir(parents=True)
    (folder / "views.py").write_text(python)
    (folder / "templates" / "page.html").write_text(template)
    (folder / "room.po").write_text(HEADER + catalogue)
    return sentences.faults(sentences.sentences(folder), folder / "room.po") + sentences.untranslated_text(
        folder
    )


def test_a_whole_room_has_no_faults(tmp_path):
    assert not write_room(
        tmp_path / "room",
        'pgettext("verb", "Call")\nngettext("%(n)s person", "%(n)s people", n)',
        '{% load i18n %}<div>\n  <p title="{% translate "Name" %}">{# имя #}\n '
        "{% blocktranslate with a=b %}Hello {{ a }}{% endblocktranslate %}</p>",
        'msgctxt "verb"\nmsgid "Call"\nmsgstr "Звонить"\n\nmsgid "Name"\nmsgstr "Имя"\n\n'
        'msgid "Hello %(a)s"\nmsgstr "Привет, %(a)s"\n\nmsgid "%(n)s person"\nmsgid_plural "%(n)s people"\n'
        'msgstr[0] "%(n)s человек"\nmsgstr[1] "%(n)s человека"\nmsgstr[2] "%(n)s человек"\n',
    )


@pytest.mark.parametrize(
    ("python", "template", "catalogue", "fault"),
    [
        ('_("Name")', "", "", "missing"),
        ("", '{% load i18n %}{% translate "Name" %}', "", "missing"),
        ("", "", 'msgid "Name"\nmsgstr "Имя"\n', "stale"),
        ('_("Name")', "", 'msgid "Name"\nmsgstr ""\n', "untranslated"),
        ('_("Name")', "", '#, fuzzy\nmsgid "Name"\nmsgstr "Имя"\n', "fuzzy"),
        ('_("Имя")', "", 'msgid "Имя"\nmsgstr "Имя"\n', "not English"),
        ('_("At {place}")', "", 'msgid "At {place}"\nmsgstr "Где-то"\n', "placeholders"),
        ("", "<p>Имя</p>", "", "Имя"),
    ],
)
def test_every_fault_is_found(tmp_path, python, template, catalogue, fault):
    found = write_room(tmp_path / "room", python, template, catalogue)
    assert len(found) == 1 and fault in found[0]
