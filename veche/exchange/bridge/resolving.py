"""From what a changed cell says to what is stored; a `Refusal` with a sentence for what cannot be."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from veche.contacts.actions.bulk_words import known_words
from veche.contacts.models import OwnField, Status
from veche.contacts.queries.choices import campaigns_for, colleagues, tags_for
from veche.contacts.queries.typed import clean_own, clean_value, read_points
from veche.core.actor import Actor
from veche.core.refusal import Refusal
from veche.exchange.bridge.columns import BIRTHDAY, GENDER, OWN, POINTS, BridgeColumn
from veche.exchange.bridge.judging import Patch
from veche.exchange.bridge.texts import Said
from veche.exchange.bridge.values import MASK, Shown, key, key_of_piece

BLANK_NAME = ("surname", "given_name", "patronymic")


class Resolver:
    """Knows the team's words for one actor. Make one per piece of work."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.may_shape = actor.may("contacts.shape")
        self.users: dict[str, list[int]] = defaultdict(list)
        for pk, name, email in colleagues().values_list("pk", "name", "email"):
            for text in {name.casefold(), email.casefold()} - {""}:
                self.users[text].append(pk)
        self.statuses = known_words("statuses")
        self.status_names = {each.pk: str(each) for each in Status.objects.all()}
        self.tags: dict[str, int] = {}
        for pk, name, campaign in tags_for(actor).order_by("pk").values_list("pk", "name", "campaign_id"):
            folded = _folded(name)
            if folded not in self.tags or campaign is None:  # of two of one name the whole base's is meant
                self.tags[folded] = pk
        self.campaigns = {_folded(name): pk for pk, name in campaigns_for(actor).values_list("pk", "name")}

    def in_this_language(self, column: BridgeColumn, shown: Shown | None) -> Shown | None:
        """A shipped status in the language active now, whichever it was written in."""
        if column.code != "status" or not isinstance(shown, str):
            return shown
        found = self.statuses.get(shown.lower())
        return self.status_names.get(found, shown) if found else shown

    def columns(self, column: BridgeColumn, shown: str, said: Said) -> dict[str, Any]:
        """Columns of Contact (or ``own.<key>``) and the values that `shown` gives them."""
        if column.kind == OWN:
            return {column.code: self._own(column.own, shown)}
        if column.kind == GENDER:
            code = key(column, shown)
            if code not in ("", "m", "f"):
                raise _refuse(_("“%(text)s” is neither male nor female.") % {"text": shown[:40]})
            return {"gender": code}
        if column.kind == BIRTHDAY:
            return clean_value("birthday", shown)
        if column.code == "status":
            return {"status_id": self._status(shown)}
        if column.code == "responsible":
            return {"responsible_id": self._user(shown)}
        if column.code == "name" and not said.is_organisation:
            raise _refuse(_("This is a person: write surname, name and patronymic in their own columns."))
        if column.code in BLANK_NAME and said.is_organisation:
            raise _refuse(_("This is an organisation: write its name in the column “Organisation”."))
        if column.code == "name" and not shown:
            raise _refuse(_("An organisation keeps a name."))
        return clean_value(column.code, shown)

    def check_set(self, column: BridgeColumn, due: Patch) -> None:
        """Refuse what cannot be added, before anything is."""
        self.things(column, due.add, make=False)

    def things(self, column: BridgeColumn, added: list[str], *, make: bool = True) -> list[Any]:
        """What `Edit.add` takes: ids of tags and campaigns, columns of points and addresses."""
        if column.code == "tags":
            return [self._tag(text) for text in added if make or self._tag(text)]
        if column.code == "campaigns":
            return [self._campaign(text) for text in added]
        if column.code == "address":
            return [{"text": text[:1000]} for text in added]
        return [reading for text in added for reading in _point(column, text)]

    def unknown_tags(self, added: list[str]) -> list[str]:
        return [text for text in added if _folded(text) not in self.tags]

    def learn_tags(self, ids: dict[str, int]) -> None:
        """Tags made since: lower-case name → id."""
        self.tags |= {_folded(name): pk for name, pk in ids.items()}

    def _tag(self, text: str) -> int:
        found = self.tags.get(_folded(text), 0)
        if not found and not self.may_shape:
            raise _refuse(
                _("There is no tag “%(name)s”. Ask a coordinator to make it.") % {"name": text[:60]}
            )
        if len(text) > 100:
            raise _refuse(_("This is too long for a tag: part tags with a semicolon."))
        return found

    def _campaign(self, text: str) -> int:
        found = self.campaigns.get(_folded(text))
        if found is None:
            raise _refuse(
                _("There is no running campaign “%(name)s” that you can see.") % {"name": text[:60]}
            )
        return found

    def _status(self, text: str) -> int | None:
        if not text:
            return None
        found = self.statuses.get(text.lower())
        if found is None:
            raise _refuse(_("There is no status “%(name)s”.") % {"name": text[:60]})
        return found

    def _user(self, text: str) -> int | None:
        if not text:
            return None
        found = self.users.get(text.casefold(), [])
        if not found:
            raise _refuse(_("There is no colleague called “%(name)s”.") % {"name": text[:60]})
        if len(found) > 1:
            raise _refuse(
                _("Several colleagues are called “%(name)s”: write the e-mail instead.") % {"name": text[:60]}
            )
        return found[0]

    def _own(self, own: OwnField | None, shown: str) -> Any:
        assert own is not None
        if own.type == OwnField.Type.USER:
            return self._user(shown)
        return clean_own(own, shown)


def _point(column: BridgeColumn, text: str) -> list[dict[str, Any]]:
    assert column.kind == POINTS
    if MASK in text:
        raise _refuse(_("This number is masked: it is not known whole."))
    return [
        {
            "value": reading.value, "as_given": reading.as_given[:300], "extension": reading.extension,
            "purpose": reading.purpose, "note": reading.remark[:300],
        }
        for reading in read_points(column.code, text)
    ]  # fmt: skip


def ids_to_take(column: BridgeColumn, said: Said, taken: list[str]) -> list[int]:
    """The rows behind the values that a patch takes away."""
    keys = {key_of_piece(column, each) for each in taken}
    by_text = said.ids[column.code]
    return [pk for text, ids in by_text.items() if key_of_piece(column, text) in keys for pk in ids]


def _folded(text: str) -> str:
    return text.casefold().replace("ё", "е").replace(";", ",")


def _refuse(sentence: str) -> Refusal:
    return Refusal("bridge.cell", sentence)
