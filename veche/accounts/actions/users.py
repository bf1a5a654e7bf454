"""Users: add, change, switch off and on. Rights are read anew on every request, so a change counts at once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.translation import gettext as _

from veche.accounts import events
from veche.accounts.models import Team, Territory, User, new_stamp
from veche.accounts.roles import Role
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import Refusal
from veche.core.uniqueness import unless_taken

REACH_OF = {
    Role.ADMINISTRATOR: User.Reach.EVERYTHING,
    Role.COORDINATOR: User.Reach.EVERYTHING,
    Role.AUDITOR: User.Reach.EVERYTHING,
    Role.OPERATOR: User.Reach.TEAMS,
    Role.VOLUNTEER: User.Reach.OWN,
}


@action("accounts.manage")
def add_user(
    *,
    by: Actor,
    email: str,
    name: str,
    role: str,
    reach: str = "",
    teams: Collection[Team] = (),
    territories: Collection[Territory] = (),
    language: str = "ru",
) -> User:
    """A new user without a password: the first way in is a sign-in link. A blank `reach` is the role's usual one."""
    user = User(
        email=_free_address(email),
        name=_whole_name(name),
        role=Role(role),
        reach=User.Reach(reach or REACH_OF[Role(role)]),
        language=language,
    )
    user.set_unusable_password()
    with unless_taken({"accounts_user_email_once": _address_taken}):
        user.save()
    user.teams.set(teams)
    user.territories.set(territories)
    publish(events.UserAdded(object_id=user.pk, role=user.role), by=by)
    return user


@action("accounts.manage")
def change_user(
    *,
    by: Actor,
    user: User,
    name: str | None = None,
    email: str | None = None,
    role: str | None = None,
    reach: str | None = None,
    teams: Collection[Team] | None = None,
    territories: Collection[Territory] | None = None,
) -> User:
    """Change what is given. The last administrator stays one, and nobody takes their own administration away."""
    user = User.objects.select_for_update().get(pk=user.pk)
    fields = _set_plain(user, name=name, email=email)
    fields += _set_groups(user, teams=teams, territories=territories)
    if fields:
        publish(events.UserChanged(object_id=user.pk, fields=tuple(fields)), by=by)
    ranked = _set_rank(by, user, role or user.role, reach or user.reach)
    if not fields and not ranked:
        unchanged()
    return user


@action("accounts.own")
def change_own(*, by: Actor, name: str | None = None, language: str | None = None) -> User:
    """What users change about themselves."""
    user = User.objects.select_for_update().get(pk=by.user_id)
    fields = _set_plain(user, name=name, language=language)
    if fields:
        publish(events.UserChanged(object_id=user.pk, fields=tuple(fields)), by=by)
    else:
        unchanged()
    return user


@action("accounts.manage")
def deactivate_user(*, by: Actor, user: User) -> User:
    """Switch a user off: all sessions and sign-in links end now. Never oneself, never the last administrator."""
    if user.pk == by.user_id:
        raise Refusal("accounts.self", _("You cannot switch yourself off. Ask another administrator."))
    _keep_an_administrator(besides=user)
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False, session_stamp=new_stamp()):
        unchanged()
    else:
        user.sign_in_links.filter(used_at=None).delete()
        publish(events.UserDeactivated(object_id=user.pk), by=by)
    user.refresh_from_db()
    return user


@action("accounts.manage")
def activate_user(*, by: Actor, user: User) -> User:
    """Let a user who was switched off sign in again, with the password they had."""
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        publish(events.UserActivated(object_id=user.pk), by=by)
    else:
        unchanged()
    user.refresh_from_db()
    return user


@action("accounts.manage")
def ensure_first_administrator(*, by: Actor, email: str = "admin@localhost.localdomain") -> User | None:
    """Make the first administrator when nobody administers yet; returns them, or None when there is somebody."""
    if User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists():
        unchanged()
        return None
    kept = User.objects.filter(email__iexact=email).first()
    if kept:
        activate_user(by=by, user=kept)
        return change_user(by=by, user=kept, role=Role.ADMINISTRATOR, reach=User.Reach.EVERYTHING)
    with translation.override(settings.LANGUAGE_CODE):  # the reader is not known yet
        return add_user(by=by, email=email, name=_("Administrator"), role=Role.ADMINISTRATOR)


def _set_plain(user: User, **given: Any) -> list[str]:
    changed = {name: value for name, value in given.items() if value is not None}
    if "name" in changed:
        changed["name"] = _whole_name(changed["name"])
    if "email" in changed:
        changed["email"] = _free_address(changed["email"], besides=user)
    changed = {name: value for name, value in changed.items() if getattr(user, name) != value}
    for name, value in changed.items():
        setattr(user, name, value)
    if changed:
        with unless_taken({"accounts_user_email_once": _address_taken}):
            user.save(update_fields=list(changed))
    return list(changed)


def _set_groups(user: User, **given: Collection[Any] | None) -> list[str]:
    changed = []
    for name, wanted in given.items():
        if wanted is None:
            continue
        group = getattr(user, name)
        if set(group.values_list("pk", flat=True)) != {each.pk for each in wanted}:
            group.set(wanted)
            changed.append(name)
    return changed


def _set_rank(by: Actor, user: User, role: str, reach: str) -> bool:
    role, reach = Role(role), User.Reach(reach)
    if (role, reach) == (user.role, user.reach):
        return False
    if user.role == Role.ADMINISTRATOR and role != Role.ADMINISTRATOR:
        if user.pk == by.user_id:
            raise Refusal(
                "accounts.self",
                _("You cannot stop being an administrator yourself. Ask another administrator."),
            )
        _keep_an_administrator(besides=user)
    publish(
        events.RoleChanged(
            object_id=user.pk, role_before=user.role, role=role, reach_before=user.reach, reach=reach
        ),
        by=by,
    )
    user.role, user.reach = role, reach
    user.save(update_fields=["role", "reach"])
    return True


def _keep_an_administrator(*, besides: User) -> None:
    """Refuse when nobody but `besides` administers. Locks the administrators, in order, against two going at once."""
    administrators = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk")
    ids = list(administrators.select_for_update().values_list("pk", flat=True))
    if ids == [besides.pk]:
        raise Refusal(
            "accounts.last_administrator",
            _("This is the last administrator. Make somebody else an administrator first."),
        )


def _free_address(email: str, *, besides: User | None = None) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        message = _("This is not an e-mail address. Write it like anna@example.org.")
        raise Refusal("accounts.email", message, fields={"email": message}) from None
    others = User.objects.filter(email__iexact=email).exclude(pk=besides.pk if besides else None)
    if others.exists():
        raise _address_taken()
    return email


def _address_taken() -> Refusal:
    message = _("Somebody else signs in with this address already.")
    return Refusal("accounts.email_taken", message, fields={"email": message})


def _whole_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        message = _("Write the name that colleagues will see.")
        raise Refusal("accounts.name", message, fields={"name": message})
    return name[:200]
