"""What is typed into reasons and notes is kept without people's numbers."""

import pytest

from shared.masking import without_national_ids, without_numbers


@pytest.mark.parametrize(("typed", "kept"), [
    ("Bà gọi từ 0914275268 sáng nay", "Bà gọi từ 0914\u00a0•••\u00a0268 sáng nay"),
    ("gọi 0914 275 268.", "gọi 0914\u00a0•••\u00a0268."), ("số +84 914 275 268", "số 0914\u00a0•••\u00a0268"),
    ("đối chiếu thẻ 046188004127", "đối chiếu thẻ 046•••••4127"), ("046 188 004 127", "046•••••4127"),
    ("gọi 1022 hoặc 19001234", "gọi 1022 hoặc 19001234"), ("H57.31-260114-0231", "H57.31-260114-0231"),
    ("mã RR123456785VN", "mã RR123456785VN"), ("giá 1.250.000.000 đ", "giá 1.250.000.000 đ"), ("", "")])
def test_ids_and_phones_are_masked_and_nothing_else(typed, kept):
    assert without_numbers(typed) == kept
    assert without_numbers(kept) == kept


def test_ids_are_counted():
    assert without_national_ids("046188004127 và 046188004128") == ("046•••••4127 và 046•••••4128", 2)
