"""The national index of serving citizens and businesses: its groups and which of their criteria our data measures.

Decision 766/QĐ-TTg (23 June 2022): 100 points for a province. A criterion that rests on data of other systems is named
with the reason why it is not measured here; no point is made up for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from intake.rules.wording import Words

LEGAL_BASIS: Final = "766/QĐ-TTg"
CONTENT_SHARE: Final = 0.90
"""From this share of satisfied answers on the criterion has its full points."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a base; no base, no share."""

    part: int
    base: int

    def __add__(self, other: "Share") -> "Share":
        return Share(self.part + other.part, self.base + other.base)

    @property
    def value(self) -> float | None:
        return self.part / self.base if self.base else None

    @property
    def percent(self) -> float | None:
        return None if self.value is None else 100 * self.value


@dataclass(frozen=True, slots=True)
class Facts:
    """What our data knows, up to a moment."""

    in_time: Share
    """Neither decided late nor late at the moment, of all received."""
    online: Share
    """Filed online, of all received this year."""
    satisfied: Share
    """Satisfied over all, of those who answered."""
    e_results: Share
    """Decisions with an electronic result, of all decisions this year."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """`points` is None where no figure of ours gives them; `why` then says so."""

    words: Words
    most: float
    share: Share | None = None
    points: float | None = None
    why: Words | None = None


@dataclass(frozen=True, slots=True)
class Group:
    words: Words
    most: int
    criteria: tuple[Criterion, ...]

    @property
    def points(self) -> float | None:
        given = [each.points for each in self.criteria if each.points is not None]
        return sum(given) if given else None


def index(facts: Facts) -> Sequence[Group]:
    """The six groups in the order of the decision."""
    return (_openness(), _progress(facts), _online(facts), _payment(), _satisfaction(facts), _digitisation(facts))


_PORTAL: Final = Words("tính trên Cổng Dịch vụ công quốc gia, không từ số liệu ở đây",
                       "counted on the National Public Service Portal, not from what is kept here")
_SPLIT: Final = Words("có tỷ lệ, nhưng cách chia 12 điểm cho từng tỷ lệ chưa đọc được từ văn bản",
                      "the share is known; how the 12 points are divided was not read in the text")


def _openness() -> Group:
    return Group(Words("Công khai, minh bạch", "Openness"), 18, (
        Criterion(Words("Thủ tục công bố đúng hạn", "Procedures published in time"), 6, why=_PORTAL),
        Criterion(Words("Thủ tục cập nhật đúng hạn", "Procedures updated in time"), 4, why=_PORTAL),
        Criterion(Words("Nội dung công khai đầy đủ", "Content complete"), 2, why=_PORTAL),
        Criterion(Words("Hồ sơ được đồng bộ", "Dossiers synchronised"), 6, why=_PORTAL)))


def _progress(facts: Facts) -> Group:
    share = facts.in_time
    points = None if share.value is None else 20 * share.value
    return Group(Words("Tiến độ giải quyết", "Progress"), 20, (Criterion(
        Words("Hồ sơ đúng hạn trên hồ sơ đã tiếp nhận", "Dossiers in time, of those received"), 20, share, points,
        None if points is not None else _NO_BASE),))


def _online(facts: Facts) -> Group:
    return Group(Words("Dịch vụ công trực tuyến", "Online services"), 12, (Criterion(
        Words("Hồ sơ nộp trực tuyến trên hồ sơ tiếp nhận trong năm", "Filed online, of those received this year"), 12,
        facts.online, why=_SPLIT),))


def _payment() -> Group:
    return Group(Words("Thanh toán trực tuyến", "Online payment"), 10, (Criterion(
        Words("Thanh toán trên nền tảng quốc gia", "Payment over the national platform"), 10, why=Words(
            "nền tảng thanh toán quốc gia đếm; biên lai ở đây không nói tiền đi qua nền tảng nào",
            "the national payment platform counts it; our receipts do not say over which platform money went")),))


def _satisfaction(facts: Facts) -> Group:
    share = facts.satisfied
    points = None if share.value is None else min(6.0, 6 * share.value / CONTENT_SHARE)
    petitions = Words("phản ánh, kiến nghị được nhận và trả lời ở hệ thống quốc gia",
                      "petitions are taken and answered in the national system")
    return Group(Words("Mức độ hài lòng", "Satisfaction"), 18, (
        Criterion(Words("Hài lòng khi nộp và nhận kết quả", "Satisfied with filing and result"), 6, share, points,
                  None if points is not None else _NO_BASE),
        Criterion(Words("Phản ánh, kiến nghị trả lời đúng hạn", "Petitions answered in time"), 6, why=petitions),
        Criterion(Words("Hài lòng với trả lời", "Satisfied with the answers"), 6, why=petitions)))


def _digitisation(facts: Facts) -> Group:
    share = facts.e_results
    points = None if share.value is None else 6 * share.value
    return Group(Words("Số hoá hồ sơ", "Digitisation"), 22, (
        Criterion(Words("Kết quả điện tử trên quyết định trong năm", "Electronic results, of this year's decisions"), 6,
                  share, points, None if points is not None else _NO_BASE),
        Criterion(Words("Thành phần số hoá, bản sao chứng thực điện tử, tái sử dụng, đồng bộ, dữ liệu công dân",
                        "Digitised components, certified e-copies, reuse, synchronisation, citizens' data"), 16,
                  why=_PORTAL)))


_NO_BASE: Final = Words("chưa có hồ sơ nào để tính", "nothing to count it on yet")
