from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "veche.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        from veche.accounts import registry as accounts
        from veche.campaigns import queries

        accounts.add_scope("campaign", queries.campaign_ids_of)
