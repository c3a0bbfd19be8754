"""Everything that the page "take a dossier" shows while a citizen is being acted for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from agents import public as agents
from billing import public as billing
from intake.admission import admission_of
from intake.errors import ProcedureNotFound, RouteRefused
from intake.filing import proven_groups
from intake.models.citizens import ActingSession, Citizen, ConsentPurpose
from intake.models.documents import Document
from intake.operations.authority import ANSWER_MINUTES
from intake.queries.catalogue import search_procedures
from intake.queries.counter import common_procedures
from intake.queries.counter_citizens import citizens_in_reach
from intake.queries.offers import Offer, Wish, filing_offer
from intake.queries.place_offers import PlaceOffer
from intake.queries.precheck import Filing, facts_of
from intake.queries.reusable import reusable_papers
from intake.queries.sessions import consents_of
from intake.records import Route
from intake.rules.catalogue import Channel, PlaceRule
from intake.rules.precheck import catalogue as precheck
from intake.rules.precheck.facts import Facts, as_data
from intake.rules.wording import Words
from intake.views.take_address import TakenAddress, taken_address
from intake.views.take_check import CheckLine, check_lines
from intake.views.take_entries import Entries, number, uuid_or_none
from intake.views.take_missing import Missing, first_missing
from intake.views.take_papers import PaperLine, paper_lines
from intake.views.take_rules import Trip, trip_of
from intake.views.take_ways import Way, chosen_channel, cutoff_note, fee_label, ways_of
from shared import places
from shared.actors import Actor
from shared.calendar import local
from shared.geo import distance_km
from shared.working_days import work_calendar


@dataclass(frozen=True, slots=True)
class TakePage:
    """`offer` is None until a procedure is chosen."""

    citizen: Citizen
    session: ActingSession
    agreed: frozenset[str]
    entries: Entries
    offer: Offer | None
    found: tuple[object, ...]
    papers: tuple[PaperLine, ...]
    ways: tuple[Way, ...]
    chosen: Way | None
    fee_label: str
    cutoff: str
    place_question: str
    place_chips: tuple[PlaceOffer, ...]
    group_words: tuple[tuple[str, Words], ...]
    """Groups of the citizen with proof that holds today."""
    centre: agents.CentreInfo | None
    """The receiving centre, with its address and phone."""
    city: str
    answer_due_at: datetime
    """By when a person says which authority is competent, were it asked now."""
    missing: Missing | None = None
    facts: Mapping[str, object] | None = None
    """What the check looked at, for the browser to go on from."""
    checks: tuple[CheckLine, ...] = ()
    centres: tuple[agents.CentreInfo, ...] = ()
    common: tuple[object, ...] = ()
    """What is asked for most at this outlet, before anything is typed."""
    errors: Mapping[str, str] | None = None
    lacks: tuple[object, ...] = ()
    is_not_hers: bool = False
    """Whether the procedure's group is beyond what she was given."""
    """Certificates that the clerk's city asks for and that she does not hold."""
    address: TakenAddress | None = None
    """How the address of the result was understood; None when nothing goes home."""

    @property
    def route(self) -> Route | None:
        return self.offer.route if self.offer is not None else None

    @property
    def is_place_settled(self) -> bool:
        return not self.place_question or self.entries.place.is_settled

    @property
    def reason(self) -> str:
        """Why this authority; its name stands above already."""
        steps = self.route.steps if self.route is not None else ()
        return " ".join(str(step.words) for step in steps if step.kind in {"place", "former-place"})

    @property
    def procedure_name(self) -> str:
        assert self.offer is not None  # noqa: S101  # asked for only where one is chosen
        return str(Words(self.offer.procedure.name_vi, self.offer.procedure.name_en))

    @property
    def note(self) -> str:
        """What the catalogue says beside its columns."""
        return str(Words(self.offer.procedure.note_vi, self.offer.procedure.note_en)) if self.offer is not None else ""

    @property
    def is_by_pages(self) -> bool:
        return self.offer is not None and self.offer.procedure.fee.get("kind") == "per_page_steps"

    @property
    def is_papers_done(self) -> bool:
        return not any(paper.state == "missing" for paper in self.papers) and self.is_place_settled

    @property
    def to_collect(self) -> int:
        """At this counter: nothing when the citizen goes to the centre herself."""
        return self.chosen.total if self.chosen is not None and self.chosen.channel != "refer" else 0

    @property
    def arithmetic(self) -> list[Trip]:
        """The chosen way's trips, each as a short column that ends in what the citizen pays."""
        pricing = self.chosen.option.pricing if self.chosen is not None else None
        if pricing is None:
            return []
        trips = ((_("Postage to the centre"), pricing.postage_out),
                 (_("Postage of the way home"), pricing.postage_home))
        return [trip_of(title, quote) for title, quote in trips if quote is not None]

    @property
    def has_waiting_files(self) -> bool:
        return any(file.facts.is_waiting for paper in self.papers for file in paper.files)

    @property
    def may_reuse(self) -> bool:
        """The citizen agreed that copies are kept."""
        return ConsentPurpose.KEEP_COPIES in self.agreed

    @property
    def has_reusable(self) -> bool:
        return any(paper.reusable for paper in self.papers)

    @property
    def rule_since(self) -> date | None:
        return date.fromisoformat(self.route.rule_version) if self.route and self.route.rule_version else None

    @property
    def has_reduction(self) -> bool:
        return any(way.reduction for way in self.ways)

    @property
    def is_subsidy_assumed(self) -> bool:
        return any(way.is_subsidy_assumed for way in self.ways)


