"""Addresses of the team's own words and fields; part of the room's `urls`."""

from __future__ import annotations

from django.urls import path

from veche.contacts.views import shape

urlpatterns = [
    path("people/shape/", shape.shape, name="shape"),
    path("people/shape/<slug:part>/", shape.shape, name="shape_part"),
    path("people/shape/<slug:part>/<int:entry_id>/", shape.shape_entry, name="shape_entry"),
    path("people/shape/<slug:part>/<int:entry_id>/archival/", shape.shape_archival, name="shape_archival"),
    path("people/shape/<slug:part>/<int:entry_id>/move/", shape.shape_move, name="shape_move"),
    path("people/shape/fields/<int:entry_id>/index/", shape.own_field_index, name="own_field_index"),
]
