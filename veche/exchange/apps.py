from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "veche.exchange"
    label = "exchange"

    def ready(self) -> None:
        from veche.accounts.registry import keep_out_of_presentations
        from veche.contacts.registry import SelectionDoor, printing_logs, selection_doors, value_tellers
        from veche.exchange import jobs, subscribers  # noqa: F401  they register themselves
        from veche.exchange.actions import bridge_participant
        from veche.exchange.actions.import_participant import take_part
        from veche.exchange.actions.printing import log_printing
        from veche.exchange.queries.card_sources import tell_sources
        from veche.ui import registry

        keep_out_of_presentations("exchange")
        take_part()
        bridge_participant.take_part()
        printing_logs.append(log_printing)
        value_tellers.append(tell_sources)
        selection_doors.append(
            SelectionDoor("export", _("Export"), "table-export", "exchange:export_new", "exchange.export")
        )
        selection_doors.append(
            SelectionDoor(
                "letters", _("Labels and envelopes"), "mail", "exchange:letters_new", "exchange.export"
            )
        )
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
        registry.navigation.add(
            registry.NavItem(
                key="exports", title=_("Exports"), icon="table-export", url_name="exchange:exports", order=81,
                permission="exchange.export",
            )
        )  # fmt: skip
        registry.commands.add(
            registry.Command(
                key="export", title=_("People to a spreadsheet"), icon="table-export", url_name="exchange:export_new",
                order=60, words=_("export save download file excel xlsx csv"), permission="exchange.export",
            )
        )  # fmt: skip
