"""A field for a postal address: it suggests while somebody types and says how it is understood. Without JavaScript it
is the plain field that it holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_AROUND = (
    '<suggest-as-typed src="{}">{}<div class="v-menu ad-offers" popover="manual" role="listbox" aria-label="{}"></div>'
    '<div class="ad-read" data-read aria-live="polite"></div></suggest-as-typed>'
)


class _Suggesting:
    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        field = super().render(name, value, {**(attrs or {}), "autocomplete": "off"}, renderer)  # type: ignore[misc]
        return format_html(_AROUND, reverse("contacts:address_offers"), field, _("Suggestions"))


class AddressLine(_Suggesting, forms.TextInput):
    """One line."""


class AddressLines(_Suggesting, forms.Textarea):
    """Two lines, for what already has a long text."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"rows": 2, **(attrs or {})})
