from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "veche.contacts"
    label = "contacts"
