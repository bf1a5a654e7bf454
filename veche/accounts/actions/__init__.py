"""Verbs of accounts; see the files of this folder."""

from veche.accounts.actions.groups import (
    add_team,
    add_territory,
    change_team,
    change_territory,
    remove_team,
    remove_territory,
)
from veche.accounts.actions.showing import begin_presentation, begin_sight, end_presentation, end_sight
from veche.accounts.actions.sign_ins import (
    end_other_sessions,
    forget_old_sign_ins,
    issue_sign_in_link,
    record_failure,
    record_second_factor,
    record_sign_in,
    record_sign_out,
    remove_second_factor,
    set_own_password,
    use_sign_in_link,
)
from veche.accounts.actions.users import (
    REACH_OF,
    activate_user,
    add_user,
    change_own,
    change_user,
    deactivate_user,
    ensure_first_administrator,
)

__all__ = [
    "REACH_OF",
    "activate_user",
    "add_team",
    "add_territory",
    "add_user",
    "begin_presentation",
    "begin_sight",
    "change_own",
    "change_team",
    "change_territory",
    "change_user",
    "deactivate_user",
    "end_other_sessions",
    "end_presentation",
    "end_sight",
    "ensure_first_administrator",
    "forget_old_sign_ins",
    "issue_sign_in_link",
    "record_failure",
    "record_second_factor",
    "record_sign_in",
    "record_sign_out",
    "remove_second_factor",
    "remove_team",
    "remove_territory",
    "set_own_password",
    "use_sign_in_link",
]
