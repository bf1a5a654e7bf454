"""Every address of the site: each room's own `urls.py`, and nothing else."""

from importlib import import_module

from django.apps import apps
from django.urls import include, path
from django.utils.module_loading import module_has_submodule

ROOMS = [
    config.name
    for config in apps.get_app_configs()
    if config.name.startswith("veche.") and module_has_submodule(import_module(config.name), "urls")
]

urlpatterns = [path("", include(f"{room}.urls")) for room in ROOMS]

handler400 = "veche.ui.errors.bad_request"
handler403 = "veche.ui.errors.forbidden"
handler404 = "veche.ui.errors.not_found"
handler500 = "veche.ui.errors.server_error"
