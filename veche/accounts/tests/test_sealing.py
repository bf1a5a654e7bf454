"""Secrets of second factors are unreadable in the database, and work all the same."""

from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps

from veche.accounts import sealing
from veche.accounts.testing import member
from veche.core.refusal import Refusal

pytestmark = pytest.mark.django_db


def test_a_stored_secret_is_not_the_secret_and_is_found_again():
    secret = generate_totp_secret()
    TOTP.activate(member("operator"), secret)
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    assert stored.startswith(sealing.MARK)
    assert sealing.unseal(stored) == secret


def test_what_was_stored_before_is_read_and_sealed_by_the_migration():
    secret = generate_totp_secret()
    row = Authenticator.objects.create(user=member("operator"), type="totp", data={"secret": secret})
    assert sealing.unseal(row.data["secret"]) == secret
    migration = import_module("veche.accounts.migrations.0004_seal_second_factors")
    for _twice in range(2):
        migration.seal_all(apps, None)
        row.refresh_from_db()
        assert row.data["secret"] != secret
        assert sealing.unseal(row.data["secret"]) == secret


def test_an_older_key_still_opens_and_a_strange_one_is_told(settings):
    stored, old = sealing.seal("JBSWY3DP"), settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-of-the-same-server"
    with pytest.raises(Refusal):
        sealing.unseal(stored)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert sealing.unseal(stored) == "JBSWY3DP"
