"""Under what a filing may be made for a citizen: the rules of authorisation as a table, in the order they are read.

Pure data and arithmetic. A case asks for one or two things: that whoever stands at the counter may *speak* for the
citizen, and that somebody may *file or carry* the dossier. Each thing names the mandates that suffice, with the law it
rests on. The account that is used online is always the citizen's own; nothing here lets a staff account stand in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from intake.rules.catalogue import Channel
from intake.rules.wording import Words


class MandateKind(StrEnum):
    """What shows that a filing is the citizen's will."""

    OWN_ACCOUNT = "own_account"
    WRITTEN = "written"
    CERTIFIED = "certified"
    POSTAL_SLIP = "postal_slip"
    SERVICE_CONTRACT = "service_contract"
    LEGAL_REPRESENTATIVE = "legal_representative"


class Relation(StrEnum):
    """What the representative is to the citizen."""

    GRANDPARENT = "grandparent"
    PARENT = "parent"
    CHILD = "child"
    SPOUSE = "spouse"
    SIBLING = "sibling"
    GUARDIAN = "guardian"
    OTHER = "other"


class AuthorisationRule(StrEnum):
    """The catalogue's word for which rule a procedure follows."""

    CIVIL_STATUS = "civil_status_certified_unless_family"
    BUSINESS = "business_2025"
    IN_PERSON = "in_person_only"
    WRITTEN = "written"


class Need(StrEnum):
    SPEAK = "speak"
    """Somebody other than the citizen stands here, or the citizen is a child."""
    FILE = "file"
    """The dossier leaves the counter: under the citizen's account, or in the post."""


K, R, A = MandateKind, Relation, AuthorisationRule

FAMILY: Final = frozenset({R.GRANDPARENT, R.PARENT, R.CHILD, R.SPOUSE, R.SIBLING})
"""Whose written authorisation in civil status need not be certified (Circular 04/2020/TT-BTP, Article 2)."""
GUARDIANS: Final = frozenset({R.PARENT, R.GRANDPARENT, R.SIBLING, R.GUARDIAN})
"""Who may be a child's legal representative (Civil Code 91/2015/QH13, Articles 52 and 136)."""
AGE_OF_OWN_WORD: Final = 15
"""Below it a legal representative acts (Civil Code 91/2015/QH13, Article 21)."""

CIVIL_STATUS_LAW: Final = "Thông tư 04/2020/TT-BTP, Điều 2"
BUSINESS_LAW: Final = "Nghị định 168/2025/NĐ-CP"
POST_LAW: Final = "Quyết định 45/2016/QĐ-TTg"
ACCOUNT_LAW: Final = "Nghị định 118/2025/NĐ-CP"
CIVIL_CODE: Final = "Bộ luật Dân sự 91/2015/QH13"


@dataclass(frozen=True, slots=True)
class Case:
    """A filing as the rules see it. `rule` is the procedure's `authorisation_rule`."""

    rule: str
    channel: str
    is_public_post: bool
    """Whether the outlet's operator is the designated public postal operator."""
    is_citizen_present: bool = True
    age: int | None = None
    """Whole years; None when the birth is not known."""


