"""`veche run`: everything a machine needs to serve Veche, in order, and back."""

import errno
import http.client
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import environment
from config.running import database, folder, locks, places, preparation
from config.running.speech import Trouble
from config.running.speech import gettext as _
from config.running.supervisor import Child, Supervisor, handling, interrupt

START_SECONDS = 60
EVERYWHERE = {"0.0.0.0", "::", ""}


def serve(host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM, then stop everything in order and return. Raises Trouble when it cannot start."""
    # The settings and the children read from here how the site is reached.
    os.environ.update(HOST=spoken(local(host), port), PORT=str(port))
    data = places.data_dir()
    folder.prepare(data)
    supervisor = Supervisor(children(host, port), data_dir=data, tell=tell, keep_up=database.revive)
    with handling(interrupt):
        try:
            with only_one(data):
                supervisor.end_orphans()
                refuse_busy_port(host, port)
                environment.secret_key(data)  # before two processes want it at once
                _serve(supervisor, host, port)
        except KeyboardInterrupt:
            tell(_("Veche has stopped."))


def _serve(supervisor: Supervisor, host: str, port: int) -> None:
    web = supervisor.children[0]
    began = 0.0

    def ready() -> bool:
        if answers(host, port):
            return True
        if time.monotonic() - began > START_SECONDS or web.deaths > 1:
            raise Trouble(_("The web server does not start; what it said stands above."))
        return False

    supervisor.start(web)  # it imports while we prepare
    try:
        with database.running():
            try:
                link = prepare()
                supervisor.release(web)
                began = time.monotonic()
                supervisor.run(first=1, until=ready)  # the worker can wait for a second, people cannot
                announce(host, port, link)
                supervisor.run()
            finally:
                supervisor.stop()  # before the database
    finally:
        supervisor.stop()


def children(host: str, port: int) -> list[Child]:
    """The processes to keep alive; the first is the web server."""
    web = [sys.executable, "-m", "config.running.web", host, str(port)]
    return [
        Child(_("The web server"), web),
        Child(_("The worker"), [sys.executable, "-m", "config.command", "worker"]),
        Child(_("The live channel"), [sys.executable, "-m", "config.running.live"]),
    ]


def prepare() -> str:
    """Schema, static files, somebody who may sign in; returns a link that signs the first administrator in once."""
    preparation.set_up_django()
    if preparation.pending_migrations():
        tell(_("Preparing the database…"))
    preparation.migrate()
    preparation.collect_static()
    try:
        return preparation.sign_in_link()
    finally:
        preparation.close_connections()


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """No second `veche run` on the same data folder."""
    lock = locks.take(data / "run.lock", wait=False)
    if lock is None:
        raise Trouble(_("Veche is already running on the data folder {folder}.").format(folder=data))
    with lock:
        yield


def is_serving(data: Path) -> bool:
    """True while a `veche run` is up on this data folder."""
    if not (data / "run.lock").exists():
        return False
    lock = locks.take(data / "run.lock", wait=False)
    if lock is not None:
        lock.close()
    return lock is None


def refuse_busy_port(host: str, port: int) -> None:
    """Trouble when we could not listen there."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except socket.gaierror as error:
        raise Trouble(_("HOST {host} is not an address of this machine.").format(host=host)) from error
    except PermissionError as error:
        raise Trouble(
            _("Port {port} is for root only: choose one above 1023 with PORT=.").format(port=port)
        ) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Trouble(
                _("Port {port} is busy: stop what listens there, or choose another with PORT=.").format(
                    port=port
                )
            ) from error
        raise Trouble(_("HOST {host} is not an address of this machine.").format(host=host)) from error


def answers(host: str, port: int) -> bool:
    """True when the web server answers anything at all."""
    connection = http.client.HTTPConnection(local(host), port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 600
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def announce(host: str, port: int, link: str) -> None:
    shown = spoken(local(host), port)
    address = (
        os.environ.get("VECHE_URL", "").rstrip("/")
        or f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    )
    tell(_("Veche is running at {address}").format(address=address))
    tell(_("Sign in as the administrator (works once): {link}").format(link=link))
    if host in EVERYWHERE and not os.environ.get("VECHE_URL"):
        tell(_("Set VECHE_URL to the address that people type, or only this machine gets in."))
    tell(_("Ctrl-C stops it."))


def local(host: str) -> str:
    """An address of this machine by which it reaches itself."""
    return "127.0.0.1" if host in EVERYWHERE else host


def spoken(address: str, port: int) -> str:
    """`localhost` for 127.0.0.1, where that name leads to us: browsers keep passkeys for names, not for numbers.

    We listen on IPv4. Where the name means IPv6 too, and somebody else listens there, it would lead to them.
    """
    if address != "127.0.0.1":
        return address
    try:
        found = {each[4][0] for each in socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM)}
    except OSError:
        return address
    elsewhere = found - {address}
    return (
        "localhost" if address in found and not any(_is_taken(each, port) for each in elsewhere) else address
    )


def _is_taken(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


def tell(sentence: str) -> None:
    print(sentence, flush=True)
