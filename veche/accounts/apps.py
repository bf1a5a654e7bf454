from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "veche.accounts"
    label = "accounts"

    def ready(self) -> None:
        from veche.accounts import queries
        from veche.accounts.roles import Role
        from veche.core.actor import load_actors_with
        from veche.ui import registry

        load_actors_with(queries.load_actor)
        registry.role_titles.update(Role.choices)
