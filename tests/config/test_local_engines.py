"""Engines of our own survive any way of being stopped."""

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psutil
import psycopg
import pytest
import redis

from config.runtime import leftovers, paths
from config.runtime.environment import APP, DATABASE, EXTENSIONS, OWNER, provision
from config.runtime.errors import EngineError
from config.runtime.postgres import PostgreSQL
from config.runtime.secrets import local_secrets
from config.runtime.valkey import Valkey


@pytest.fixture(scope="module")
def postgres(tmp_path_factory) -> Iterator[PostgreSQL]:
    # A name that no shell, address or socket path takes as it stands.
    server = PostgreSQL(tmp_path_factory.mktemp("bưu cục & 'sân' 1") / "pg")
    server.start()
    provision(server)
    yield server
    server.stop(how="immediate")


@pytest.fixture
def valkey(tmp_path) -> Iterator[Valkey]:
    server = Valkey(tmp_path / "valkey")
    server.start()
    yield server
    server.stop()


def rows(server: PostgreSQL) -> list[tuple[int]]:
    with psycopg.connect(server.url(role=OWNER, database=DATABASE)) as connection:
        return connection.execute("SELECT n FROM kept ORDER BY n").fetchall()


def kill_everything(server: PostgreSQL) -> None:
    postmaster = psutil.Process(server.pid())
    family = [postmaster, *postmaster.children(recursive=True)]
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def test_a_killed_server_starts_again_with_everything_that_was_committed(postgres):
    with psycopg.connect(postgres.url(role=OWNER, database=DATABASE), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")

    kill_everything(postgres)
    postgres.start()

    assert rows(postgres) == [(1,)]


def test_a_killed_postmaster_whose_children_linger_is_waited_for(postgres):
    os.kill(postgres.pid(), signal.SIGKILL)

    postgres.start()

    with psycopg.connect(postgres.url(role=OWNER, database=DATABASE)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_lock_that_names_somebody_elses_process_is_not_believed(postgres):
    postgres.stop()
    for lock in (postgres.data / "postmaster.pid", postgres.socket / ".s.PGSQL.5432.lock"):
        lock.write_text(f"{os.getpid()}\n{postgres.data}\n0\n5432\n{postgres.socket}\n\n")

    assert not postgres.is_running()
    postgres.start()

    assert postgres.is_running()


def test_starting_twice_at_once_makes_one_server(postgres):
    postgres.stop()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: postgres.start(), range(3)))

    started = [p for p in psutil.process_iter(["name", "cwd"]) if p.info["cwd"] == str(postgres.data)]
    assert len([p for p in started if p.ppid() != postgres.pid()]) == 1


def test_a_cluster_that_was_half_made_is_made_again(tmp_path):
    server = PostgreSQL(tmp_path / "pg", is_for_tests=True)
    (server.data / "base").mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("18\n")

    server.start()

    assert server.is_running()
    server.stop()
    assert not server.is_running()


def test_removing_the_folder_under_a_running_server_does_not_keep_the_next_from_starting(tmp_path):
    server = PostgreSQL(tmp_path / "pg", is_for_tests=True)
    server.start()
    forgotten = psutil.Process(server.pid())
    shutil.rmtree(server.folder)

    server.start()

    assert server.is_running()
    assert server.pid() != forgotten.pid
    server.stop()
    leftovers.end([forgotten])


def test_a_server_that_cannot_start_says_why(postgres):
    postgres.stop()
    settings = postgres.data / "postgresql.auto.conf"
    settings.write_text("no_such_setting_here = on\n")

    with pytest.raises(EngineError, match="no_such_setting_here"):
        postgres.start()

    settings.write_text("")
    postgres.start()


def test_the_application_is_neither_owner_nor_superuser_and_finds_the_extensions(postgres):
    provision(postgres)  # a second time changes nothing
    with psycopg.connect(postgres.url(role=APP, database=DATABASE)) as connection:
        is_superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        owner = connection.execute(
            "SELECT rolname FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE datname = %s", [DATABASE]
        ).fetchone()
        found = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}

    assert (is_superuser, owner) == ((False,), (OWNER,))
    assert found >= set(EXTENSIONS)


def test_the_files_of_a_run_are_closed_to_other_users(postgres):
    for folder in (postgres.folder, postgres.socket, postgres.data):
        assert folder.stat().st_mode & 0o077 == 0


def test_a_socket_folder_is_short_plain_and_the_same_every_time(tmp_path):
    plain, spaced, deep = tmp_path / "pg", tmp_path / "a b", tmp_path / ("x" * 120)

    assert paths.socket_folder(plain) == plain
    for awkward in (spaced, deep):
        short = paths.socket_folder(awkward)
        assert len(str(short)) <= paths.LONGEST_SOCKET_FOLDER
        assert paths.PLAIN_PATH.fullmatch(str(short))
        assert paths.socket_folder(awkward) == short
        short.rmdir()


def test_a_killed_valkey_starts_again(valkey):
    client = redis.Redis(unix_socket_path=str(valkey.socket))
    client.set("kept", "x")
    client.execute_command("WAITAOF", 1, 0, 5000)
    psutil.Process(valkey.pid()).kill()

    valkey.start()

    assert client.get("kept") == b"x"


def test_a_frozen_valkey_is_replaced(valkey):
    frozen = valkey.pid()
    os.kill(frozen, signal.SIGSTOP)

    valkey.start()

    assert valkey.is_running()
    assert valkey.pid() != frozen


def test_a_dead_valkeys_socket_and_pid_file_do_no_harm(valkey):
    valkey.stop()
    (valkey.folder / "valkey.pid").write_text(str(os.getpid()))
    valkey.socket.touch()

    assert valkey.pid() is None
    valkey.start()

    assert valkey.is_running()


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path):
    found: list[dict[str, str]] = []
    runs = [threading.Thread(target=lambda: found.append(local_secrets(tmp_path))) for _ in range(4)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()

    assert all(secrets == found[0] for secrets in found)
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
