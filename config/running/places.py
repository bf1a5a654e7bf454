"""Where things lie: the project, the data folder and the PostgreSQL socket."""

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# A socket's path is limited to 107 bytes on Linux and 103 on macOS, the name of the socket included.
LONGEST_SOCKET = 103
LONGEST_SOCKET_FOLDER = LONGEST_SOCKET - len("/.s.PGSQL.5432")


def data_dir() -> Path:
    """VECHE_DATA, or ./var: everything Veche writes while it runs."""
    return Path(os.path.abspath(os.path.expanduser(os.environ.get("VECHE_DATA") or ROOT / "var")))


def postgres_dir(data: Path) -> Path:
    """The cluster of the embedded PostgreSQL inside a data folder."""
    return data / "postgres"


def socket_dir(data: Path) -> Path:
    """The folder of the cluster's socket: in the data folder, or a short one of the system if that path is too long."""
    folder = data / "run"
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"veche-{os.getuid()}-{name}"


def live_socket(data: Path) -> Path:
    """Where the live channel's process listens: in the data folder, or where there is room for its path."""
    path = data / "live.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET:
        return path
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"veche-live-{os.getuid()}-{name}" / "live.sock"


def dsn() -> dict[str, str]:
    """libpq parameters of the embedded database; true whether the server runs or not."""
    return {"host": str(socket_dir(data_dir())), "user": "postgres", "dbname": "veche"}
