"""The `veche` command: everything that is not done on a screen.

Exit status of every command: 0 done, 1 something outside is not as it must be (one sentence on stderr says what),
2 refused or misused, 130 interrupted.

A room offers commands in its `commands.py`; they are listed in ROOM_COMMANDS and imported only when called, so that
`veche --help` needs neither Django nor a database.
"""

import importlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from config.running.speech import INTERRUPTED, REFUSED, Trouble
from config.running.speech import gettext as _

# name: (module, attribute, one line for `veche --help`)
ROOM_COMMANDS: dict[str, tuple[str, str, str]] = {
    "address": (
        "veche.addresses.commands",
        "address",
        _("Postal addresses: the state register, and look-ups."),
    ),
    "export": ("veche.exchange.commands.exports", "export", _("Write people to a spreadsheet.")),
    "import": (
        "veche.exchange.commands.imports",
        "import_",
        _("Load a spreadsheet: who is in it, comes into the base."),
    ),
    "clean": (
        "veche.desk.commands.clean",
        "clean",
        _("Clean a spreadsheet and mark doubles and households, without a database."),
    ),
    "dedupe": (
        "veche.dedupe.commands",
        "dedupe",
        _("Find doubles and households in a file, without a database."),
    ),
    "demo": ("veche.desk.commands.demo", "demo", _("Fill the base with fictional people to look at.")),
    "undo": ("veche.exchange.commands.undo", "undo", _("Undo an import by its number, or load it again.")),
    "user": ("veche.accounts.commands", "user", _("People who sign in: add, list, link, role, off, on.")),
}

EXIT_CODES = _("Exit status: 0 done, 1 something is wrong, 2 refused or misused, 130 interrupted.")


class Menu(click.Group):
    """Our own commands and the rooms', which are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *ROOM_COMMANDS})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in ROOM_COMMANDS:
            return super().get_command(ctx, name)
        module, attribute, _summary = ROOM_COMMANDS[name]
        from config.running import preparation

        preparation.set_up_django()
        command = getattr(importlib.import_module(module), attribute)
        command.epilog = command.epilog or EXIT_CODES
        return with_database(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `veche --help`, without importing a room."""
        rows = [(name, ROOM_COMMANDS[name][2]) for name in ROOM_COMMANDS]
        rows += [(name, command.get_short_help_str(100)) for name, command in self.commands.items()]
        with formatter.section(_("Commands")):
            formatter.write_dl(sorted(rows))


def with_database(command: click.Command) -> click.Command:
    """The command, with the database running while it works; `--help` needs none, nor does one that says so."""
    if getattr(command, "without_database", False):
        return command
    if isinstance(command, click.Group):
        for name, part in command.commands.items():
            command.commands[name] = with_database(part)
        return command
    invoke = command.invoke

    def invoke_with_database(ctx: click.Context) -> object:
        from config.running import database, preparation

        with database.running(), database.kept_up():
            preparation.migrate()
            try:
                return invoke(ctx)
            finally:
                preparation.close_connections()

    command.invoke = invoke_with_database
    return command


@click.group(cls=Menu, help=_("Veche, the CRM of a campaign headquarters."), epilog=EXIT_CODES)
def veche() -> None:
    pass


@veche.command(
    help=_("Serve Veche: the database, the web server and the worker, until Ctrl-C."), epilog=EXIT_CODES
)
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help=_("Where to listen."))
@click.option("--port", envvar="PORT", default=8000, show_default=True, type=click.IntRange(1, 65535))
def run(host: str, port: int) -> None:
    from config.running import serving

    serving.serve(host, port)


@veche.command(help=_("Do the jobs that wait; `veche run` keeps one such worker."), epilog=EXIT_CODES)
def worker() -> None:
    from config.running import database, preparation

    with database.running():
        preparation.set_up_django()
        from veche.core.worker import run_worker

        run_worker()


@veche.command(help=_("Bring the database's schema up to date."), epilog=EXIT_CODES)
@click.option("--json", "as_json", is_flag=True, help=_("The result as JSON."))
def migrate(as_json: bool) -> None:
    from config.running import database, preparation

    with database.running():
        preparation.set_up_django()
        applied = preparation.migrate()
        preparation.close_connections()
    if as_json:
        click.echo(json.dumps({"applied": applied}))
    else:
        click.echo("\n".join(applied) or _("Nothing to do: the schema is up to date."))


