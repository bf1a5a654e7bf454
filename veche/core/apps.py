from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "veche.core"
    label = "core"

    def ready(self) -> None:
        from veche.core import events  # noqa: F401  events make themselves known
