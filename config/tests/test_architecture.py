"""The house stands: its rules hold for the tree as it is."""

import pytest
from django.apps import apps

from config.running.places import ROOT
from config.tests import rules


@pytest.mark.parametrize(
    "rule",
    [
        rules.trespasses,
        rules.stray_writes,
        rules.too_long_files,
        rules.too_long_functions,
        rules.meaningless_names,
        rules.escaped_names,
        rules.inline_code,
    ],
    ids=lambda rule: rule.__name__,
)
def test_the_house_rules_hold(rule):
    assert not (found := rule(ROOT)), "\n".join(found)


def test_foreign_keys_look_down():
    ours = [model for model in apps.get_models() if model.__module__.startswith("veche.")]
    assert ours
    assert not (found := rules.upward_keys(ours, rules.floors(ROOT / "pyproject.toml"))), "\n".join(found)


def test_every_room_is_on_a_floor_and_explains_itself():
    rooms = {path.parent.name for path in (ROOT / "veche").glob("*/__init__.py")}
    assert rooms <= set(rules.floors(ROOT / "pyproject.toml"))
    silent = [room for room in sorted(rooms) if not (ROOT / "veche" / room / "README.md").exists()]
    assert not silent, f"rooms without a README.md: {', '.join(silent)}"
