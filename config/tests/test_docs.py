"""What the documents name exists."""

import re
from pathlib import Path

from config.running.places import ROOT

# `a/path.py`, `folder/`, [text](docs/page.md#part); addresses, patterns and commands with spaces are something else.
CODE = re.compile(r"`([\w.\-]+(?:/[\w.\-]*)+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")
# Folders that exist only once something ran or was set up.
MADE = (".venv/", "var/", "node_modules/", "locale/ru/LC_MESSAGES/")


def documents(root: Path) -> list[Path]:
    return [
        *sorted(root.glob("*.md")),
        *sorted(root.glob("docs/**/*.md")),
        *sorted(root.glob("veche/*/README.md")),
    ]


def broken_paths(root: Path) -> list[str]:
    """ "document: path" for every path that is neither below the project, nor in a room, nor beside the document."""
    found = []
    for document in documents(root):
        text = document.read_text(encoding="utf-8")
        named = {*CODE.findall(text), *LINK.findall(text)}
        for path in sorted(named):
            if not f"{path.removeprefix('./')}/".startswith(MADE) and not any(
                (base / path).exists() for base in (root, document.parent)
            ):
                found.append(f"{document.relative_to(root)}: {path}")
    return found


def test_every_path_in_the_documents_exists():
    assert documents(ROOT)
    assert not (found := broken_paths(ROOT)), "\n".join(found)


def test_a_missing_path_is_found(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text(
        "`docs/page.md` `docs/gone.py` [here](page.md#part) [gone](gone.md) [site](https://example.org/x) "
        "`var/x` `a b/c`"
    )
    assert broken_paths(tmp_path) == ["docs/page.md: docs/gone.py", "docs/page.md: gone.md"]
