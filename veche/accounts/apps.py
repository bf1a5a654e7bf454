from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "veche.accounts"
    label = "accounts"

    def ready(self) -> None:
        from veche.accounts import events, queries, showing  # noqa: F401  events make themselves known
        from veche.accounts.presentation import invent
        from veche.accounts.roles import Role
        from veche.core.actor import load_actors_with
        from veche.ui import registry

        load_actors_with(queries.load_actor)
        registry.role_titles.update(Role.choices)
        registry.banners.append(showing.banners)
        invent()
        registry.navigation.add(
            registry.NavItem(
                key="users",
                title=_("Users"),
                icon="user-cog",
                url_name="accounts:users",
                order=900,
                permission="accounts.manage",
            )
        )
        registry.commands.add(
            registry.Command(
                key="user_new",
                title=_("User"),
                icon="user-plus",
                url_name="accounts:user_new",
                order=900,
                group="add",
                words=_("colleague, account, access"),
                permission="accounts.manage",
            )
        )
        registry.commands.add(
            registry.Command(
                key="security",
                title=_("Sign-in and security"),
                icon="shield-lock",
                url_name="mfa_index",
                order=910,
                words=_("password, passkey, second factor, sessions"),
            )
        )
        registry.commands.add(
            registry.Command(
                key="presentation",
                title=_("Presentation under invented names"),
                icon="mask",
                url_name="accounts:presentation",
                order=920,
                words=_("demo show hide names training"),
                permission="accounts.present",
            )
        )
        registry.doors.open("presentation", "accounts:presentation")
        registry.doors.open("profile", "accounts:profile")
        registry.doors.open("security", "mfa_index")
        registry.doors.open("sign_in", "account_login")
        registry.doors.open("sign_out", "account_logout")
