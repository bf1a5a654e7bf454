from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "veche.exchange"
    label = "exchange"

    def ready(self) -> None:
        from veche.exchange import jobs  # noqa: F401  registers the kinds of jobs
