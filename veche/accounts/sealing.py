"""Secrets of second factors, sealed: who reads the database alone, a dump or a backup, makes no codes from them."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from veche.core.refusal import Refusal

MARK = "sealed:"  # what stands before a sealed secret; without it, it was stored before there was sealing


def seal(text: str) -> str:
    """`text`, readable only with the server's secret key."""
    return MARK + _keys().encrypt(text.encode()).decode()


def unseal(stored: str) -> str:
    """What was sealed; raises `Refusal` when the secret key is no longer the one it was sealed with."""
    if not stored.startswith(MARK):
        return stored
    try:
        return _keys().decrypt(stored.removeprefix(MARK).encode()).decode()
    except InvalidToken:
        raise Refusal(
            "accounts.sealed_otherwise",
            _(
                "The server's secret key has changed, so your codes can't be checked. Ask an administrator to remove"
                " your second factor, and set it up anew."
            ),
        ) from None


def _keys() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    mixed = salted_hmac("veche.accounts.sealing", "second factor", secret=secret, algorithm="sha256")
    return base64.urlsafe_b64encode(mixed.digest())
