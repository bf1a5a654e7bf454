from django.apps import AppConfig


class DedupeConfig(AppConfig):
    name = "veche.dedupe"
    label = "dedupe"
