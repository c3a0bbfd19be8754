"""The key of the checkpoints is made and changed by a command."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from billing.chain.keys import key_ring
from billing.models.seals import SigningKey
from tests.billing.sealed import key_of_our_own

pytestmark = pytest.mark.django_db


def test_a_new_key_is_vouched_for_by_the_one_before(settings, tmp_path):
    key_of_our_own(settings, tmp_path)
    call_command("rotate_checkpoint_key", stdout=StringIO())
    first = key_ring()
    said = StringIO()
    call_command("rotate_checkpoint_key", stdout=said)

    ring = key_ring()
    assert ring.public_keys == (first.public, ring.public)
    assert said.getvalue() == f"{ring.key_id} {ring.public.hex()}\n"
    assert SigningKey.objects.get(key_id=ring.key_id).vouched_by == first.key_id


def test_without_a_file_named_nothing_is_made(settings):
    settings.WARDPOST_CHECKPOINT_KEY_FILE = ""

    with pytest.raises(CommandError, match="names no file"):
        call_command("rotate_checkpoint_key", stdout=StringIO())
    assert not SigningKey.objects.exists()
