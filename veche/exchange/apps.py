from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "veche.exchange"
    label = "exchange"

    def ready(self) -> None:
        from veche.exchange import jobs, subscribers, undo_jobs  # noqa: F401  they register themselves
        from veche.exchange.actions import bridge_people
        from veche.exchange.actions.taking_part import take_part
        from veche.ui import registry

        take_part()
        bridge_people.take_part()
        registry.navigation.add(
            registry.NavItem(
                key="imports", title=_("Imports"), icon="table-import", url_name="exchange:imports", order=80,
                permission="exchange.import", phone=True,
            )
        )  # fmt: skip
        registry.commands.add(
            registry.Command(
                key="import", title=_("People from a spreadsheet"), icon="table-import", url_name="exchange:import_new",
                order=30, group="add", words=_("import load file excel xlsx csv"), permission="exchange.import",
            )
        )  # fmt: skip
