from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "veche.accounts"
    label = "accounts"

    def ready(self) -> None:
        from veche.accounts import queries
        from veche.core.actor import load_actors_with

        load_actors_with(queries.load_actor)