def build_page(entries: Entries, session: ActingSession, outlet: agents.OutletInfo, *, actor: Actor, now: datetime,
               errors: Mapping[str, str] | None = None) -> TakePage:
    citizen = citizens_in_reach(actor).get(id=session.citizen_id)
    today = local(now).date()
    agreed = consents_of(session)
    offer = _offer(entries, citizen, outlet, today, now)
    found = () if offer is not None else tuple(search_procedures(entries.procedure_q, today, limit=8))
    centre = agents.get_centre(offer.route.receiving.id) if offer is not None and offer.route.receiving else None
    channel = chosen_channel(offer, entries) if offer is not None else ""
    ways = _ways(offer, entries, citizen, outlet=outlet, channel=channel, centre=centre, now=now)
    papers = tuple(_papers(offer, channel, entries, citizen, actor=actor, today=today)) if offer is not None else ()
    chosen = next((way for way in ways if way.is_chosen), None)
    question = place_question(offer.procedure.place_rule) if offer is not None else ""
    page = TakePage(
        citizen=citizen, session=session, agreed=agreed, entries=entries, offer=offer, found=found, papers=papers,
        ways=ways, chosen=chosen, fee_label=fee_label(list(ways), entries), place_question=question,
        place_chips=_chips(citizen, outlet, entries) if question else (),
        cutoff=cutoff_note(offer, now, is_working_day=work_calendar().is_working(today)) if offer else "",
        group_words=_groups(citizen, today), centre=centre, city=_city(offer),
        answer_due_at=work_calendar().add_working_minutes(now, ANSWER_MINUTES),
        centres=_centres(offer, channel, today),
        common=tuple(common_procedures(actor, today)) if offer is None and not entries.procedure_q else (),
        errors=errors, address=taken_address(entries, citizen, by=actor),
        lacks=admission_of(offer.procedure.field, by=actor, on=today).lacks if offer else (),
        is_not_hers=offer is not None and not actor.may_take_group(offer.procedure.field))
    facts = _facts(page, outlet, actor, today) if offer is not None else None
    checked = replace(page, facts=as_data(facts) if facts is not None else None,
                      checks=tuple(check_lines(precheck.check(facts))) if facts is not None else ())
    return replace(checked, missing=first_missing(checked))


def _papers(offer: Offer, channel: str, entries: Entries, citizen: Citizen, *, actor: Actor,
            today: date) -> list[PaperLine]:
    """The checklist, with what the citizen's earlier dossiers could give to it."""
    kinds = {paper["code"]: paper.get("valid_months") for paper in offer.procedure.documents}
    reusable = reusable_papers(citizen.id, kinds, by=actor, on=today)
    return paper_lines(offer.procedure, channel, entries, actor, reusable)


