from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AddressesConfig(AppConfig):
    name = "veche.addresses"
    label = "addresses"

    def ready(self) -> None:
        from veche.addresses import events, jobs  # noqa: F401  they register themselves
        from veche.core import presenting

        # The state register is public; in which houses our people live, it doesn't say.
        presenting.leave_open("addresses_object", "type", "name", "key", "path", "mun_path")
        presenting.leave_open("addresses_house", "key", "rooms")
        presenting.leave_open("addresses_alias", "key", "name")
        presenting.leave_open("addresses_region", "name", "type")
        presenting.leave_open("addresses_word", "short", "name")
        presenting.leave_open("addresses_load", "regions", "done", "totals")
        # A commission's description is public, too; where our people live (`addresses_knownhouse`) is not.
        presenting.leave_open("addresses_coverage", "number", "region", "town", "town_key")
        places = ("region", "town", "town_key", "street", "street_key", "street_kind", "house", "side")
        presenting.leave_open("addresses_territoryrule", *places, "written", "doubt")
        presenting.leave_open("addresses_territorytext", "text")
        presenting.leave_open(
            "addresses_streetfinding", "town", "town_key", "street", "street_key", "house", "side"
        )
        _show_in_the_frame()


def _show_in_the_frame() -> None:
    from veche.ui import registry

    registry.navigation.add(
        registry.NavItem(
            key="territories", title=_("Territories"), icon="map-2", url_name="addresses:territories", order=62,
            permission="addresses.view_territories",
        )
    )  # fmt: skip
    registry.doors.open("territories", "addresses:territories")
    registry.commands.add(
        registry.Command(
            key="precincts_new", title=_("List of precincts"), icon="clipboard-text",
            url_name="addresses:precincts_new", order=65, group="add",
            words=_("precincts, constituency, turf, houses of a commission"), permission="addresses.draw_territories",
        )
    )  # fmt: skip
