"""What every process that stages rows needs, imported once by the server that they are forked from."""

import django

django.setup()

import veche.exchange.staging  # noqa: E402, F401
