"""`veche user …`: people who sign in, from the shell."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import click
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from veche.accounts import actions, queries
from veche.accounts.models import User
from veche.accounts.roles import Role
from veche.core.actor import SHELL, Actor
from veche.core.refusal import Refusal

ROLES = click.Choice([role.value for role in Role])
REACHES = click.Choice([reach.value for reach in User.Reach])


def shell() -> Actor:
    """Whoever has the machine may do all."""
    return Actor(name="shell", permissions=queries.every_permission(), sees_all=True, via=SHELL)


def link_address(token: str) -> str:
    return f"{settings.VECHE_URL}{reverse('accounts:sign_in_link', args=[token])}"


@click.group("user")
def user() -> None:
    """People who sign in: add, list, link, role, off, on."""


@user.command("add")
@click.argument("email")
@click.option("--name", help="The name that colleagues see; by default what stands before the @.")
@click.option("--role", type=ROLES, default=Role.VOLUNTEER.value, show_default=True)
@click.option("--reach", type=REACHES, help="What they see; by default what is usual for the role.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of words.")
def add(email: str, name: str | None, role: str, reach: str | None, as_json: bool) -> None:
    """Add a user and print a link that signs them in once within an hour."""
    try:
        made = actions.add_user(
            by=shell(), email=email, name=name or email.partition("@")[0], role=role, reach=reach or ""
        )
    except Refusal as refusal:
        _fail(refusal)
    address = link_address(actions.issue_sign_in_link(by=shell(), user=made))
    _say(as_json, {**_facts(made), "link": address}, address)


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="A list in JSON instead of a table.")
def list_users(as_json: bool) -> None:
    """Everybody who signs in."""
    found = list(queries.users_page(shell()))
    if as_json:
        click.echo(json.dumps([_facts(each) for each in found], ensure_ascii=False))
        return
    for each in found:
        off = "" if each.is_active else "  " + _("(switched off)")
        click.echo(f"{each.email:<32} {each.role:<14} {each.reach:<11} {each.name}{off}")


@user.command("link")
@click.argument("email")
@click.option("--json", "as_json", is_flag=True)
def link(email: str, as_json: bool) -> None:
    """Print a link that signs a user in once within an hour."""
    found = _user(email)
    try:
        address = link_address(actions.issue_sign_in_link(by=shell(), user=found))
    except Refusal as refusal:
        _fail(refusal)
    _say(as_json, {**_facts(found), "link": address}, address)


@user.command("role")
@click.argument("email")
@click.argument("role", type=ROLES)
@click.option("--reach", type=REACHES, help="What they see; by default what is usual for the role.")
def change_role(email: str, role: str, reach: str | None) -> None:
    """Change what a user may do; it counts at once."""
    found = _user(email)
    reach = reach or actions.REACH_OF[Role(role)]
    try:
        actions.change_user(by=shell(), user=found, role=role, reach=reach)
    except Refusal as refusal:
        _fail(refusal)


@user.command("off")
@click.argument("email")
def off(email: str) -> None:
    """Switch a user off: all their sessions end."""
    found = _user(email)
    try:
        actions.deactivate_user(by=shell(), user=found)
    except Refusal as refusal:
        _fail(refusal)


@user.command("on")
@click.argument("email")
def on(email: str) -> None:
    """Let a user who was switched off sign in again."""
    actions.activate_user(by=shell(), user=_user(email))


def _user(email: str) -> User:
    found = queries.users_for(shell()).filter(email__iexact=email).first()
    if found is None:
        _fail(Refusal("accounts.nobody", _("Nobody signs in with the address %(email)s.") % {"email": email}))
    return found


def _facts(user: User) -> dict[str, Any]:
    return {
        "id": user.pk,
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "reach": user.reach,
        "active": user.is_active,
    }


def _say(as_json: bool, facts: dict[str, Any], words: str) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else words)


def _fail(refusal: Refusal) -> NoReturn:
    click.echo(str(refusal), err=True)
    raise SystemExit(2)
