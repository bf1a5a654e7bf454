"""What a test commits is gone before the next, and what the migrations shipped is there again."""

import pytest
from django.core.cache import cache

from config.tests.shipped import Shipped
from veche.accounts.testing import cast
from veche.contacts.models import Contact, RoleKind, Status
from veche.contacts.testing import make_person
from veche.core.testing import kinds_published


@pytest.mark.django_db(transaction=True)
def test_all_is_put_back_and_only_what_was_touched():
    shipped, statuses = Shipped(), set(Status.objects.values_list())
    roles = set(RoleKind.objects.values_list())
    assert statuses and roles and shipped.restore() == []
    cast()
    make_person("Соло Хан", fields={"status": Status.objects.first().pk})
    RoleKind.objects.first().delete()
    Status.objects.filter(pk=Status.objects.last().pk).update(code="changed")
    cache.set("left", "behind")
    assert {"accounts_user", "contacts_contact", "contacts_rolekind", "core_cache", "core_ledger"} < set(
        shipped.restore()
    )
    assert (set(Status.objects.values_list()), set(RoleKind.objects.values_list())) == (statuses, roles)
    assert not Contact.objects.exists() and not kinds_published() and cache.get("left") is None
    assert shipped.restore() == []
