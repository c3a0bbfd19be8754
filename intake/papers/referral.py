"""The referral slip: what the citizen takes along to where she must appear."""

from typing import Any, Final

from agents import public as agents
from intake.models.account_help import Referral
from intake.papers import wording
from intake.papers.wording import fact
from shared import places
from shared.calendar import local

TERMS: Final = (
    ("Thủ tục này phải do chính người dân thực hiện tại nơi ghi trên; điểm phục vụ không làm thay và không nhận hồ sơ "
     "này."),
    "Mật khẩu và mã OTP do người dân tự nhập, không đưa cho bất kỳ ai.",
    "Hướng dẫn và giới thiệu tại điểm phục vụ là miễn phí.",
)


def referral_data(referral: Referral) -> dict[str, Any]:
    """All that the slip says, from the referral with its citizen and commune."""
    outlet = agents.get_outlet(referral.outlet_id)
    place, citizen = places.get_place(outlet.commune_code), referral.citizen
    return {
        "title": "Giấy giới thiệu", "subtitle": "đến cơ quan mà người dân phải có mặt", "reference": referral.code,
        "above": outlet.operator.name, "agency": outlet.name,
        "place_and_day": wording.place_and_day(place.name if place else "", local(referral.made_at).date()),
        "person": [fact("Họ và tên", citizen.full_name, heavy=True),
                   fact("Số định danh", citizen.national_id_masked), fact("Việc cần làm", referral.matter_vi)],
        "place": {"name": referral.place_name, "address": referral.place_address, "hours": referral.place_hours,
                  "phone": referral.place_phone},
        "booked": wording.moment(referral.booked_for), "bring": [each["vi"] for each in referral.bring],
        "note": referral.note, "terms": list(TERMS), "submitter": citizen.full_name, "clerk": referral.made_by_name}
