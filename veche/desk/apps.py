from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DeskConfig(AppConfig):
    name = "veche.desk"
    label = "desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        from veche.ui import registry

        registry.doors.open("home", "desk:home")
        registry.doors.open("search", "desk:search")
        registry.navigation.add(
            registry.NavItem(
                key="home",
                title=pgettext_lazy("page", "Home"),
                icon="home",
                url_name="desk:home",
                order=10,
                permission="desk.use",
                phone=True,
            )
        )
