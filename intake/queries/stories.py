"""What the citizen reads about her own dossier on the public page; delivery asks here (delivery.records.StoryProvider).

Whoever asks has shown that she knows a code and the last digits of the citizen's phone; the scope is open for that.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from agents import public as agents
from billing import public as billing
from delivery.records import (
    DossierStory,
    StoryLink,
    StoryPayment,
    StoryPlace,
    StorySibling,
    StoryStep,
    StoryThing,
    StoryView,
)
from intake.dues import parts_due
from intake.models.decisions import SupplementRequest
from intake.models.documents import Document
from intake.models.dossiers import Dossier, DossierStep
from intake.plain_data import pricing_from_data
from intake.queries.centre import deadline_of
from intake.records import Pricing
from intake.rules.reasons import SUPPLEMENT_REASONS
from intake.rules.short_names import short_words
from intake.rules.state_words import state_words, step_words
from intake.rules.states import FINAL_HANDLING, Handling, HandlingAction, MoneyAction, MoneyState, ResultState
from intake.rules.turns import NAMES, turn_of
from intake.rules.wording import Words
from intake.satisfaction.models import Satisfaction
from intake.satisfaction.operations import is_rateable
from shared.actors import ActorKind
from shared.confidence import Confidence
from shared.deadlines import Look
from shared.models.oversight import AuditEntry
from shared.money import ZERO, Money, total

MOST_VIEWS: Final = 30
A_DAY: Final = timedelta(days=1)
"""A clerk finds the citizen before there is a dossier."""
# What a parcel's own events tell, and what only the staff among themselves need, is left out.
TOLD: Final = frozenset({*HandlingAction, *MoneyAction}) - {HandlingAction.START}
LOOKS: Final = {
    "citizen.find": Words("Tìm theo số định danh", "Searched by ID number"),
    "citizen.see": Words("Xem thông tin của bạn", "Looked at your data"),
    "citizen.reveal": Words("Xem đủ số định danh", "Saw your whole ID number"),
    "session.open": Words("Mở phiên giúp bạn", "Began to act for you"),
    "document.open": Words("Mở giấy tờ bạn nộp", "Opened a paper of yours"),
}
ANOTHER_PAPER: Final = Words("Giấy tờ khác", "Another paper")
HANDLED: Final = Words("Xử lý hồ sơ", "Handled the dossier")
SHARES: Final = {
    "national_reduction": Words("Nhà nước giảm cước", "Postage reduced by the nation for"),
    "city_subsidy": Words("Thành phố trả cước", "Postage paid by the city for"),
    "citizen_share": Words("Bạn trả cước", "Postage paid by you for"),
}
"""The parts of a quote, in the order of the arithmetic."""
OUT, HOME = Words("gửi hồ sơ", "sending the dossier"), Words("trả kết quả", "sending the result home")


class Stories:
    """Registered with delivery when the app is ready."""

    def find(self, code: str) -> UUID | None:
        """The dossier with this code of the authority or reference of ours; a draft is nobody's business yet."""
        known = Dossier.objects.filter(Q(code=code) | Q(agent_ref=code)).exclude(handling=Handling.DRAFT)
        return known.values_list("id", flat=True).first()

    def phone_of(self, dossier_id: UUID) -> str:
        """The citizen's own phone; the one for the delivery when she gave no other."""
        phones = Dossier.objects.filter(id=dossier_id).values_list("citizen__phone", "delivery_phone").first()
        return next((phone for phone in phones or () if phone), "")

    def tell(self, dossier_id: UUID, now: datetime) -> DossierStory | None:
        """The story as it is at `now`, in the active language."""
        dossier = _loaded(dossier_id)
        return None if dossier is None else _story(dossier, now)


def _loaded(dossier_id: UUID) -> Any:
    named = Dossier.objects.select_related("procedure").annotate(
        outlet_name=F("outlet__name"), receiving_name=F("receiving_centre__name"),
        authority_name=Coalesce(F("authority_centre__authority_name"), F("receiving_centre__authority_name")))
    return named.filter(id=dossier_id).first()


