"""The nouns of the room. A contact is known by its number; what belongs to it hangs below that."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "contacts"
urlpatterns: list[URLPattern] = []
