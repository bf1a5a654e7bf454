"""Lines for COPY say what the draft says, whatever stands in the cells."""

import json
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from veche.exchange import staging
from veche.exchange.bench.rows import dirty_rows
from veche.exchange.mapping import ColumnPlan, Converter, Options
from veche.exchange.sameness import plain

TARGETS = ("external_id", "name.full", "phone", "email", "address", "birthday", "note")
PLANS = [ColumnPlan(index, target, target) for index, target in enumerate(TARGETS)]
_BACK = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}


def staged(cells):
    """The draft of a row, and its line as a dict with the JSON read."""
    staging.prepare(7, PLANS, Options())
    line = staging.stage_rows([(2, cells)]).decode()
    assert line.endswith("\n") and line.count("\n") == 1
    texts = [
        None if text == "\\N" else re.sub(r"\\(.)", lambda found: _BACK[found[1]], text)
        for text in line[:-1].split("\t")
    ]
    row = dict(zip(staging.COLUMNS, texts, strict=True))
    for name in ("cells", "draft", "problems"):
        row[name] = json.loads(row[name])
    return Converter(PLANS, Options()).convert(2, cells), row


def agree(cells):
    draft, row = staged(cells)
    known = {
        key: value
        for key, value in draft.as_json().items()
        if value and key not in ("row", "problems", "others")
    }
    assert {key: value for key, value in row["draft"].items() if key != "name_key"} == known
    assert (row["cells"], row["problems"]) == (list(cells), draft.problems)
    assert row["external_id"] == draft.external_id
    assert row["surname_key"] == plain(draft.surname if draft.surname or draft.given_name else draft.name)
    assert row["birth_year"] == (str(draft.birth_year) if draft.birth_year else None)
    for point in draft.points:
        if point["validity"] != "invalid":
            assert json.dumps(f"{point['kind']}:{point['value']}", ensure_ascii=False) in row["reach"]


def test_dirty_rows():
    for row in dirty_rows(1500, [("Иванов Иван", "+79161234567")]):
        agree([cell if cell != "" else None for cell in row.values()])


texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=30)


@given(st.lists(st.none() | texts | st.text('\\"\t\n\r{},N', min_size=1), min_size=7, max_size=7))
@example(["\\N", "\\u0000", "\\", '"', "\\\\u0000", "\\.", "\t"])
@settings(max_examples=300, deadline=None)
def test_any_texts(cells):
    agree(cells)


def test_what_the_base_cannot_keep_is_left_out():
    _draft, row = staged([None, "Иванов\0 Иван", None, None, "Москва\ud800", None, "\\u0000 и \0\0"])
    assert "\0" not in json.dumps(row["cells"]) and "\\u0000" not in row["cells"][1]
    assert row["cells"][6] == "\\u0000 и "
