"""What a search reads out of the base about somebody beside what stands on the card now."""

import pytest

from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.merging import merge_contacts
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.dedupe.queries.evidence import everybody, evidence_about

pytestmark = pytest.mark.django_db


def formers() -> dict[str, str]:
    return {each.id: each.former for portion in everybody() for each in portion}


def test_surnames_of_merged_cards_and_maiden_names_are_known():
    system = Actor.system()
    leia, merged = make_person("Органа Лея"), make_person("Амидала Лея")
    merge_contacts(by=system, kept_id=leia.pk, gone_ids=[merged.pk])
    rey = make_person("Палпатин Рей")
    change_fields(by=system, contact_id=rey.pk, fields={"surname": "Скайуокер"})
    nobody = make_person("Соло Хан")
    change_fields(by=system, contact_id=nobody.pk, fields={"given_name": "Бен"})

    known = formers()
    assert "амидал" in known[str(leia.pk)]
    assert "палпатин" in known[str(rey.pk)]
    assert known[str(nobody.pk)] == ""
    assert evidence_about([rey.pk])[0].former == known[str(rey.pk)]


def test_a_surname_that_came_back_is_no_former_one():
    rey = make_person("Палпатин Рей")
    for surname in ("Скайуокер", "Палпатин"):
        change_fields(by=Actor.system(), contact_id=rey.pk, fields={"surname": surname})
    assert "палпатин" not in formers()[str(rey.pk)]
