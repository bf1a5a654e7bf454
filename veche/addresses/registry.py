"""What rooms above add to territories: where their people are listed, and a panel of their own. Filled in `apps.py`.

    from veche.addresses import registry
    registry.show_people_with(
        list_url_name="contacts:people", houses_url_name="contacts:houses", panel_url_name="contacts:territory_strays"
    )

Both lists take `?territory=ID` and show whom the reader may see; the panel is a URL with the territory's id, whose
fragment the territory's page loads.
"""

from __future__ import annotations

_people: dict[str, str] = {}


def show_people_with(*, list_url_name: str, houses_url_name: str, panel_url_name: str) -> None:
    """Say where the people of a territory are listed, where their houses, and which panel about them its page loads."""
    _people["list"], _people["houses"], _people["panel"] = list_url_name, houses_url_name, panel_url_name


def people_url_name() -> str:
    """The URL name of the list of people; "" where no room lists them."""
    return _people.get("list", "")


def houses_url_name() -> str:
    """The URL name of the list of houses with the people whom its reader sees; "" where no room has one."""
    return _people.get("houses", "")


def panel_url_name() -> str:
    """The URL name of the panel; "" where no room has one."""
    return _people.get("panel", "")