def _facts(page: TakePage, outlet: agents.OutletInfo, actor: Actor, today: date) -> Facts:
    """What the check before sending knows; asked of the same rules that submission asks."""
    assert page.offer is not None  # noqa: S101  # asked for only where one is chosen
    channel = page.chosen.channel if page.chosen is not None else ""
    asked = replace(page.entries, channel=channel).as_filing(page.citizen.id)
    ids = [document_id for _component, document_id in page.entries.documents]
    documents = tuple(Document.objects.filter(id__in=ids, outlet=actor.outlet_id)) if ids else ()
    pricing = page.chosen.option.pricing if page.chosen is not None else None
    return facts_of(Filing(asked, page.citizen, page.offer.procedure, outlet, page.offer.route,
                           pricing.fee if pricing is not None else None, documents, today, page.session), by=actor)


def _offer(entries: Entries, citizen: Citizen, outlet: agents.OutletInfo, today: date, now: datetime) -> Offer | None:
    if not entries.procedure_code:
        return None
    wish = Wish(citizen=citizen, procedure_code=entries.procedure_code, place=entries.place.choice,
                home_commune_code=entries.home.choice.commune_code,
                home_former_code=entries.home.choice.former_commune_code, result_choice=entries.result_choice,
                there=entries.there, copies=max(number(entries.copies), 1), pages=max(number(entries.pages), 1),
                priority_group=entries.group if entries.group in proven_groups(citizen, today) else "")
    try:
        return filing_offer(wish, outlet=outlet, at=now, receiving=_receiving(entries))
    except RouteRefused:
        return filing_offer(wish, outlet=outlet, at=now)
    except ProcedureNotFound:
        return None


def _receiving(entries: Entries) -> agents.CentreInfo | None:
    centre_id = uuid_or_none(entries.receiving)
    try:
        return agents.get_centre(centre_id) if centre_id is not None else None
    except agents.CentreNotFound:
        return None


def _ways(offer: Offer | None, entries: Entries, citizen: Citizen, *, outlet: agents.OutletInfo, channel: str,
          centre: agents.CentreInfo | None, now: datetime) -> tuple[Way, ...]:
    if offer is None:
        return ()
    home = citizen.commune
    km = distance_km((home.latitude, home.longitude), (centre.latitude, centre.longitude)) if centre else None
    return tuple(ways_of(offer, entries, citizen, outlet, chosen=channel, distance_km=km, now=now))


def _city(offer: Offer | None) -> str:
    return places.province_name(offer.route.province_code) if offer is not None and offer.route.province_code else ""


def _groups(citizen: Citizen, today: date) -> tuple[tuple[str, Words], ...]:
    words = {code: Words(vi, en) for code, vi, en in billing.known_beneficiary_classes()}
    return tuple((code, words.get(code, Words(code, code))) for code in proven_groups(citizen, today))


def _centres(offer: Offer | None, channel: str, today: date) -> tuple[agents.CentreInfo, ...]:
    """Paper may be handed in at any centre of the province (Decree 118/2025/NĐ-CP)."""
    if offer is None or channel != Channel.POST or not offer.route.is_clear:
        return ()
    return tuple(agents.centres_of_province(offer.route.province_code, today))


def place_question(place_rule: str) -> str:
    """What must be asked because only the citizen knows; empty when the rule has its own answer."""
    questions = {
        PlaceRule.EVENT_PLACE: _("Where did it happen?"), PlaceRule.LAND: _("Where is the land?"),
        PlaceRule.BUILDING: _("Where is the building?"), PlaceRule.BUSINESS: _("Where is the seat of the business?"),
        PlaceRule.REGISTER_HOLDER: _("Where was it registered first?")}
    return questions.get(PlaceRule(place_rule), "")


def _chips(citizen: Citizen, outlet: agents.OutletInfo, entries: Entries) -> tuple[PlaceOffer, ...]:
    """The places it mostly is: where she lives, as the card calls it, and where the outlet stands."""
    if entries.place.chosen is not None or entries.place.typed:
        return ()
    former = citizen.former_commune
    home = PlaceOffer(citizen.commune_id, citizen.commune.full_name, citizen.commune.province.name,
                      former.code if former else "", former.full_name if former else "")
    here = PlaceOffer(outlet.commune_code, outlet.commune_name, "")
    return (home,) if home.commune_code == here.commune_code else (home, here)
