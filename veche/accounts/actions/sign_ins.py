"""Signing in and out: what succeeded, what failed and how long to wait after it, sign-in links, sessions."""

from __future__ import annotations

import datetime as dt
import secrets

from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.accounts import events
from veche.accounts.models import SignIn, SignInBackoff, SignInLink, User, new_stamp
from veche.accounts.queries import digest_of, digest_of_address
from veche.core.action import ANYONE, action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import Refusal

LINK_BYTES = 32  # 256 bits
LINK_LIVES = dt.timedelta(hours=1)
FREE_TRIES = 4  # after these in a row every further one costs a pause, each twice as long as the last
FIRST_PAUSE, LONGEST_PAUSE = 30, 15 * 60  # seconds
FORGOTTEN_AFTER = dt.timedelta(hours=1)
SIGN_INS_KEPT = dt.timedelta(days=365)


@action(ANYONE)
def record_failure(*, by: Actor, email: str, method: str, address: str | None, agent: str) -> int:
    """Count a failed try, known address or not; returns the seconds to wait before the next."""
    now = timezone.now()
    with connection.cursor() as sql:
        sql.execute(
            """
            INSERT INTO accounts_signinbackoff AS kept (digest, failures, failed_at) VALUES (%s, 1, %s)
            ON CONFLICT (digest) DO UPDATE SET
                failures = CASE WHEN kept.failed_at < %s THEN 1 ELSE kept.failures + 1 END, failed_at = %s
            RETURNING failures
            """,
            [digest_of_address(email), now, now - FORGOTTEN_AFTER, now],
        )
        tries = sql.fetchone()[0]
    pause = (
        0 if tries <= FREE_TRIES else min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(tries - FREE_TRIES - 1, 10))
    )
    SignInBackoff.objects.filter(digest=digest_of_address(email)).update(
        wait_until=now + dt.timedelta(seconds=pause) if pause else None
    )
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user:
        SignIn.objects.create(user=user, method=method, succeeded=False, address=address, agent=agent[:300])
    publish(events.SignInFailed(object_id=user.pk if user else None, method=method, tries=tries), by=by)
    return pause


@action("accounts.own")
def record_sign_in(*, by: Actor, method: str, address: str | None, agent: str) -> SignIn:
    """The actor has just signed in; earlier failures are forgotten."""
    user = User.objects.get(pk=by.user_id)
    SignInBackoff.objects.filter(digest=digest_of_address(user.email)).delete()
    sign_in = SignIn.objects.create(
        user=user, method=method, succeeded=True, address=address, agent=agent[:300]
    )
    publish(events.SignedIn(object_id=user.pk, method=method, sign_in=sign_in.pk), by=by)
    return sign_in


@action("accounts.own")
def record_sign_out(*, by: Actor) -> None:
    publish(events.SignedOut(object_id=by.user_id), by=by)


@action("accounts.own")
def end_other_sessions(*, by: Actor) -> User:
    """A new stamp ends all the actor's sessions; the view keeps the one that asked (update_session_auth_hash)."""
    User.objects.filter(pk=by.user_id).update(session_stamp=new_stamp())
    publish(events.OtherSessionsEnded(object_id=by.user_id), by=by)
    return User.objects.get(pk=by.user_id)


@action("accounts.own")
def set_own_password(*, by: Actor, password: str) -> User:
    """A new password, already found good enough; the actor's other sessions end with it."""
    user = User.objects.get(pk=by.user_id)
    user.set_password(password)
    user.save(update_fields=["password"])
    publish(events.PasswordChanged(object_id=user.pk), by=by)
    return user


@action("accounts.own")
def record_second_factor(*, by: Actor, factor: str, change: str) -> None:
    """The actor's own second factor changed: `factor` totp, passkey or codes; `change` added, removed or made."""
    publish(events.SecondFactorChanged(object_id=by.user_id, type=factor, change=change), by=by)


@action("accounts.manage")
def remove_second_factor(*, by: Actor, user: User) -> None:
    """Take a colleague's second factor away: the phone or the key is lost. All their sessions end."""
    removed, _rows = user.authenticator_set.all().delete()
    if not removed:
        unchanged()
        return
    User.objects.filter(pk=user.pk).update(session_stamp=new_stamp())
    publish(events.SecondFactorRemoved(object_id=user.pk), by=by)


@action("accounts.manage")
def issue_sign_in_link(*, by: Actor, user: User) -> str:
    """A token that signs `user` in once within the hour; only its SHA-256 is kept, and older links of theirs end."""
    if not user.is_active:
        raise Refusal(
            "accounts.inactive", _("This user is switched off. Switch them on before you give a link.")
        )
    token = secrets.token_urlsafe(LINK_BYTES)
    SignInLink.objects.filter(user=user, used_at=None).delete()
    link = SignInLink.objects.create(
        user=user, digest=digest_of(token), valid_until=timezone.now() + LINK_LIVES
    )
    publish(events.SignInLinkIssued(object_id=user.pk, link_id=link.pk), by=by)
    return token


@action(ANYONE)
def use_sign_in_link(*, by: Actor, token: str) -> User:
    """Spend a link and say whose it was; a second use, one too late and a made-up one are refused alike."""
    now = timezone.now()
    fresh = SignInLink.objects.filter(
        digest=digest_of(token), used_at=None, valid_until__gt=now, user__is_active=True
    )
    link = fresh.select_for_update(of=("self",)).select_related("user").first()
    if link is None:
        raise Refusal(
            "accounts.link_spent",
            _("This link has been used or is too old. Ask an administrator for a new one."),
            status=410,
        )
    SignInLink.objects.filter(pk=link.pk).update(used_at=now)
    publish(events.SignInLinkUsed(object_id=link.user_id, link_id=link.pk), by=by)
    return link.user


@action("accounts.manage")
def forget_old_sign_ins(*, by: Actor) -> None:
    """Delete ended sessions, spent links, forgotten failures, and sign-ins older than a year.

    The ledger keeps what happened; these rows only served to do it, so their going leaves no row.
    """
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    SignInLink.objects.filter(valid_until__lt=now - LINK_LIVES).delete()
    SignInBackoff.objects.filter(failed_at__lt=now - FORGOTTEN_AFTER).delete()
    SignIn.objects.filter(at__lt=now - SIGN_INS_KEPT).delete()
    unchanged()
