from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "veche.core"
    label = "core"

    def ready(self) -> None:
        from veche.core import events, presenting  # noqa: F401  events make themselves known

        presenting.leave_open("core_job", "kind", "stage", "result_url")
