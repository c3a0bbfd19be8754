"""A NUL byte in an address asks for nothing that there is, and is no fault of ours."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", [
    "/dai-ly/?q=%00", "/lich-luu-dong/?q=%00", "/lich-luu-dong.ics?q=a%00", "/diem-gan-nhat/?q=%00",
    "/diem-gan-nhat/?place=%00"])
def test_public_pages_take_a_nul_byte_for_nothing(client, address):
    client.raise_request_exception = False

    assert client.get(address).status_code == 200