def _story(dossier: Any, now: datetime) -> DossierStory:
    turn = turn_of(Handling(dossier.handling), ResultState(dossier.result),
                   has_centre=dossier.receiving_centre_id is not None, is_forwarded=dossier.forwarded_at is not None)
    pricing = pricing_from_data(dossier.quote)
    clock = deadline_of(dossier, now) if dossier.received_at else None
    is_open = Handling(dossier.handling) not in FINAL_HANDLING and dossier.resolved_at is None
    return DossierStory(
        dossier_id=dossier.id, reference=dossier.code or dossier.agent_ref, title=_title(dossier), turn=turn.whose,
        turn_name=_name(turn.whose, dossier), turn_words=str(turn.words),
        promised_at=dossier.due_at if is_open else None,
        used_percent=clock.filled if clock else 0, is_paused=clock is not None and clock.look is Look.PAUSE,
        to_do=_to_do(dossier), steps=tuple(_steps(dossier)), payments=tuple(_payments(dossier, pricing)),
        left_to_pay=_left_to_pay(dossier, pricing), views=_views(dossier), bring=_bring(dossier),
        bring_to=_bring_to(dossier), links=tuple(_links(dossier)),
        siblings=_siblings(dossier))


def _title(dossier: Any) -> str:
    name = str(short_words(dossier.procedure.name_vi, dossier.procedure.name_en))
    if dossier.copies <= 1:
        return name
    return str(Words(f"{name}, {dossier.copies} bản", f"{name}, {dossier.copies} copies"))


def _name(whose: str, dossier: Any) -> str:
    """Who that is, by name where there is one."""
    names = {"outlet": dossier.outlet_name, "centre": dossier.receiving_name, "authority": dossier.authority_name}
    return str(names.get(whose) or NAMES[whose])


def _to_do(dossier: Any) -> str:
    match Handling(dossier.handling):
        case Handling.SUPPLEMENT_ASKED:
            return str(Words("Mang giấy tờ dưới đây tới nơi đã giúp bạn.", "Bring these papers to where you filed."))
        case Handling.PAYMENT_ASKED:
            return str(Words("Nộp tiền tại bưu cục đã giúp.", "Pay at the post office that helped."))
        case Handling.RESOLVED if dossier.result in {ResultState.CAME_BACK, ResultState.NOT_BY_POST}:
            return str(Words("Mang thẻ căn cước tới trung tâm để nhận.", "Fetch it at the centre with your ID card."))
        case _:
            return ""


def _bring(dossier: Any) -> tuple[StoryThing, ...]:
    """Exactly what the open request asks for, each with its reason."""
    if dossier.handling != Handling.SUPPLEMENT_ASKED:
        return ()
    asked = SupplementRequest.objects.filter(dossier_id=dossier.id, answered_at=None).first()
    names = {paper["code"]: Words(paper["name_vi"], paper["name_en"]) for paper in dossier.procedure.documents}
    things = []
    for each in asked.reasons if asked else ():
        reason = SUPPLEMENT_REASONS.get(each["reason"])
        told = ": ".join(part for part in (str(reason.words) if reason else "", each.get("text", "")) if part)
        things.append(StoryThing(str(names.get(each["component"], ANOTHER_PAPER)), told))
    return tuple(things)


def _bring_to(dossier: Any) -> StoryPlace | None:
    if dossier.handling not in {Handling.SUPPLEMENT_ASKED, Handling.PAYMENT_ASKED}:
        return None
    if dossier.outlet_id is not None:
        outlet = agents.get_outlet(dossier.outlet_id)
        return StoryPlace(outlet.name, f"{outlet.address}, {outlet.commune_name}", outlet.phone)
    centre = agents.get_centre(dossier.receiving_centre_id)
    return StoryPlace(centre.name, centre.address, centre.phone)


def _siblings(dossier: Any) -> tuple[StorySibling, ...]:
    """Hers of the same visit; one that is still a draft is nobody's business yet."""
    if dossier.bundle_id is None:
        return ()
    others: Any = Dossier.objects.filter(bundle_id=dossier.bundle_id, citizen_id=dossier.citizen_id).exclude(
        Q(id=dossier.id) | Q(handling=Handling.DRAFT)).select_related("procedure").order_by("created_at", "id")
    return tuple(StorySibling(each.code or each.agent_ref, _title(each), str(state_words(Handling(each.handling))))
                 for each in others)


