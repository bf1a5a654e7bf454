"""As whom the embedded PostgreSQL runs: it refuses to be root, and `make run` as root must work all the same."""

import locale as system_locale
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from config.running.speech import Trouble
from config.running.speech import gettext as _

# As root, a user namespace where we are number 1: no account is made and no folder is opened to anyone.
NAMESPACE = ("unshare", "--user", "--map-user=1", "--map-group=1")
UTF8_LOCALES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "ru_RU.UTF-8")


@dataclass(frozen=True)
class Identity:
    """How to start a server program: what stands before its command, which account it takes."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None
    popen: dict[str, Any] = field(default_factory=dict)

    def command(self, words: Sequence[object]) -> list[str]:
        return [*self.prefix, *map(str, words)]

    def environment(self, locale: str) -> dict[str, str]:
        """The caller's environment without what would lead libpq or initdb elsewhere."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))
        }
        return {**kept, "LC_ALL": locale}

    def own(self, folder: Path) -> None:
        """Give a folder to the account the server takes; nothing to do when that is ourselves."""
        if self.uid is None or folder.stat().st_uid == self.uid:
            return
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def for_server(data_dir: Path, cluster_dir: Path, binaries: Path) -> Identity:
    """Ourselves; as root the owner of an existing cluster, else a namespace, else the account `nobody`."""
    if os.geteuid() != 0:
        return Identity()
    owner = cluster_dir.stat().st_uid if cluster_dir.exists() else 0
    if owner == 0:
        inside = Identity(prefix=NAMESPACE)
        # Inside, root's right to enter anyone's folder is gone.
        if _namespace_works() and all(_reaches(inside, needed) for needed in (binaries, data_dir)):
            return inside
        owner = pwd.getpwnam("nobody").pw_uid
    account = _account(owner)
    for needed in (binaries, data_dir):
        if not _reaches(account, needed):
            raise Trouble(
                _(
                    "PostgreSQL cannot run as root here, and the account {account} cannot reach {folder}: "
                    "start Veche as an ordinary user."
                ).format(account=pwd.getpwuid(owner).pw_name, folder=needed)
            )
    return account


def _account(uid: int) -> Identity:
    gid = pwd.getpwuid(uid).pw_gid
    return Identity(uid=uid, gid=gid, popen={"user": uid, "group": gid, "extra_groups": []})


def _reaches(who: Identity, folder: Path) -> bool:
    looked = who.command(["ls", "-d", f"{folder}/."])
    tried = subprocess.run(looked, capture_output=True, cwd="/", **who.popen)
    return tried.returncode == 0


@cache
def _namespace_works() -> bool:
    if shutil.which(NAMESPACE[0]) is None:
        return False
    return subprocess.run([*NAMESPACE, "true"], capture_output=True).returncode == 0


@cache
def utf8_locale() -> str:
    """A UTF-8 locale this machine has. pg_trgm needs one: under plain C `similarity` of Cyrillic is always 0."""
    before = system_locale.setlocale(system_locale.LC_CTYPE)
    try:
        for name in UTF8_LOCALES:
            try:
                system_locale.setlocale(system_locale.LC_CTYPE, name)
            except system_locale.Error:
                continue
            return name
    finally:
        system_locale.setlocale(system_locale.LC_CTYPE, before)
    raise Trouble(
        _("This machine has no UTF-8 locale: install C.UTF-8 (package locales or glibc-langpack-en).")
    )
