import pytest
from kombu import Connection

from config.runtime import addresses


@pytest.mark.parametrize(
    ("server", "broker", "cache"),
    [
        ("unix:///run/v/valkey.sock", "redis+socket:///run/v/valkey.sock?virtual_host=0", "unix:///run/v/valkey.sock?db=1"),
        ("unix:///v.sock?db=4", "redis+socket:///v.sock?virtual_host=4", "unix:///v.sock?db=5"),
        ("redis://queue.example:6379/2", "redis://queue.example:6379/2", "redis://queue.example:6379/3"),
        ("rediss://u:p%40ss@queue.example", "rediss://u:p%40ss@queue.example", "rediss://u:p%40ss@queue.example/1"),
    ],
)
def test_queue_and_cache_use_neighbouring_databases_of_one_server(server, broker, cache):
    assert addresses.broker(server) == broker
    assert addresses.cache(server) == cache


def test_celery_understands_the_address_of_a_socket():
    connection = Connection(addresses.broker("unix:///run/v/valkey.sock?db=3"))

    assert connection.transport_cls == "redis"
    assert connection.hostname == "socket:///run/v/valkey.sock?virtual_host=3"


def test_a_database_on_a_socket_needs_no_host_name_or_password():
    entry = addresses.database("postgresql://wardpost_app@/wardpost?host=/run/pg", session={"lock_timeout": "1000"})

    assert (entry["HOST"], entry["PORT"], entry["PASSWORD"]) == ("/run/pg", "", "")
    assert (entry["USER"], entry["NAME"]) == ("wardpost_app", "wardpost")
    assert entry["OPTIONS"] == {"options": "-c lock_timeout=1000"}


def test_what_an_address_asks_of_the_connection_is_kept():
    entry = addresses.database("postgresql://u:p%40ss@db:5433/w?sslmode=require&options=-c%20jit%3Doff", session={})

    assert (entry["PASSWORD"], entry["PORT"]) == ("p@ss", "5433")
    assert entry["OPTIONS"] == {"sslmode": "require", "options": "-c jit=off"}