def _links(dossier: Any) -> Iterator[StoryLink]:
    rated = Satisfaction.objects.filter(dossier_id=dossier.id)
    if is_rateable(dossier.handling, dossier.result) and not rated.exists():
        yield StoryLink(reverse("intake:rate"), str(Words("Bạn có hài lòng không? Trả lời 1 phút",
                                                          "Were you satisfied? One minute")), "star", is_main=True)
    if dossier.money == MoneyState.DUE and dossier.outlet_id and billing.takes_cards(sum(parts_due(dossier), ZERO)):
        yield StoryLink(reverse("intake:pay-at-home"), str(Words("Nộp tiền bằng thẻ", "Pay by card")), "wallet",
                        is_main=True)
    if dossier.outlet_id is not None:
        yield StoryLink(reverse("intake:complain"), str(Words("Phản ánh về điểm phục vụ", "Complain about the outlet")),
                        "message-square")
    yield StoryLink(reverse("intake:choose-notices"), str(Words("Cách nhận tin báo", "How you are told")), "smartphone")


def _steps(dossier: Any) -> Iterator[StoryStep]:
    steps = DossierStep.objects.filter(dossier_id=dossier.id, action__in=TOLD).order_by("at", "id")
    for step in steps:
        yield StoryStep(step.at, str(step_words(step.action)), step.place)


def _payments(dossier: Any, pricing: Pricing | None) -> Iterator[StoryPayment]:
    if pricing is None:
        return
    if pricing.fee.amount is not None:
        label = Words("Lệ phí bạn đã trả", "Fee you have paid") if dossier.money == MoneyState.PAID else Words(
            "Lệ phí", "Fee")
        yield StoryPayment(str(label), str(pricing.fee.words), pricing.fee.amount,
                           is_assumed=pricing.fee.confidence == Confidence.ASSUMED)
    for quote, way in ((pricing.postage_out, OUT), (pricing.postage_home, HOME)):
        if quote is None:
            continue
        for kind, who in SHARES.items():
            amount: Money = getattr(quote, kind)
            if amount:
                reason = next((step for step in quote.steps if step.kind == kind), None)
                basis = Words(reason.reason_vi, reason.reason_en) if reason else Words()
                yield StoryPayment(f"{who} {way}", str(basis), amount,
                                   is_assumed=any(step.confidence == Confidence.ASSUMED for step in quote.steps))


def _left_to_pay(dossier: Any, pricing: Pricing | None) -> Money | None:
    """What the citizen still owes; None where no rule says so."""
    if dossier.money in {MoneyState.PAID, MoneyState.REFUNDED}:
        return ZERO
    if pricing is None or pricing.fee.amount is None or pricing.unknown:
        return None
    due = pricing.fee.amount + total(quote.citizen_share for quote in pricing.quotes)
    return due if dossier.money == MoneyState.DUE or not due else None


def _views(dossier: Any) -> tuple[StoryView, ...]:
    """Each person who looked at the citizen's data or handled the dossier, with what she did first."""
    papers = [str(each) for each in Document.objects.filter(dossier_id=dossier.id).values_list("id", flat=True)]
    about = (Q(object_type="citizen", object_id=str(dossier.citizen_id), action__in=LOOKS)
             | Q(object_type="document", object_id__in=papers, action="document.open")
             | Q(action="session.open", object_id=str(dossier.session_id)))
    looks = AuditEntry.objects.filter(about, actor_kind=ActorKind.PERSON, at__gte=dossier.created_at - A_DAY)
    seen = [(at, actor_id, LOOKS[action]) for at, actor_id, action in looks.values_list("at", "actor_id", "action")]
    steps = DossierStep.objects.filter(dossier_id=dossier.id, actor_kind=ActorKind.PERSON)
    seen += [(at, actor_id, HANDLED) for at, actor_id in steps.values_list("at", "actor_id")]
    first = {actor_id: (at, what) for at, actor_id, what in sorted(seen, key=lambda each: each[0], reverse=True)}
    people = agents.people_by_id(UUID(actor_id) for actor_id in first)
    views = [StoryView(people[UUID(who)].name, f"{what} – {people[UUID(who)].place_name}", at)
             for who, (at, what) in first.items() if UUID(who) in people]
    return tuple(sorted(views, key=lambda view: view.at)[:MOST_VIEWS])
