"""Secrets of second factors that were stored as they are get sealed. Few rows: two for each user at most."""

import base64

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import migrations
from django.utils.crypto import salted_hmac

MARK = "sealed:"


def seal_all(apps, schema_editor):
    rows = apps.get_model("mfa", "Authenticator").objects.filter(type__in=["totp", "recovery_codes"])
    for row in rows.iterator():
        row.data = {name: _sealed(name, value) for name, value in row.data.items()}
        row.save(update_fields=["data"])


def _sealed(name, value):
    if name in ("secret", "seed") and not value.startswith(MARK):
        return seal(value)
    if name == "migrated_codes":
        return [code if code.startswith(MARK) else seal(code) for code in value]
    return value


def seal(text):
    """As `accounts.sealing` did it when this was written: a migration does the same whatever becomes of that."""
    key = salted_hmac(
        "veche.accounts.sealing", "second factor", secret=settings.SECRET_KEY, algorithm="sha256"
    )
    return MARK + Fernet(base64.urlsafe_b64encode(key.digest())).encrypt(text.encode()).decode()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_names_are_taken_whatever_their_case"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(seal_all, migrations.RunPython.noop)]
