"""What can happen to accounts. E-mail addresses and names never go into the ledger, only ids and codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class UserEvent(Event):
    """Something about a user; `object_id` is the user's id."""

    object_kind = "user"
    icon = "user"


@dataclass(frozen=True, kw_only=True)
class UserAdded(UserEvent):
    kind: ClassVar[str] = "accounts.user_added"
    label = _("User added")
    icon = "user-plus"
    role: str


@dataclass(frozen=True, kw_only=True)
class UserChanged(UserEvent):
    """`fields` names what changed: name, email, language, teams, territories."""

    kind: ClassVar[str] = "accounts.user_changed"
    label = _("User changed")
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RoleChanged(UserEvent):
    kind: ClassVar[str] = "accounts.role_changed"
    label = _("Role or reach changed")
    icon = "shield"
    role_before: str
    role: str
    reach_before: str
    reach: str


@dataclass(frozen=True, kw_only=True)
class UserDeactivated(UserEvent):
    kind: ClassVar[str] = "accounts.user_deactivated"
    label = _("User switched off")
    icon = "user-off"


@dataclass(frozen=True, kw_only=True)
class UserActivated(UserEvent):
    kind: ClassVar[str] = "accounts.user_activated"
    label = _("User switched on again")
    icon = "user-check"


@dataclass(frozen=True, kw_only=True)
class SecondFactorRemoved(UserEvent):
    """Somebody else took a user's second factor away, because the phone or the key is lost."""

    kind: ClassVar[str] = "accounts.second_factor_removed"
    label = _("Second factor removed")
    icon = "shield-off"


@dataclass(frozen=True, kw_only=True)
class SecondFactorChanged(UserEvent):
    """A user added or removed a second factor of their own; `change` is added, removed or codes_made."""

    kind: ClassVar[str] = "accounts.second_factor_changed"
    label = _("Second factor changed")
    icon = "shield-check"
    type: str
    change: str


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(UserEvent):
    kind: ClassVar[str] = "accounts.password_changed"
    label = _("Password changed")
    icon = "lock"


@dataclass(frozen=True, kw_only=True)
class SignInLinkIssued(UserEvent):
    kind: ClassVar[str] = "accounts.sign_in_link_issued"
    label = _("Sign-in link issued")
    icon = "link"
    link_id: int


@dataclass(frozen=True, kw_only=True)
class SignInLinkUsed(UserEvent):
    kind: ClassVar[str] = "accounts.sign_in_link_used"
    label = _("Sign-in link used")
    icon = "link"
    link_id: int


@dataclass(frozen=True, kw_only=True)
class SignedIn(UserEvent):
    kind: ClassVar[str] = "accounts.signed_in"
    label = _("Signed in")
    icon = "login-2"
    method: str
    sign_in: int | None = None


@dataclass(frozen=True, kw_only=True)
class SignInFailed(UserEvent):
    """A try with a wrong password or code; without an `object_id` the address belongs to nobody."""

    kind: ClassVar[str] = "accounts.sign_in_failed"
    label = _("Sign-in failed")
    icon = "lock-x"
    method: str
    tries: int


@dataclass(frozen=True, kw_only=True)
class SignedOut(UserEvent):
    kind: ClassVar[str] = "accounts.signed_out"
    label = _("Signed out")
    icon = "logout"


@dataclass(frozen=True, kw_only=True)
class OtherSessionsEnded(UserEvent):
    kind: ClassVar[str] = "accounts.other_sessions_ended"
    label = _("Other sessions ended")
    icon = "logout"


@dataclass(frozen=True, kw_only=True)
class SightBegun(UserEvent):
    """An administrator looks as this user from now on; nothing can be changed meanwhile."""

    kind: ClassVar[str] = "accounts.sight_begun"
    label = _("Looking as this user")
    icon = "eye"


@dataclass(frozen=True, kw_only=True)
class SightEnded(UserEvent):
    kind: ClassVar[str] = "accounts.sight_ended"
    label = _("Looking as this user ended")
    icon = "eye-off"


@dataclass(frozen=True, kw_only=True)
class PresentationBegun(UserEvent):
    """The user's session shows invented names from now on."""

    kind: ClassVar[str] = "accounts.presentation_begun"
    label = _("Presentation begun")
    icon = "mask"


@dataclass(frozen=True, kw_only=True)
class PresentationEnded(UserEvent):
    kind: ClassVar[str] = "accounts.presentation_ended"
    label = _("Presentation ended")
    icon = "mask-off"


@dataclass(frozen=True, kw_only=True)
class TeamAdded(Event):
    kind: ClassVar[str] = "accounts.team_added"
    label = _("Team added")
    icon = "users-group"
    object_kind = "team"


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Event):
    kind: ClassVar[str] = "accounts.team_changed"
    label = _("Team changed")
    icon = "users-group"
    object_kind = "team"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TeamRemoved(Event):
    kind: ClassVar[str] = "accounts.team_removed"
    label = _("Team removed")
    icon = "users-minus"
    object_kind = "team"


@dataclass(frozen=True, kw_only=True)
class TerritoryAdded(Event):
    kind: ClassVar[str] = "accounts.territory_added"
    label = _("Territory added")
    icon = "map-pin-plus"
    object_kind = "territory"


@dataclass(frozen=True, kw_only=True)
class TerritoryChanged(Event):
    kind: ClassVar[str] = "accounts.territory_changed"
    label = _("Territory changed")
    icon = "map-pin"
    object_kind = "territory"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TerritoryRemoved(Event):
    kind: ClassVar[str] = "accounts.territory_removed"
    label = _("Territory removed")
    icon = "map-pin-minus"
    object_kind = "territory"
