"""Invented people. Names are common ones put together by chance; ID numbers and phones belong to nobody we know of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

_FAMILY: Final = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Tôn Thất",
    "Đoàn",
    "Trương",
)
_MIDDLE_F: Final = ("Thị", "Thị Mỹ", "Thị Thanh", "Ngọc", "Thuỳ", "Khánh", "Thị Thu", "Hồng")
_MIDDLE_M: Final = ("Văn", "Đức", "Quang", "Hữu", "Minh", "Đình", "Công", "Xuân")
_GIVEN_F: Final = (
    "Lài",
    "Hoa",
    "Hạnh",
    "Linh",
    "Ngọc",
    "Thảo",
    "Yến",
    "Phương",
    "Hương",
    "Trang",
    "Mai",
    "Bé",
    "Nhung",
    "Oanh",
    "Diệu",
    "Hằng",
)
_GIVEN_M: Final = (
    "Đức",
    "Quang",
    "Thành",
    "Phước",
    "Lộc",
    "Bảo",
    "Minh",
    "Tuấn",
    "Hiếu",
    "Dũng",
    "Sơn",
    "Hải",
    "Khoa",
    "Nam",
    "Tín",
    "Việt",
)
_STREETS: Final = (
    "thôn Trung",
    "tổ dân phố 3",
    "xóm Chùa",
    "kiệt 12",
    "đường Liên thôn",
    "tổ dân phố 7",
    "thôn Đông",
    "khu tập thể Bưu điện",
    "ngõ 45",
    "xóm Mới",
)


@dataclass(frozen=True, slots=True)
class Person:
    full_name: str
    is_female: bool
    birth_date: date
    national_id: str
    phone: str
    street: str


def people(seed: str, id_province: str) -> Iterator[Person]:
    """An endless row of different people, the same for the same `seed`; `id_province` begins their ID numbers."""
    random = Random(seed)  # noqa: S311  # a story, not a secret
    serial = random.randrange(100_000, 200_000)
    while True:
        serial += random.randrange(1, 7)
        yield _person(random, id_province, serial)


def _person(random: Random, id_province: str, serial: int) -> Person:
    is_female = random.random() < 0.52
    birth = date(1948, 1, 1) + timedelta(days=random.randrange(56 * 365))
    century = (2 if birth.year >= 2000 else 0) + is_female
    middle, given = (_MIDDLE_F, _GIVEN_F) if is_female else (_MIDDLE_M, _GIVEN_M)
    return Person(
        full_name=f"{random.choice(_FAMILY)} {random.choice(middle)} {random.choice(given)}",
        is_female=is_female,
        birth_date=birth,
        national_id=f"{id_province}{century}{birth.year % 100:02d}{serial % 1_000_000:06d}",
        phone=f"0900{serial % 1_000_000:06d}",
        street=f"{random.randrange(1, 240)} {random.choice(_STREETS)}",
    )
