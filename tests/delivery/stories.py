"""An app that owns dossiers, as delivery sees one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from delivery import stories
from delivery.records import DossierStory, StoryPayment, StoryStep, StoryView
from shared.money import Money
from tests.factories.parcels import BOOKED_AT, PHONE


class Dossiers:
    """One dossier; `calls` counts what was asked."""

    def __init__(self, dossier_id: UUID, code: str = "H57.31-260114-0231", phone: str = PHONE) -> None:
        self.dossier_id, self.code, self.phone = dossier_id, code, phone
        self.turn = "post"

    def find(self, code: str) -> UUID | None:
        return self.dossier_id if code == self.code else None

    def phone_of(self, dossier_id: UUID) -> str:
        return self.phone if dossier_id == self.dossier_id else ""

    def tell(self, dossier_id: UUID, now: datetime) -> DossierStory | None:
        if dossier_id != self.dossier_id:
            return None
        return DossierStory(
            dossier_id, self.code, "Bản sao trích lục khai sinh, 2 bản", self.turn, "Trung tâm Phong Dinh",
            "Trung tâm đang giải quyết hồ sơ của chị.", BOOKED_AT + timedelta(days=2), 40,
            steps=(StoryStep(BOOKED_AT - timedelta(hours=2), "Chị nộp trực tuyến, có bưu cục giúp"),
                   StoryStep(BOOKED_AT - timedelta(hours=1), "Trung tâm Phong Dinh tiếp nhận")),
            payments=(
                StoryPayment("Chị đã trả lệ phí", "2 bản, mỗi bản 8.000 đ", Money(16_000)),
                StoryPayment("Thành phố trả cước giao", "vì hồ sơ nộp trực tuyến", Money(30_000), is_assumed=True)),
            left_to_pay=Money(0),
            views=(StoryView("Nguyễn Thị Hạnh", "Giúp nộp ở Phú Xuân", BOOKED_AT - timedelta(hours=2)),))


@contextmanager
def telling(dossiers: Dossiers) -> Iterator[Dossiers]:
    """Register the app for the length of a test."""
    before = list(stories._provider)
    stories.register_story(dossiers)
    yield dossiers
    stories._provider[:] = before
