"""The launcher against real clusters: started, shared, killed, found again."""

import json
import os
import pwd
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from config.running import database, folder, identity, places, postgres
from config.running.postgres import EmbeddedPostgres
from config.running.speech import Trouble

pytestmark = pytest.mark.machine


@pytest.fixture
def cluster(tmp_path):
    made = EmbeddedPostgres(tmp_path / "data", durable=False)
    yield made
    made.stop()
    assert not made.is_running()


def ask(cluster: EmbeddedPostgres, query: str) -> object:
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as db:
        return db.execute(query).fetchone()[0]


def postmaster(cluster: EmbeddedPostgres) -> psutil.Process:
    return psutil.Process(int((cluster.cluster_dir / "postmaster.pid").read_text().split()[0]))


def test_a_new_cluster_knows_russian_and_listens_on_a_socket_only(cluster):
    with cluster.use():
        assert cluster.is_running()
        facts = database.check(cluster.dsn("postgres"))
        assert facts["server"].startswith(str(postgres.major_version())) and facts["encoding"] == "UTF8"
        assert ask(cluster, "SHOW listen_addresses") == ""
        assert ask(cluster, "SELECT 'ИВАНОВА' ILIKE 'иван%'") is True
        assert cluster.cluster_dir.stat().st_mode & 0o077 == 0
        assert cluster.socket_dir.stat().st_mode & 0o077 == 0
    assert not cluster.is_running()


def test_the_last_user_stops_it(cluster):
    other = EmbeddedPostgres(cluster.data_dir, durable=False)
    with cluster.use():
        with other.use():
            first = postmaster(cluster).pid
        assert postmaster(cluster).pid == first and cluster.is_running()
    assert not cluster.is_running()


def test_a_started_one_stays_until_it_is_stopped(cluster):
    cluster.start()
    with cluster.use():
        assert not cluster.stop()  # somebody uses it
        assert cluster.is_running()
    assert not cluster.is_running()
    cluster.start()
    with cluster.use():
        pass
    assert cluster.is_running()
    assert cluster.stop()


def test_it_recovers_from_a_kill(cluster):
    cluster.durable = True
    with cluster.use():
        with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as db:
            db.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        children = postmaster(cluster).children()
        postmaster(cluster).kill()
        psutil.wait_procs(children, timeout=10)
        assert not cluster.is_running()
        assert (cluster.cluster_dir / "postmaster.pid").exists()
        cluster.revive()
        assert ask(cluster, "SELECT answer FROM kept") == 42
        postmaster(cluster).kill()
    with cluster.use():
        assert ask(cluster, "SELECT answer FROM kept") == 42


