from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "veche.ui"
    label = "ui"
    verbose_name = _("Interface")

    def ready(self) -> None:
        from veche.ui import registry

        registry.doors.open("jobs", "ui:jobs")
