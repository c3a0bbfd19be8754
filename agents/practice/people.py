"""Made-up people: names put together by chance, ID numbers and phone lines that belong to nobody and never can.

Numbers begin with 999, which is no province's code, phone numbers with 0992, which no network has (shared/practice.py):
the live house refuses both, and practice refuses everything else, so that no real person is ever typed in there.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from shared.practice import LINES_BEGIN, NUMBERS_BEGIN

_FAMILY: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Võ", "Đặng", "Bùi", "Hồ", "Ngô", "Dương")
_MIDDLE: Final = {True: ("Thị Thử", "Thị Tập", "Mẫu"), False: ("Văn Thử", "Văn Tập", "Mẫu")}
"""Every name says that it is one: "Thử" is try, "Tập" is practise, "Mẫu" is sample."""
_GIVEN: Final = {True: ("Hoa", "Lan", "Mai", "Hạnh", "Yến", "Thảo"), False: ("An", "Bình", "Dũng", "Khoa", "Sơn")}
_STREETS: Final = ("đường Luyện Tập", "ngõ Thực Hành", "tổ dân phố Mẫu")


@dataclass(frozen=True, slots=True)
class MadeUp:
    """One made-up citizen, as her card and she herself would tell a clerk."""

    full_name: str
    national_id: str
    birth: str
    """ISO 8601."""
    sex: str
    phone: str
    street: str

    @property
    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def is_female(self) -> bool:
        return self.sex == "female"

    @property
    def birth_date(self) -> date:
        return date.fromisoformat(self.birth)


def made_up(seed: str, number: int) -> MadeUp:
    """The `number`-th person of a try; the same seed gives the same people. All are between 20 and 60 in 2025."""
    chance = Random(f"{seed}:{number}")  # noqa: S311  # a story, not a secret
    is_female = chance.random() < 0.5
    born = date(1965, 1, 1) + timedelta(days=chance.randrange(40 * 365))
    century = (2 if born.year >= 2000 else 0) + is_female
    return MadeUp(
        full_name=f"{chance.choice(_FAMILY)} {chance.choice(_MIDDLE[is_female])} {chance.choice(_GIVEN[is_female])}",
        national_id=f"{NUMBERS_BEGIN}{century}{born.year % 100:02d}{chance.randrange(1_000_000):06d}",
        birth=born.isoformat(), sex="female" if is_female else "male",
        phone=f"{LINES_BEGIN}{chance.randrange(1_000_000):06d}",
        street=f"{chance.randrange(1, 200)} {chance.choice(_STREETS)}")
