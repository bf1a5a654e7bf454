"""The nouns of the room. A contact is known by its number; what belongs to it hangs below that."""

from __future__ import annotations

from django.urls import path

from veche.contacts.views import (
    belonging,
    card,
    contacts,
    fields,
    given,
    mass_changes,
    notes,
    people,
    points,
    printing,
    seen_by,
    shape,
)

app_name = "contacts"
urlpatterns = [
    path("people/", people.people_list, name="people"),
    path("people/filter/", people.people_filter, name="people_filter"),
    path("people/lists/", given.given_lists, name="given_lists"),
    path("people/lists/new/", given.given_list_new, name="given_list_new"),
    path("people/lists/<int:list_id>/revocation/", given.revocation, name="given_list_revocation"),
    path("people/bulk/", mass_changes.bulk, name="bulk"),
    path("people/bulk/own/", mass_changes.bulk_own, name="bulk_own"),
    path("people/print/", printing.people_print, name="people_print"),
    path("people/changes/", mass_changes.changes, name="mass_changes"),
    path("people/changes/<int:mass_id>/", mass_changes.change, name="mass_change"),
    path("people/changes/<int:mass_id>/undo/", mass_changes.change_undo, name="mass_change_undo"),
    path("people/changes/<int:mass_id>/stop/", mass_changes.change_stop, name="mass_change_stop"),
    path("people/new/", contacts.contact_new, name="contact_new"),
    path("people/new/hint/", contacts.contact_hint, name="contact_hint"),
    path("people/<int:contact_id>/", card.show, name="card"),
    path("people/<int:contact_id>/pieces/<slug:piece>/", card.piece, name="piece"),
    path("people/<int:contact_id>/seen-by/", seen_by.seen_by, name="seen_by"),
    path("people/<int:contact_id>/history/", card.history, name="history"),
    path("people/<int:contact_id>/provenance/<str:code>/", card.provenance, name="provenance"),
    path("people/<int:contact_id>/removal/", card.removal, name="removal"),
    path("people/<int:contact_id>/restoration/", card.restoration, name="restoration"),
    path(
        "people/<int:contact_id>/changes/<int:change_id>/reversal/",
        card.change_reversal,
        name="change_reversal",
    ),
    path("people/<int:contact_id>/fields/<str:part>/", fields.fields, name="fields"),
    path("people/<int:contact_id>/points/<int:point_id>/", points.point, name="point"),
    path("people/<int:contact_id>/points/<slug:kind>/", points.point_new, name="point_new"),
    path(
        "people/<int:contact_id>/points/<int:point_id>/removal/", points.point_removal, name="point_removal"
    ),
    path("people/<int:contact_id>/points/<int:point_id>/first/", points.point_first, name="point_first"),
    path("people/<int:contact_id>/points/<int:point_id>/reveal/", points.point_reveal, name="point_reveal"),
    path("people/<int:contact_id>/addresses/", points.address_new, name="address_new"),
    path("people/<int:contact_id>/addresses/<int:address_id>/", points.address, name="address"),
    path(
        "people/<int:contact_id>/addresses/<int:address_id>/removal/",
        points.address_removal,
        name="address_removal",
    ),
    path("people/<int:contact_id>/roles/", belonging.role_new, name="role_new"),
    path("people/<int:contact_id>/roles/<int:held_id>/", belonging.role, name="role"),
    path("people/<int:contact_id>/roles/<int:held_id>/removal/", belonging.role_removal, name="role_removal"),
    path("people/<int:contact_id>/tags/", belonging.tag_new, name="tag_new"),
    path("people/<int:contact_id>/tags/<int:tag_id>/", belonging.tag_put, name="tag_put"),
    path("people/<int:contact_id>/tags/<int:tag_id>/removal/", belonging.tag_removal, name="tag_removal"),
    path("people/<int:contact_id>/campaigns/", belonging.campaign_new, name="campaign_new"),
    path("people/<int:contact_id>/campaigns/<int:campaign_id>/", belonging.campaign_put, name="campaign_put"),
    path(
        "people/<int:contact_id>/campaigns/<int:campaign_id>/removal/",
        belonging.campaign_removal,
        name="campaign_removal",
    ),
    path("people/<int:contact_id>/notes/", notes.note_new, name="note_new"),
    path("people/<int:contact_id>/notes/<int:note_id>/", notes.note, name="note"),
    path("people/<int:contact_id>/notes/<int:note_id>/removal/", notes.note_removal, name="note_removal"),
    path("people/<int:contact_id>/notes/<int:note_id>/pin/", notes.note_pin, name="note_pin"),
    path("people/shape/", shape.shape, name="shape"),
    path("people/shape/<slug:part>/", shape.shape, name="shape_part"),
    path("people/shape/<slug:part>/<int:entry_id>/", shape.shape_entry, name="shape_entry"),
    path("people/shape/<slug:part>/<int:entry_id>/archival/", shape.shape_archival, name="shape_archival"),
    path("people/shape/<slug:part>/<int:entry_id>/move/", shape.shape_move, name="shape_move"),
    path("people/shape/fields/<int:entry_id>/index/", shape.own_field_index, name="own_field_index"),
]
