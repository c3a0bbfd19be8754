"""Where the screens of the last step are."""

from typing import Final

from django.urls import path

from delivery.door.views import changes, phone, pick_ups, proofs, rounds

SCREENS: Final = [
    path("phat/", phone.door, name="door"),
    path("phat/sw.js", phone.service_worker, name="door-worker"),
    path("phat/<slug:token>/", phone.round_link, name="round-link"),
    path("chuyen-phat/", rounds.round_list, name="rounds"),
    path("chuyen-phat/<uuid:round_id>/", rounds.round_page, name="round"),
    path("chuyen-phat/<uuid:round_id>/thu-hoi/", rounds.close_round, name="close-round"),
    path("cho-nhan/", pick_ups.pick_up_list, name="pick-ups"),
    path("cho-nhan/<uuid:parcel_id>/", pick_ups.hand_out, name="hand-out"),
    path("buu-gui/<uuid:parcel_id>/doi-phat/", changes.change_by_staff, name="change-parcel"),
    path("buu-gui/<uuid:parcel_id>/anh/<uuid:act_id>/", proofs.photo, name="door-photo"),
]
CITIZEN: Final = [path("tra-cuu/doi-phat/", changes.change_by_citizen, name="change-delivery")]
