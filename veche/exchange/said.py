"""Why work on a file ended, as it is stored: a code and what stands in its sentence, so that every reader reads it in
the language of his own. A sentence that has no code is stored, and read, as it is."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from veche.core.refusal import Refusal
from veche.exchange.reading import refusing

MOST = 4000  # letters
SENTENCES = refusing.SENTENCES | {
    "folder.strange": gettext_noop(
        "No file with these captions was loaded before. Open import No. %(number)d, say what each column is and load"
        " it: the next such file will then be loaded by itself."
    ),
    "folder.overwrites": gettext_noop(
        "The file would replace a value of more than 30 %% of the known people. Open import No. %(number)d, look at"
        " it and confirm it, or leave it."
    ),
    "folder.nothing": gettext_noop("No row of the file can be taken. Import No. %(number)d says why."),
    "folder.known": gettext_noop("This very file was loaded already, as import No. %(number)d."),
    "folder.deleted": gettext_noop("The import was deleted meanwhile."),
    "folder.stopped": gettext_noop("The import was stopped."),
}


def coded(code: str, **params: Any) -> str:
    """A sentence of `SENTENCES` as it is stored."""
    return "#" + json.dumps({"code": code, "params": params}, ensure_ascii=False)


def of_refusal(refusal: Refusal) -> str:
    """What is stored of a refusal: its code where a file was refused, else its sentence."""
    if isinstance(refusal, refusing.FileRefused):
        kept = coded(refusal.code, **refusal.params)
        if len(kept) <= MOST:
            return kept
    return str(refusal)[:MOST]


def sentence_of(kept: str) -> str:
    """What was stored, in the language active now."""
    if not kept.startswith('#{"code"'):
        return kept
    try:
        said = json.loads(kept[1:])
        code, params = said["code"], said["params"]
        return _(SENTENCES[code]) % params
    except (ValueError, KeyError, TypeError):  # of another version of the program
        return kept