@dataclass(frozen=True, slots=True)
class Sufficient:
    """One mandate that suffices. `is_implied`: it comes into being by filing itself, nobody records it before."""

    kind: MandateKind
    evidence: Words
    why: Words
    legal_basis: str
    relations: frozenset[Relation] | None = None
    """None: whoever it is."""
    is_implied: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that a case asks for. Nothing in `sufficient`: it cannot be done like this, and `why_not` says why."""

    need: Need
    sufficient: tuple[Sufficient, ...]
    why_not: Words = Words()  # noqa: RUF009  # frozen, so sharing it is safe


@dataclass(frozen=True, slots=True)
class Held:
    """A mandate as recorded: the facts that decide whether it suffices."""

    kind: str
    relation: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    """Half-open; None: until it is withdrawn."""

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


_OWN_ACCOUNT: Final = Sufficient(
    K.OWN_ACCOUNT, is_implied=True, legal_basis=ACCOUNT_LAW,
    evidence=Words("Tài khoản định danh của chính người dân, trên điện thoại của người dân",
                   "The citizen's own account, on the citizen's own phone"),
    why=Words("Người dân tự đăng nhập và xác nhận; điểm hỗ trợ chỉ hướng dẫn, không cần uỷ quyền.",
              "The citizen logs in and confirms; the outlet only guides, so nothing else is needed."))
_POSTAL_SLIP: Final = Sufficient(
    K.POSTAL_SLIP, is_implied=True, legal_basis=POST_LAW,
    evidence=Words("Phiếu gửi hồ sơ có chữ ký của giao dịch viên và người gửi",
                   "The postal dossier slip, signed by the clerk and the sender"),
    why=Words("Bưu chính công ích chuyển hồ sơ đã niêm phong theo phiếu gửi; phiếu được in khi gửi.",
              "The public post carries the sealed dossier under the slip, which is printed on filing."))
_CONTRACT: Final = Sufficient(
    K.SERVICE_CONTRACT, legal_basis=BUSINESS_LAW,
    evidence=Words("Bản sao hợp đồng cung cấp dịch vụ và giấy giới thiệu người đi nộp",
                   "A copy of the service contract and a letter of introduction for the person who files"),
    why=Words("Doanh nghiệp không phải bưu chính công ích nộp thay như một tổ chức được uỷ quyền.",
              "An enterprise that is not the public post files as an authorised organisation."))
_WRITTEN: Final = Sufficient(
    K.WRITTEN, legal_basis=CIVIL_CODE,
    evidence=Words("Văn bản uỷ quyền, không phải công chứng, chứng thực", "A written authorisation, not certified"),
    why=Words("Thủ tục này chỉ đòi văn bản uỷ quyền.", "This procedure asks for a written authorisation only."))
_CERTIFIED: Final = Sufficient(
    K.CERTIFIED, legal_basis=CIVIL_CODE,
    evidence=Words("Văn bản uỷ quyền được công chứng hoặc chứng thực", "A notarised or certified authorisation"),
    why=Words("Văn bản được chứng thực có giá trị với mọi người được uỷ quyền.",
              "A certified authorisation serves whoever is authorised."))
_FAMILY_WRITTEN: Final = Sufficient(
    K.WRITTEN, relations=FAMILY, legal_basis=CIVIL_STATUS_LAW,
    evidence=Words("Văn bản uỷ quyền, không phải chứng thực", "A written authorisation, not certified"),
    why=Words("Ông, bà, cha, mẹ, con, vợ, chồng, anh, chị, em ruột không phải chứng thực văn bản uỷ quyền.",
              "Grandparents, parents, children, spouses and siblings need no certification."))
_CERTIFIED_CIVIL: Final = Sufficient(
    K.CERTIFIED, legal_basis=CIVIL_STATUS_LAW,
    evidence=Words("Văn bản uỷ quyền được chứng thực", "A certified authorisation"),
    why=Words("Người ngoài gia đình, kể cả giao dịch viên nộp thay, phải có văn bản uỷ quyền được chứng thực.",
              "Anybody outside the family, a clerk who files in the citizen's name too, needs a certified one."))
_BUSINESS_WRITTEN: Final = Sufficient(
    K.WRITTEN, legal_basis=BUSINESS_LAW,
    evidence=Words("Văn bản uỷ quyền cho cá nhân, không phải công chứng, chứng thực",
                   "A written authorisation for a person; no notarisation needed"),
    why=Words("Uỷ quyền cho cá nhân đăng ký hộ kinh doanh không phải công chứng, chứng thực.",
              "Authorising a person to register a household business needs no notarisation."))
_LEGAL: Final = Sufficient(
    K.LEGAL_REPRESENTATIVE, relations=GUARDIANS, legal_basis=f"{CIVIL_CODE}, Điều 21, 136",
    evidence=Words("Giấy tờ chứng minh người đại diện theo pháp luật (giấy khai sinh, quyết định giám hộ)",
                   "Proof of legal representation (birth certificate, decision on guardianship)"),
    why=Words("Cha mẹ hoặc người giám hộ đại diện cho trẻ em và người không có năng lực hành vi.",
              "A parent or guardian represents a child and whoever lacks legal capacity."))

_SPEAKING: Final = {
    A.CIVIL_STATUS: (_FAMILY_WRITTEN, _CERTIFIED_CIVIL, _LEGAL),
    A.BUSINESS: (_BUSINESS_WRITTEN, _CONTRACT, _CERTIFIED),
    A.IN_PERSON: (_LEGAL,),
    A.WRITTEN: (_WRITTEN, _CERTIFIED, _LEGAL),
}
# Paper that an enterprise other than the public post hands in: it files in the citizen's name, so sector rules apply.
_CARRYING: Final = {
    A.CIVIL_STATUS: (_CERTIFIED_CIVIL,),
    A.BUSINESS: (_CONTRACT,),
    A.IN_PERSON: (_CONTRACT,),
    A.WRITTEN: (_CONTRACT,),
}
_MUST_COME: Final = Words(
    "Thủ tục này phải do chính người dân thực hiện, không uỷ quyền được; hãy hẹn người dân đến.",
    "The citizen must appear for this; nobody can be authorised. Ask the citizen to come.")
_CHILD: Final = Words("Người dưới 15 tuổi phải có người đại diện theo pháp luật.",
                      "Below the age of fifteen a legal representative acts.")


def demands_of(case: Case) -> tuple[Demand, ...]:
    """What `case` asks for, to be met each. "refer" and the centre's own counter ask for nothing here."""
    if case.channel not in {Channel.ONLINE, Channel.POST}:
        return ()
    return tuple(demand for demand in (_speaking(case), _filing(case)) if demand is not None)


