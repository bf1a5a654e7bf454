"""Who can see a contact, and why: the rule of `scope.py` asked the other way round, for one contact and all users."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.accounts.models import User
from veche.accounts.queries import roles_with
from veche.campaigns.queries import campaigns_for
from veche.contacts.models import Contact, GivenList
from veche.core.actor import Actor
from veche.ui import formats


@dataclass
class Seer:
    """A colleague who can see the contact; `reasons` are whole sentences. `phones` says whether they stand open."""

    user: User
    reasons: list[str] = field(default_factory=list)

    @property
    def role(self) -> str:
        return self.user.get_role_display()

    @property
    def phones(self) -> bool:
        return self.user.role in roles_with("contacts.see_phones")


def seen_by(actor: Actor, contact: Contact) -> list[Seer]:
    """Everybody who can see a contact that `actor` has looked up, those with the whole base last; six queries."""
    seers: dict[int, Seer] = {}
    users = User.objects.filter(is_active=True, role__in=roles_with("contacts.view"))
    ways = (
        _everything(),
        _responsible(contact),
        _campaigns(actor, contact),
        _territory(contact),
        _lists(contact),
    )
    reasons: dict[int, list[str]] = defaultdict(list)
    for way in ways:
        for user_id, sentence in way:
            reasons[user_id].append(sentence)
    for user in users.filter(pk__in=reasons).order_by("name", "id"):
        seers[user.pk] = Seer(user, list(dict.fromkeys(reasons[user.pk])))
    return sorted(seers.values(), key=lambda seer: seer.user.reach == User.Reach.EVERYTHING)


def _everything() -> list[tuple[int, str]]:
    found = User.objects.filter(reach=User.Reach.EVERYTHING).values_list("pk", flat=True)
    return [(user_id, _("sees the whole base")) for user_id in found]


def _responsible(contact: Contact) -> list[tuple[int, str]]:
    narrow = User.objects.filter(pk=contact.responsible_id).exclude(reach=User.Reach.EVERYTHING)
    return [(user_id, _("is responsible")) for user_id in narrow.values_list("pk", flat=True)]


def _campaigns(actor: Actor, contact: Contact) -> list[tuple[int, str]]:
    """Members of teams that work in the contact's campaigns; a campaign that the viewer may not see has no name."""
    rows = (
        contact.memberships.filter(campaign__teams__members__reach=User.Reach.TEAMS)
        .order_by("campaign__name")
        .values_list("campaign__teams__members", "campaign_id", "campaign__name")
        .distinct()
    )
    known = set(campaigns_for(actor).filter(memberships__contact=contact).values_list("pk", flat=True))
    unnamed = _("works in another campaign of this person")
    return [
        (user_id, _("works in the campaign “%(name)s”") % {"name": name} if campaign in known else unnamed)
        for user_id, campaign, name in rows
    ]


def _territory(contact: Contact) -> list[tuple[int, str]]:
    """Users of the contact's territory or of a whole that it is a part of."""
    if contact.territory_id is None:
        return []
    with connection.cursor() as sql:
        sql.execute(
            """
            WITH RECURSIVE whole(id, parent_id, name) AS (
                SELECT id, parent_id, name FROM accounts_territory WHERE id = %s
                UNION SELECT up.id, up.parent_id, up.name FROM accounts_territory AS up
                JOIN whole ON whole.parent_id = up.id
            )
            SELECT link.user_id, whole.name FROM whole
            JOIN accounts_user_territories AS link ON link.territory_id = whole.id
            JOIN accounts_user AS account ON account.id = link.user_id AND account.reach = %s
            """,
            [contact.territory_id, User.Reach.TEAMS],
        )
        return [(user, _("has the territory “%(name)s”") % {"name": name}) for user, name in sql.fetchall()]


def _lists(contact: Contact) -> list[tuple[int, str]]:
    """Whoever has a list with the contact on it today."""
    lists = GivenList.objects.filter(
        members__contact=contact, revoked_at=None, until__gte=timezone.localdate()
    )
    narrow = ~Q(reach=User.Reach.EVERYTHING)
    users = User.objects.filter(narrow, given_lists__in=lists).annotate(
        name_of=F("given_lists__name"), last=F("given_lists__until")
    )
    teams = User.objects.filter(narrow, teams__given_lists__in=lists).annotate(
        name_of=F("teams__given_lists__name"), last=F("teams__given_lists__until")
    )
    sentence = _("has the list “%(name)s” until %(day)s")
    rows = [*users.values_list("pk", "name_of", "last"), *teams.values_list("pk", "name_of", "last")]
    return [(user, sentence % {"name": name, "day": formats.exact_day(last)}) for user, name, last in rows]