def test_a_command_has_its_server_started_again(cluster, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("VECHE_DATA", str(cluster.data_dir))
    monkeypatch.setattr(database, "LOOK_EVERY", 0.05)
    with cluster.use(), database.kept_up():
        killed = postmaster(cluster)
        killed.kill()
        until = time.monotonic() + 60
        while not (cluster.is_running() and postmaster(cluster).pid != killed.pid):
            assert time.monotonic() < until
            time.sleep(0.05)
        assert ask(cluster, "SELECT 1") == 1
    assert not cluster.is_running(), "and whoever leaves last still stops it"


def test_it_ends_what_a_killed_postmaster_left_behind(cluster):
    with cluster.use():
        children = postmaster(cluster).children()
        stuck = next(child for child in children if "checkpointer" in " ".join(child.cmdline()))
        stuck.send_signal(signal.SIGSTOP)  # it cannot notice that its postmaster is gone
        postmaster(cluster).kill()
    with cluster.use():
        assert ask(cluster, "SELECT 1") == 1
        assert not stuck.is_running() or stuck.status() == psutil.STATUS_ZOMBIE


def test_a_stale_pid_file_of_a_living_stranger_is_no_obstacle(cluster):
    with cluster.use():
        lines = (cluster.cluster_dir / "postmaster.pid").read_text().splitlines()
    (cluster.cluster_dir / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert not cluster.is_running()
    with cluster.use():
        assert ask(cluster, "SELECT 1") == 1


def test_a_half_made_cluster_is_made_again(cluster):
    unfinished = cluster.data_dir / "postgres.new-1"
    (unfinished / "base").mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    with cluster.use():
        assert not unfinished.exists() and cluster.exists()


def test_a_deep_data_folder_gets_a_short_socket(tmp_path):
    deep = tmp_path / ("д" * 60) / "data"
    cluster = EmbeddedPostgres(deep, durable=False)
    assert len(os.fsencode(cluster.socket_dir)) < places.LONGEST_SOCKET_FOLDER
    assert cluster.socket_dir == EmbeddedPostgres(deep).socket_dir != EmbeddedPostgres(tmp_path).socket_dir
    with cluster.use():
        assert ask(cluster, "SELECT 1") == 1
    cluster.socket_dir.rmdir()


@pytest.mark.parametrize(("version", "word"), [("99\n", "newer"), ("9\n", "dump")])
def test_another_major_version_is_refused(cluster, version, word):
    cluster.cluster_dir.mkdir(parents=True)
    (cluster.cluster_dir / "PG_VERSION").write_text(version)
    with pytest.raises(Trouble, match=word), cluster.use():
        pass


def test_a_failing_start_is_one_sentence(cluster):
    with cluster.use():
        pass
    (cluster.cluster_dir / "global" / "pg_control").unlink()
    with pytest.raises(Trouble, match=r"PostgreSQL does not start: .*pg_control"), cluster.use():
        pass


def test_a_full_disk_is_told_apart(cluster):
    cluster.data_dir.mkdir()
    said = 'FATAL:  could not write lock file "postmaster.pid": No space left on device'
    assert "is full" in str(cluster._failure(said))


class TestDataFolder:
    def test_it_is_made_and_stamped(self, tmp_path):
        folder.prepare(tmp_path / "new" / "data")
        folder.prepare(tmp_path / "new" / "data")
        written = json.loads((tmp_path / "new" / "data" / "VERSION").read_text())
        assert written == {"layout": folder.LAYOUT, "veche": folder.version()}
        assert [path.name for path in (tmp_path / "new" / "data").iterdir()] == ["VERSION"]

    def test_a_newer_one_is_refused(self, tmp_path):
        (tmp_path / "VERSION").write_text(json.dumps({"layout": folder.LAYOUT + 1, "veche": "99.0"}))
        with pytest.raises(Trouble, match=r"newer version \(Veche 99\.0"):
            folder.prepare(tmp_path)

    @pytest.mark.parametrize("text", ["", "18\n", "{}", "[]"])
    def test_a_strangers_folder_is_refused(self, tmp_path, text):
        (tmp_path / "VERSION").write_text(text)
        with pytest.raises(Trouble, match="not written by Veche"):
            folder.prepare(tmp_path)

    def test_a_file_is_no_folder(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(Trouble, match="not a folder"):
            folder.prepare(tmp_path / "file")

    def test_an_unwritable_place_is_told(self):
        with pytest.raises(Trouble, match="cannot be written"):
            folder.prepare(Path("/proc/veche"))

    def test_a_full_disk_is_told(self, tmp_path, monkeypatch):
        monkeypatch.setattr(folder, "LEAST_FREE_BYTES", 2**60)
        with pytest.raises(Trouble, match="is full"):
            folder.prepare(tmp_path)


class TestServers:
    def test_an_unreachable_server_is_one_sentence(self):
        with pytest.raises(Trouble, match=r"cannot be reached: .*refused") as trouble:
            database.check("postgresql://nobody@127.0.0.1:1/none")
        assert "\n" not in str(trouble.value)

    def test_a_wrong_locale_is_refused(self, cluster):
        with cluster.use():
            with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as db:
                db.execute(
                    "CREATE DATABASE deaf TEMPLATE template0 LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"
                )
            with pytest.raises(Trouble, match="does not know Russian letters"):
                database.check(cluster.dsn("deaf"))

    def test_an_old_server_is_refused(self, cluster, monkeypatch):
        monkeypatch.setattr(database, "OLDEST_SERVER", 99)
        with cluster.use(), pytest.raises(Trouble, match="needs 99 or newer"):
            database.check(cluster.dsn("postgres"))

    def test_a_missing_database_is_made_once(self, cluster):
        with cluster.use():
            assert database.create_missing(cluster.dsn("postgres"), "veche")
            assert not database.create_missing(cluster.dsn("postgres"), "veche")


def test_as_root_a_folder_of_somebody_elses_is_reached_all_the_same():
    """Inside a user namespace root has lost the right to enter it; then the server takes another account."""
    folder = Path(tempfile.mkdtemp())
    try:
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
        who = identity.for_server(folder, folder / "postgres", Path("/usr/bin"))
        seen = subprocess.run(who.command(["ls", f"{folder}/."]), cwd="/", **who.popen)
        assert seen.returncode == 0
    finally:
        folder.rmdir()