def _speaking(case: Case) -> Demand | None:
    if _is_child(case):
        return Demand(Need.SPEAK, (_LEGAL,), _CHILD)
    if case.is_citizen_present:
        return None
    ways = _SPEAKING.get(A(case.rule), (_CERTIFIED,)) if case.rule in set(A) else (_CERTIFIED,)
    return Demand(Need.SPEAK, ways, _MUST_COME if case.rule == A.IN_PERSON else Words())


def _is_child(case: Case) -> bool:
    return case.age is not None and case.age < AGE_OF_OWN_WORD


def _filing(case: Case) -> Demand:
    if case.channel == Channel.ONLINE:
        return Demand(Need.FILE, (_OWN_ACCOUNT,))
    if case.is_public_post:
        return Demand(Need.FILE, (_POSTAL_SLIP,))
    return Demand(Need.FILE, _CARRYING[A(case.rule)] if case.rule in set(A) else (_CERTIFIED,))


def meets(held: Held, sufficient: Sufficient, on: date) -> bool:
    """Whether a recorded mandate is the one asked for and holds on that day."""
    is_right_person = sufficient.relations is None or held.relation in sufficient.relations
    return held.kind == sufficient.kind and is_right_person and held.holds_on(on)


def is_met(demand: Demand, held: Iterable[Held], on: date) -> bool:
    """Whether a mandate that is implied by filing, or one of `held`, meets the demand."""
    if any(each.is_implied for each in demand.sufficient):
        return True
    mandates = list(held)
    return any(meets(mandate, each, on) for each in demand.sufficient for mandate in mandates)


def lacking(case: Case, held: Iterable[Held], on: date) -> tuple[Demand, ...]:
    """The demands of `case` that nothing meets on that day."""
    mandates = list(held)
    return tuple(demand for demand in demands_of(case) if not is_met(demand, mandates, on))


def implied(case: Case) -> tuple[Sufficient, ...]:
    """The mandates that filing itself brings about: recorded with the dossier."""
    return tuple(each for demand in demands_of(case) for each in demand.sufficient if each.is_implied)


def age_on(birth: date | None, on: date) -> int | None:
    """Whole years on that day."""
    if birth is None:
        return None
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