@veche.command(help=_("Compile the translations of all rooms."), epilog=EXIT_CODES)
def translate() -> None:
    from config.running import translations

    for path in translations.compile_all():
        click.echo(path)


@veche.command(
    help=_("Look whether everything is well, and say what to do where it is not."), epilog=EXIT_CODES
)
@click.option("--json", "as_json", is_flag=True, help=_("The result as JSON."))
def doctor(as_json: bool) -> int:
    from config.running import doctor

    return doctor.report(as_json=as_json)


@veche.command(
    help=_("Measure. Without GROUP, everything; makes a base of its own for it."), epilog=EXIT_CODES
)
@click.argument("group", required=False)
@click.option("--contacts", default=1_000_000, show_default=True, help=_("How many people the base has."))
@click.option("--list", "only_list", is_flag=True, help=_("Only name the groups."))
@click.option("--json", "as_json", is_flag=True, help=_("The result as JSON."))
def bench(group: str | None, contacts: int, only_list: bool, as_json: bool) -> int:
    from config.running import bench

    if contacts < 1:
        raise click.BadParameter(str(contacts), param_hint="--contacts")
    return bench.report(group, contacts=contacts, only_list=only_list, as_json=as_json)


@veche.group(help=_("The embedded database itself."), epilog=EXIT_CODES)
def db() -> None:
    pass


@db.command(help=_("Start it, and leave it running until `veche db stop`."), epilog=EXIT_CODES)
def start() -> None:
    cluster = embedded_cluster()
    cluster.start()
    click.echo(cluster.dsn())


@db.command(help=_("Stop it, unless somebody uses it."), epilog=EXIT_CODES)
def stop() -> None:
    if not embedded_cluster().stop():
        raise Trouble(_("The database goes on: Veche or another command uses it."))


@db.command(help=_("Talk SQL to it with psql."), epilog=EXIT_CODES)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def shell(words: Sequence[str]) -> int:
    from config.running import database, restoring

    cluster = embedded_cluster()
    with database.running():
        return restoring.tool("psql", "--dbname", cluster.dsn(), *words)


@db.command(help=_("Write a whole copy of it to FILE, while Veche runs or not."), epilog=EXIT_CODES)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def dump(file: Path) -> int:
    from config.running import database, restoring

    cluster = embedded_cluster()
    with database.running():
        return restoring.dump(cluster, file)


@db.command(help=_("Put the copy in FILE in its place. Everything there now is lost."), epilog=EXIT_CODES)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> int:
    from config.running import database, restoring

    cluster = embedded_cluster()
    with database.running():
        return restoring.restore(cluster, file)


@db.command(help=_("Make a database at home that was restored by other means."), epilog=EXIT_CODES)
def settle() -> None:
    from config.running import database, restoring

    with database.running():
        restoring.settle(os.environ.get("DATABASE_URL") or embedded_cluster().dsn())


def embedded_cluster():
    """The launcher of this data folder; Trouble where DATABASE_URL names another server."""
    from config.running import folder, places
    from config.running.postgres import EmbeddedPostgres

    if os.environ.get("DATABASE_URL"):
        raise Trouble(_("DATABASE_URL names a server of your own: use its own tools."), exit_code=REFUSED)
    folder.prepare(places.data_dir())
    return EmbeddedPostgres(places.data_dir())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; what is expected to fail is told in one sentence."""
    try:
        result = veche.main(arguments, prog_name="veche", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.ClickException as misuse:
        misuse.show()
        return misuse.exit_code
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except Exception as error:
        sentence, exit_code = explain(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        return exit_code


def explain(error: BaseException) -> tuple[str | None, int]:
    """The sentence and exit status for an expected failure; (None, 1) for a mistake of ours, which keeps its trace."""
    from config.running import folder, places
    from veche.core.refusal import Refusal

    if isinstance(error, Trouble):
        return str(error), error.exit_code
    if isinstance(error, Refusal):
        return str(error), REFUSED
    cause: BaseException | None = error
    while cause is not None:
        if type(cause).__name__ == "DiskFull" or (isinstance(cause, OSError) and cause.errno in folder.FULL):
            return str(folder.full_disk(places.data_dir())), 1
        cause = cause.__cause__ or cause.__context__
    return None, 1


if __name__ == "__main__":
    sys.exit(main())
