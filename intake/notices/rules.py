"""When a citizen is told, in how many characters, and when not to wake her. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from intake.rules.wording import Words
from shared.calendar import at_local, local


class NoticeEvent(StrEnum):
    """What a citizen is told of, once each."""

    FILED = "filed"
    FORWARDED = "forwarded"
    RECEIVED = "received"
    REFUSED = "refused"
    SUPPLEMENT = "supplement"
    FEE_DUE = "fee_due"
    EXTENDED = "extended"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    RESOLVED = "resolved"
    READY = "ready"
    ON_THE_WAY = "on_the_way"
    CAME_BACK = "came_back"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    SEARCHED = "searched"
    FOUND = "found"
    LOST = "lost"
    OUTLET_MOVES = "moves"
    OUTLET_STAYS = "stays"
    RATE = "rate"


class NoticeChannel(StrEnum):
    ZALO = "zalo"
    SMS = "sms"
    EMAIL = "email"
    NONE = "none"
    """Nothing can be sent; the row says why, so that somebody calls."""


C, E = NoticeChannel, NoticeEvent
ORDER: Final = (C.ZALO, C.SMS, C.EMAIL)
"""Tried one after the other; the next only when the one before has failed."""
DISTURBING: Final = frozenset({C.ZALO, C.SMS})
"""Channels that make a phone ring."""

EVENT_WORDS: Final[Mapping[NoticeEvent, Words]] = MappingProxyType({
    E.FILED: Words("Đã nộp hồ sơ", "Filed"),
    E.FORWARDED: Words("Đã chuyển tới trung tâm", "Sent to the centre"),
    E.RECEIVED: Words("Được tiếp nhận, có ngày hẹn", "Received, with its due day"),
    E.REFUSED: Words("Không được tiếp nhận", "Not accepted"),
    E.SUPPLEMENT: Words("Cần bổ sung giấy tờ", "Papers asked for"),
    E.FEE_DUE: Words("Cần nộp tiền", "Payment asked for"),
    E.EXTENDED: Words("Xin lỗi, hẹn lại", "Apology and new day"),
    E.STOPPED: Words("Dừng giải quyết", "Stopped"),
    E.WITHDRAWN: Words("Đã rút hồ sơ", "Withdrawn"),
    E.RESOLVED: Words("Đã có kết quả", "Decided"),
    E.READY: Words("Kết quả chờ tại trung tâm", "Result waits at the centre"),
    E.ON_THE_WAY: Words("Bưu điện đang mang kết quả về", "Result on its way"),
    E.CAME_BACK: Words("Kết quả quay lại trung tâm", "Result came back"),
    E.DELIVERED: Words("Đã giao kết quả", "Result delivered"),
    E.DELAYED: Words("Bưu gửi tới trễ", "Parcel late"),
    E.SEARCHED: Words("Đang tìm bưu gửi", "Parcel looked for"),
    E.FOUND: Words("Đã tìm thấy bưu gửi", "Parcel found"),
    E.LOST: Words("Bưu gửi thất lạc", "Parcel lost"),
    E.OUTLET_MOVES: Words("Bưu cục chuyển địa điểm", "Outlet moves"),
    E.OUTLET_STAYS: Words("Bưu cục không chuyển nữa", "Outlet stays after all"),
    E.RATE: Words("Mời đánh giá", "Satisfaction question"),
})
CHANNEL_WORDS: Final[Mapping[NoticeChannel, Words]] = MappingProxyType({
    C.ZALO: Words("Zalo", "Zalo"), C.SMS: Words("Tin nhắn SMS", "SMS"), C.EMAIL: Words("Thư điện tử", "E-mail"),
    C.NONE: Words("Chưa gửi được", "Not sent"),
})

FIELDS: Final = ("code", "link", "due", "what", "where")
"""What a text may fill in. There is none for a name, a number or a procedure: a notice may be read by others."""
_FIELD: Final = re.compile(r"\{(\w*)\}")

SENSITIVE_FIELDS: Final = frozenset({"social", "identity_residence"})
"""Fields of procedures whose papers would tell too much on somebody's screen: the notice then says only that there
is a list."""

STALE: Final = timedelta(days=5)
"""What happened longer ago is no news, whatever the queue says."""
RATE_AT: Final = time(9, 0)


@dataclass(frozen=True, slots=True)
class Text:
    subject: str
    body: str


_VI: Final[Mapping[NoticeEvent, Text]] = MappingProxyType({
    E.FILED: Text("Đã nộp hồ sơ {code}", "Hồ sơ {code} đã nộp tại {where}. Theo dõi: {link}"),
    E.FORWARDED: Text("Hồ sơ {code} đã chuyển đi", "Hồ sơ {code} đã chuyển tới trung tâm. Theo dõi: {link}"),
    E.RECEIVED: Text("Hồ sơ {code} được tiếp nhận", "Hồ sơ {code} được tiếp nhận, hẹn trả {due}. Xem: {link}"),
    E.REFUSED: Text("Hồ sơ {code} không được tiếp nhận",
                    "Hồ sơ {code} không được tiếp nhận. Lý do và cách làm lại: {link}"),
    E.SUPPLEMENT: Text("Hồ sơ {code} cần bổ sung", "Hồ sơ {code} cần bổ sung: {what}. Mang tới {where}. Xem: {link}"),
    E.FEE_DUE: Text("Hồ sơ {code} cần nộp tiền", "Hồ sơ {code} cần nộp tiền để giải quyết tiếp. Xem: {link}"),
    E.EXTENDED: Text("Xin lỗi: hồ sơ {code} trễ hẹn",
                     "Xin lỗi, hồ sơ {code} chưa xong đúng hẹn. Hẹn lại {due}. Lý do: {link}"),
    E.STOPPED: Text("Hồ sơ {code} dừng giải quyết", "Hồ sơ {code} tạm dừng giải quyết. Lý do: {link}"),
    E.WITHDRAWN: Text("Hồ sơ {code} đã rút", "Hồ sơ {code} đã rút theo yêu cầu. Nếu không phải bạn, gọi 1022. {link}"),
    E.RESOLVED: Text("Hồ sơ {code} đã có kết quả", "Hồ sơ {code} đã có kết quả, sắp gửi về nhà bạn. Xem: {link}"),
    E.READY: Text("Hồ sơ {code}: kết quả đã sẵn sàng",
                  "Hồ sơ {code} đã có kết quả. Mang thẻ căn cước tới nhận. Xem: {link}"),
    E.ON_THE_WAY: Text("Kết quả hồ sơ {code} đang về",
                       "Bưu điện đang mang kết quả hồ sơ {code} tới. Chuẩn bị thẻ căn cước. {link}"),
    E.CAME_BACK: Text("Kết quả hồ sơ {code} chưa giao được", "Kết quả hồ sơ {code} chưa giao được. Cách nhận: {link}"),
    E.DELIVERED: Text("Đã giao kết quả hồ sơ {code}",
                      "Kết quả hồ sơ {code} đã giao. Nếu bạn chưa nhận, gọi 1022. {link}"),
    E.DELAYED: Text("Hồ sơ {code}: bưu gửi tới trễ",
                    "Xin lỗi, bưu gửi của hồ sơ {code} tới trễ. Ngày dự kiến mới: {link}"),
    E.SEARCHED: Text("Hồ sơ {code}: đang tìm bưu gửi",
                     "Bưu gửi của hồ sơ {code} đang được tìm. Chúng tôi sẽ báo kết quả. {link}"),
    E.FOUND: Text("Hồ sơ {code}: đã tìm thấy bưu gửi", "Đã tìm thấy bưu gửi của hồ sơ {code}. Xem: {link}"),
    E.LOST: Text("Hồ sơ {code}: bưu gửi thất lạc",
                 "Xin lỗi, bưu gửi của hồ sơ {code} bị thất lạc. Bưu điện bồi thường và chịu phí làm lại: {link}"),
    E.OUTLET_MOVES: Text("Hồ sơ {code}: bưu cục chuyển địa điểm",
                         "Từ {due}, bưu cục giữ hồ sơ {code} chuyển tới {where}. Xem: {link}"),
    E.OUTLET_STAYS: Text("Hồ sơ {code}: bưu cục không chuyển nữa",
                         "{where} không chuyển nữa, hồ sơ {code} vẫn ở chỗ cũ. Xem: {link}"),
    E.RATE: Text("Hồ sơ {code}: bạn có hài lòng không?",
                 "Hồ sơ {code}: việc phục vụ có tốt không? Trả lời 1 phút: {link}"),
})
_EN: Final[Mapping[NoticeEvent, Text]] = MappingProxyType({
    E.FILED: Text("Dossier {code} filed", "Dossier {code} was filed at {where}. Follow it: {link}"),
    E.FORWARDED: Text("Dossier {code} sent on", "Dossier {code} is on its way to the centre. Follow it: {link}"),
    E.RECEIVED: Text("Dossier {code} received", "Dossier {code} was received, due {due}. See: {link}"),
    E.REFUSED: Text("Dossier {code} not accepted", "Dossier {code} was not accepted. Why, and what to do: {link}"),
    E.SUPPLEMENT: Text("Dossier {code} needs more", "Dossier {code} needs: {what}. Bring it to {where}. See: {link}"),
    E.FEE_DUE: Text("Dossier {code} needs a payment", "Dossier {code} needs a payment before it goes on. See: {link}"),
    E.EXTENDED: Text("Sorry: dossier {code} is late", "Sorry, dossier {code} is late. New day {due}. Why: {link}"),
    E.STOPPED: Text("Dossier {code} stopped", "Handling of dossier {code} was stopped. Why: {link}"),
    E.WITHDRAWN: Text("Dossier {code} withdrawn", "Dossier {code} was withdrawn. Was it not you? Call 1022. {link}"),
    E.RESOLVED: Text("Dossier {code} decided", "Dossier {code} is decided; the result comes home. See: {link}"),
    E.READY: Text("Dossier {code}: result ready", "Dossier {code} is ready. Fetch it with your ID card. See: {link}"),
    E.ON_THE_WAY: Text("Result of {code} on its way", "The post brings the result of {code}. Have your ID. {link}"),
    E.CAME_BACK: Text("Result of {code} not delivered", "The result of {code} was not delivered. What to do: {link}"),
    E.DELIVERED: Text("Result of {code} delivered", "Result of {code} was delivered. Not to you? Call 1022. {link}"),
    E.DELAYED: Text("Dossier {code}: parcel late", "Sorry, the parcel of {code} is late. The new day: {link}"),
    E.SEARCHED: Text("Dossier {code}: parcel looked for",
                     "The parcel of {code} is being looked for; we will tell you how it ends. {link}"),
    E.FOUND: Text("Dossier {code}: parcel found", "The parcel of {code} has been found. See: {link}"),
    E.LOST: Text("Dossier {code}: parcel lost",
                 "Sorry, the parcel of {code} is lost. The post compensates and pays for new papers: {link}"),
    E.OUTLET_MOVES: Text("Dossier {code}: the outlet moves",
                         "From {due} the outlet of dossier {code} is at {where}. See: {link}"),
    E.OUTLET_STAYS: Text("Dossier {code}: the outlet stays",
                         "{where} stays where it is; so does dossier {code}. See: {link}"),
    E.RATE: Text("Dossier {code}: were you served well?", "Dossier {code}: were you served well? One minute: {link}"),
})
USUAL: Final[Mapping[str, Mapping[NoticeEvent, Text]]] = MappingProxyType({"vi": _VI, "en": _EN})
"""The texts as they are shipped: version 0 of every channel."""


def unknown_fields(text: str) -> Sequence[str]:
    """Names in braces that a notice cannot fill in."""
    return [name for name in _FIELD.findall(text) if name not in FIELDS]


def fill(text: str, facts: Mapping[str, str]) -> str:
    """`text` with its fields filled in; what is not known becomes nothing."""
    filled = _FIELD.sub(lambda found: facts.get(found[1], ""), text)
    return re.sub(r"\s+", " ", filled).strip()


def without_accents(text: str) -> str:
    """Vietnamese as an old phone shows it: `Hồ sơ đã nộp` → `Ho so da nop`; one character stays one."""
    plain = text.replace("đ", "d").replace("Đ", "D").replace("–", "-").replace("“", '"').replace("”", '"')
    letters = unicodedata.normalize("NFD", plain.replace("\u00a0", " "))
    return "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")


@dataclass(frozen=True, slots=True)
class Length:
    """`characters` of a text message and into how many it is cut; `is_plain`: 7-bit letters only (3GPP TS 23.038)."""

    characters: int
    segments: int
    is_plain: bool


# ASCII that needs no escape in the 7-bit alphabet; the others count twice.
_TWICE: Final = frozenset("^{}\\[~]|€")


def length_of(text: str) -> Length:
    """How long a text message is: 160 plain characters or 70 of any kind in one; 153 or 67 in each of several."""
    is_plain = text.isascii() and "`" not in text
    size = sum(2 if letter in _TWICE else 1 for letter in text) if is_plain else len(text.encode("utf-16-le")) // 2
    whole, part = (160, 153) if is_plain else (70, 67)
    segments = 1 if size <= whole else -(-size // part)
    return Length(size, segments, is_plain)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the night, local time, in which no phone is made to ring."""

    begins: time
    ends: time

    def is_quiet(self, moment: datetime) -> bool:
        now = local(moment).time()
        if self.begins <= self.ends:
            return self.begins <= now < self.ends
        return now >= self.begins or now < self.ends

    def after(self, moment: datetime) -> datetime:
        """`moment`, or when the quiet hours around it end."""
        if not self.is_quiet(moment):
            return moment
        here = local(moment)
        is_before_midnight = self.begins > self.ends and here.time() >= self.begins
        day = here.date() + timedelta(days=1) if is_before_midnight else here.date()
        return at_local(day, self.ends)


def quiet_from(text: str) -> Quiet:
    """`21:00-07:00` as hours; raises ValueError."""
    begins, _dash, ends = text.partition("-")
    return Quiet(time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip()))


def asked_to_rate_at(closed_at: datetime) -> datetime:
    """The morning after: she has had the result in her hands, and remembers."""
    return at_local(local(closed_at).date() + timedelta(days=1), RATE_AT)
