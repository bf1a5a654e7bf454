from django.apps import AppConfig


class AddressesConfig(AppConfig):
    name = "veche.addresses"
    label = "addresses"

    def ready(self) -> None:
        from veche.addresses import jobs  # noqa: F401  they register themselves
