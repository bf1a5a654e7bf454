from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "veche.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        from veche.accounts import registry as accounts
        from veche.campaigns import events, queries, rail  # noqa: F401  events make themselves known
        from veche.ui import registry

        accounts.add_scope("campaign", queries.campaign_ids_of)
        accounts.add_sight(queries.sight_of)
        registry.rail_sections.add(
            registry.RailSection(
                key="campaigns",
                title=_("Campaigns"),
                links=rail.links,
                order=10,
                permission="campaigns.view",
                add_url_name="campaigns:campaign_new",
                add_title=_("Add a campaign"),
                add_permission="campaigns.manage",
            )
        )
        registry.navigation.add(
            registry.NavItem(
                key="campaigns",
                title=_("Campaigns"),
                icon="flag",
                url_name="campaigns:campaigns",
                order=60,
                permission="campaigns.view",
            )
        )
        registry.commands.add(
            registry.Command(
                key="campaign_new",
                title=_("Campaign"),
                icon="flag-plus",
                url_name="campaigns:campaign_new",
                order=60,
                group="add",
                words=_("petition, fundraising, election, project"),
                permission="campaigns.manage",
            )
        )
