from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "veche.campaigns"
    label = "campaigns"
