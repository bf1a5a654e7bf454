"""Imports are nouns; checking, loading, stopping and undoing one are nouns below it."""

from django.urls import path

from veche.exchange.views import imports, running, setting_up

app_name = "exchange"
urlpatterns = [
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<int:import_id>/", imports.import_one, name="import"),
    path("imports/<int:import_id>/table/", setting_up.table, name="table"),
    path("imports/<int:import_id>/columns/", setting_up.columns, name="columns"),
    path("imports/<int:import_id>/check/", running.check, name="check"),
    path("imports/<int:import_id>/load/", running.load, name="load"),
    path("imports/<int:import_id>/rows/", running.rows, name="rows"),
    path("imports/<int:import_id>/cancellation/", imports.cancellation, name="cancellation"),
    path("imports/<int:import_id>/undoing/", imports.undoing, name="undoing"),
    path("imports/<int:import_id>/rejects.xlsx", imports.rejected, name="rejects"),
]
