from django.urls import path

from veche.campaigns.views import campaigns

app_name = "campaigns"
urlpatterns = [
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/archive/", campaigns.archive, name="archive"),
    path("campaigns/new/", campaigns.add, name="campaign_new"),
    path("campaigns/<int:campaign_id>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:campaign_id>/archive/", campaigns.close, name="campaign_archive"),
    path("campaigns/<int:campaign_id>/reopen/", campaigns.reopen, name="campaign_reopen"),
]
