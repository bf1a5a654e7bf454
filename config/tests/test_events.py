"""Events and rights, as the whole project has them."""

import re
from importlib import import_module
from pkgutil import walk_packages

import veche
from config import event_list
from config.running.places import ROOT
from veche.accounts.queries import every_permission
from veche.core.action import ACTIONS, ANYONE
from veche.core.ledger import EVENTS

PERMISSION = re.compile(
    r"""(?:@action|may|require)\(\s*"([a-z_]+\.[a-z_]+)"|permission="([a-z_]+\.[a-z_]+)\""""
)


def asked_permissions() -> set[str]:
    """Every permission that the code asks for, in an action, a query, a view or a registry."""
    sources = [path for path in (ROOT / "veche").rglob("*.py") if "tests" not in path.parts]
    found = [match for path in sources for match in PERMISSION.findall(path.read_text(encoding="utf-8"))]
    return {by_call or by_name for by_call, by_name in found}


def test_the_list_of_events_is_up_to_date():
    told = event_list.FILE.read_text(encoding="utf-8")
    assert told == event_list.event_list(), "run `python -m config.event_list`"


def test_every_event_belongs_to_its_room_and_says_what_happened():
    ours = [
        event
        for event in EVENTS.values()
        if event.__module__.startswith("veche.") and ".tests." not in event.__module__
    ]
    assert ours
    for event in ours:
        assert event.kind.partition(".")[0] == event.__module__.split(".")[1], event
        assert str(event.label), f"{event.kind} has no label"


def test_every_action_asks_for_a_right_that_some_role_has():
    for module in walk_packages(veche.__path__, "veche."):
        if ".actions" in module.name and ".tests" not in module.name:
            import_module(module.name)
    ours = {name: action.permission for name, action in ACTIONS.items() if ".tests." not in name}
    held = every_permission() | {ANYONE}
    lost = [f"{name}: {permission}" for name, permission in ours.items() if permission not in held]
    assert ours and not lost, "\n".join(lost)


def test_every_right_of_a_role_is_asked_for_somewhere():
    asked = asked_permissions()
    assert sorted(asked - every_permission()) == [], "asked for, and no role has it"
    assert sorted(every_permission() - asked) == [], "given to a role, and nothing asks for it"
