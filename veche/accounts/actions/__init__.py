"""Verbs of accounts; see the files of this folder."""

from veche.accounts.actions.users import activate_user, add_user, change_own, change_user, deactivate_user

__all__ = ["activate_user", "add_user", "change_own", "change_user", "deactivate_user"]
