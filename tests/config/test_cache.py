"""The cache may vanish at any moment; nobody may notice except by waiting a little longer."""

import pytest
from django.core.cache import cache

from config.cache import TolerantCache


@pytest.fixture
def cache_without_a_server():
    return TolerantCache("unix:///nowhere/valkey.sock", {})


@pytest.mark.parametrize("value", [7, "Phong Điền", {"a": [1, 2.5, None]}])
def test_what_was_kept_comes_back(value, empty_cache):
    cache.set("key", value)

    assert cache.get("key") == value


def test_a_counter_counts(empty_cache):
    cache.set("tries", 1)

    assert cache.incr("tries") == 2


def test_objects_are_refused_so_that_the_cache_can_never_run_code(empty_cache):
    with pytest.raises(TypeError):
        cache.set("key", object())


def test_without_a_server_every_look_up_is_a_miss(cache_without_a_server):
    cache_without_a_server.set("key", 1)

    assert cache_without_a_server.get("key", "nothing") == "nothing"
    assert cache_without_a_server.get_many(["key"]) == {}
    assert cache_without_a_server.add("key", 1) is False
    with pytest.raises(ValueError, match="not found"):
        cache_without_a_server.incr("key")
