"""Home, search, and a sign of life for whoever watches the server."""

from django.urls import path

from veche.desk.views import health, home, notices, presence, search

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("health/", health.health, name="health"),
    path("notices/", notices.notices, name="notices"),
    path("notices/bell/", notices.bell, name="bell"),
    path("notices/readings/", notices.readings, name="notice_readings"),
    path("notices/<int:notice_id>/reading/", notices.reading, name="notice_reading"),
    path("account/notices/", notices.choices, name="notice_choices"),
    path("presence/", presence.presence, name="presence"),
]
