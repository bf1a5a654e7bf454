"""Home, search, and a sign of life for whoever watches the server."""

from django.urls import path

from veche.desk.views import health, home, search

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("health/", health.health, name="health"),
]
