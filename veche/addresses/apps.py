from django.apps import AppConfig


class AddressesConfig(AppConfig):
    name = "veche.addresses"
    label = "addresses"

    def ready(self) -> None:
        from veche.addresses import jobs  # noqa: F401  they register themselves
        from veche.core import presenting

        # The state register is public; in which houses our people live, it doesn't say.
        presenting.leave_open("addresses_object", "type", "name", "key", "path", "mun_path")
        presenting.leave_open("addresses_house", "key", "rooms")
        presenting.leave_open("addresses_alias", "key", "name")
        presenting.leave_open("addresses_region", "name", "type")
        presenting.leave_open("addresses_word", "short", "name")
        presenting.leave_open("addresses_load", "regions", "done", "totals")
