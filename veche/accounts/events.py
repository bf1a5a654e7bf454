"""What can happen to accounts. E-mail addresses and names never go into the ledger, only ids and codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class UserEvent(Event):
    """Something about a user; `object_id` is the user's id."""

    object_kind: ClassVar[str] = "user"
    icon: ClassVar[str] = "user"


@dataclass(frozen=True, kw_only=True)
class UserAdded(UserEvent):
    kind: ClassVar[str] = "accounts.user_added"
    label: ClassVar[object] = _("User added")
    icon: ClassVar[str] = "user-plus"
    role: str


@dataclass(frozen=True, kw_only=True)
class UserChanged(UserEvent):
    """`fields` names what changed: name, email, language, teams, territories."""

    kind: ClassVar[str] = "accounts.user_changed"
    label: ClassVar[object] = _("User changed")
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RoleChanged(UserEvent):
    kind: ClassVar[str] = "accounts.role_changed"
    label: ClassVar[object] = _("Role or reach changed")
    icon: ClassVar[str] = "shield"
    role_before: str
    role: str
    reach_before: str
    reach: str


@dataclass(frozen=True, kw_only=True)
class UserDeactivated(UserEvent):
    kind: ClassVar[str] = "accounts.user_deactivated"
    label: ClassVar[object] = _("User switched off")
    icon: ClassVar[str] = "user-off"


@dataclass(frozen=True, kw_only=True)
class UserActivated(UserEvent):
    kind: ClassVar[str] = "accounts.user_activated"
    label: ClassVar[object] = _("User switched on again")
    icon: ClassVar[str] = "user-check"


@dataclass(frozen=True, kw_only=True)
class SecondFactorRemoved(UserEvent):
    """Somebody else took a user's second factor away, because the phone or the key is lost."""

    kind: ClassVar[str] = "accounts.second_factor_removed"
    label: ClassVar[object] = _("Second factor removed")
    icon: ClassVar[str] = "shield-off"


@dataclass(frozen=True, kw_only=True)
class SecondFactorChanged(UserEvent):
    """A user added or removed a second factor of their own; `change` is added, removed or codes_made."""

    kind: ClassVar[str] = "accounts.second_factor_changed"
    label: ClassVar[object] = _("Second factor changed")
    icon: ClassVar[str] = "shield-check"
    type: str
    change: str


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(UserEvent):
    kind: ClassVar[str] = "accounts.password_changed"
    label: ClassVar[object] = _("Password changed")
    icon: ClassVar[str] = "lock"


@dataclass(frozen=True, kw_only=True)
class SignInLinkIssued(UserEvent):
    kind: ClassVar[str] = "accounts.sign_in_link_issued"
    label: ClassVar[object] = _("Sign-in link issued")
    icon: ClassVar[str] = "link"
    link_id: int


@dataclass(frozen=True, kw_only=True)
class SignInLinkUsed(UserEvent):
    kind: ClassVar[str] = "accounts.sign_in_link_used"
    label: ClassVar[object] = _("Sign-in link used")
    icon: ClassVar[str] = "link"
    link_id: int


@dataclass(frozen=True, kw_only=True)
class SignedIn(UserEvent):
    kind: ClassVar[str] = "accounts.signed_in"
    label: ClassVar[object] = _("Signed in")
    icon: ClassVar[str] = "login-2"
    method: str


@dataclass(frozen=True, kw_only=True)
class SignInFailed(UserEvent):
    """A try with a wrong password or code; without an `object_id` the address belongs to nobody."""

    kind: ClassVar[str] = "accounts.sign_in_failed"
    label: ClassVar[object] = _("Sign-in failed")
    icon: ClassVar[str] = "lock-x"
    method: str
    tries: int


@dataclass(frozen=True, kw_only=True)
class SignedOut(UserEvent):
    kind: ClassVar[str] = "accounts.signed_out"
    label: ClassVar[object] = _("Signed out")
    icon: ClassVar[str] = "logout"


@dataclass(frozen=True, kw_only=True)
class OtherSessionsEnded(UserEvent):
    kind: ClassVar[str] = "accounts.other_sessions_ended"
    label: ClassVar[object] = _("Other sessions ended")
    icon: ClassVar[str] = "logout"


@dataclass(frozen=True, kw_only=True)
class TeamAdded(Event):
    kind: ClassVar[str] = "accounts.team_added"
    label: ClassVar[object] = _("Team added")
    icon: ClassVar[str] = "users-group"
    object_kind: ClassVar[str] = "team"


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Event):
    kind: ClassVar[str] = "accounts.team_changed"
    label: ClassVar[object] = _("Team changed")
    icon: ClassVar[str] = "users-group"
    object_kind: ClassVar[str] = "team"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TeamRemoved(Event):
    kind: ClassVar[str] = "accounts.team_removed"
    label: ClassVar[object] = _("Team removed")
    icon: ClassVar[str] = "users-minus"
    object_kind: ClassVar[str] = "team"


@dataclass(frozen=True, kw_only=True)
class TerritoryAdded(Event):
    kind: ClassVar[str] = "accounts.territory_added"
    label: ClassVar[object] = _("Territory added")
    icon: ClassVar[str] = "map-pin-plus"
    object_kind: ClassVar[str] = "territory"


@dataclass(frozen=True, kw_only=True)
class TerritoryChanged(Event):
    kind: ClassVar[str] = "accounts.territory_changed"
    label: ClassVar[object] = _("Territory changed")
    icon: ClassVar[str] = "map-pin"
    object_kind: ClassVar[str] = "territory"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TerritoryRemoved(Event):
    kind: ClassVar[str] = "accounts.territory_removed"
    label: ClassVar[object] = _("Territory removed")
    icon: ClassVar[str] = "map-pin-minus"
    object_kind: ClassVar[str] = "territory"
