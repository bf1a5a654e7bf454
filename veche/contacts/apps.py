from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContactsConfig(AppConfig):
    name = "veche.contacts"
    label = "contacts"
    verbose_name = _("People")

    def ready(self) -> None:
        from veche.accounts import registry as accounts
        from veche.addresses import registry as addresses
        from veche.campaigns import registry as campaigns
        from veche.contacts import events, jobs, subscribers  # noqa: F401  registered by being imported
        from veche.contacts import registry as own
        from veche.contacts.actions import inspecting
        from veche.contacts.actions.taking_part import take_part
        from veche.contacts.presentation import invent
        from veche.contacts.queries import given
        from veche.contacts.queries.tallies import tallies
        from veche.contacts.queries.telling import describe_own_entries

        addresses.show_people_with(
            list_url_name="contacts:people",
            houses_url_name="contacts:houses",
            panel_url_name="contacts:territory_strays",
        )
        campaigns.count_people_with(tallies, url_name="contacts:people")
        accounts.add_scope("list", given.list_ids_of, always=True)
        accounts.add_sight(given.sight_of)
        invent()
        take_part()
        inspecting.take_part()
        own.describers["contacts"] = describe_own_entries
        own.selection_doors.append(
            own.SelectionDoor(
                key="give",
                label=_("Give to a colleague"),
                icon="user-share",
                url_name="contacts:given_list_new",
                permission="contacts.give",
            )
        )
        own.selection_doors.append(
            own.SelectionDoor(
                key="merge",
                label=pgettext_lazy("button", "Merge"),
                icon="arrows-join",
                url_name="contacts:merge_new",
                permission="contacts.merge",
                least=2,
                most=9,
            )
        )
        _offer_importable_kinds()
        _show_in_the_frame()
        _show_on_the_card()
        _offer_in_the_palette()
        _offer_households()
        _offer_to_add()
        _offer_houses_to_add()


def _show_in_the_frame() -> None:
    from veche.contacts.queries import given
    from veche.ui import registry

    registry.navigation.add(
        registry.NavItem(
            key="people",
            title=_("People"),
            icon="users",
            url_name="contacts:people",
            order=20,
            permission="contacts.view",
            phone=True,
        )
    )
    registry.navigation.add(
        registry.NavItem(
            key="houses",
            title=_("Houses"),
            icon="building-community",
            url_name="contacts:houses",
            order=22,
            permission="contacts.view",
        )
    )
    registry.rail_sections.add(
        registry.RailSection(
            key="given",
            title=_("My lists"),
            links=given.rail_links,
            order=5,
            permission="contacts.view",
        )
    )
    registry.navigation.add(
        registry.NavItem(
            key="quality",
            title=_("Data quality"),
            icon="list-check",
            url_name="contacts:quality",
            order=25,
            permission="contacts.inspect",
        )
    )


def _show_on_the_card() -> None:
    from veche.ui import registry

    registry.panels.add(
        registry.Panel(
            key="seen_by",
            title=_("Who can see this"),
            url_name="contacts:seen_by",
            order=900,
            permission="contacts.see_access",
        )
    )
    registry.panels.add(
        registry.Panel(
            key="ties",
            title=_("Family and relations"),
            url_name="contacts:ties",
            order=5,
            permission="contacts.view",
        )
    )
    registry.panels.add(
        registry.Panel(
            key="quality",
            title=_("Remarks on the data"),
            url_name="contacts:quality_card",
            order=10,
            permission="contacts.inspect",
        )
    )


def _offer_in_the_palette() -> None:
    from veche.ui import registry

    registry.commands.add(
        registry.Command(
            key="given",
            title=_("Lists given to colleagues"),
            icon="user-share",
            url_name="contacts:given_lists",
            order=55,
            words=_("share give list volunteer team take back"),
            permission="contacts.give",
        )
    )
    registry.commands.add(
        registry.Command(
            key="quality",
            title=_("Data quality"),
            icon="list-check",
            url_name="contacts:quality",
            order=45,
            words=_("mistakes errors check inspector wrong phones names"),
            permission="contacts.inspect",
        )
    )
    registry.commands.add(
        registry.Command(
            key="shape",
            title=_("Tags, statuses, roles and own fields"),
            icon="adjustments",
            url_name="contacts:shape",
            order=50,
            words=_("tag label field status role settings"),
            permission="contacts.shape",
        )
    )
    registry.commands.add(
        registry.Command(
            key="merges",
            title=_("Merged cards"),
            icon="arrows-join",
            url_name="contacts:merges",
            order=56,
            words=_("undo merge double duplicate unmerge"),
            permission="contacts.merge",
        )
    )
    registry.commands.add(
        registry.Command(
            key="mass_changes",
            title=_("Journal of changes"),
            icon="history",
            url_name="contacts:mass_changes",
            order=55,
            words=_("undo bulk change many people"),
            permission="contacts.edit",
        )
    )


def _offer_households() -> None:
    from veche.ui import registry

    registry.commands.add(
        registry.Command(
            key="households",
            title=_("Households"),
            icon="home",
            url_name="contacts:households",
            order=47,
            words=_("family families relatives spouse one letter"),
            permission="contacts.view",
        )
    )


def _offer_to_add() -> None:
    from veche.ui import registry

    registry.commands.add(
        registry.Command(
            key="add_contact",
            title=_("Person or organisation"),
            icon="user-plus",
            url_name="contacts:contact_new",
            order=10,
            group="add",
            words=_("contact new add"),
            permission="contacts.add",
        )
    )
    registry.commands.add(
        registry.Command(
            key="quick_add",
            title=_("People by lines"),
            icon="list-details",
            url_name="contacts:quick_add",
            order=12,
            group="add",
            words=_("quick paste list several free line"),
            permission="contacts.add",
        )
    )


def _offer_houses_to_add() -> None:
    from veche.ui import registry

    registry.commands.add(
        registry.Command(
            key="add_house",
            title=_("House by its address"),
            icon="building-community",
            url_name="contacts:house_new",
            order=14,
            group="add",
            words=_("house new add passport building"),
            permission="contacts.edit",
        )
    )


def _offer_importable_kinds() -> None:
    from veche.contacts import registry as own

    own.importable_kinds.add(
        own.ImportableKind(
            key="people",
            label=_("People"),
            hint=_("Each row is a person; an organisation beside is noted."),
        )
    )
    own.importable_kinds.add(
        own.ImportableKind(
            key="organisations",
            label=_("Organisations"),
            hint=_("Each row is an organisation; a person in it is noted as whom to speak with."),
            subject="organisation",
        )
    )
