from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "veche.contacts"
    label = "contacts"
    verbose_name = _("People")

    def ready(self) -> None:
        from veche.contacts import registry as own
        from veche.contacts.queries.telling import describe_own_entries
        from veche.ui import registry

        own.describers["contacts"] = describe_own_entries
        registry.commands.add(
            registry.Command(
                key="add_contact",
                title=_("Person or organisation"),
                icon="user-plus",
                url_name="contacts:contact_new",
                order=10,
                group="add",
                words=_("contact new add"),
                permission="contacts.add",
            )
        )
