"""Where delivery's screens are."""

from django.urls import include, path

from delivery.clock import views as clock
from delivery.dispatch.urls import URLS as DISPATCH
from delivery.door.urls import CITIZEN as DOOR_CITIZEN
from delivery.door.urls import SCREENS as DOOR_SCREENS
from delivery.indemnities import views as indemnities
from delivery.searches import views as searches
from delivery.shares import views as shares
from delivery.views import carriers, numbers, packing, parcel_work, parcels, tracking

SCREENS = [
    *DOOR_SCREENS,
    path("tra-cuu/", tracking.track, name="track"),
    path("tra-cuu/ho-so/", tracking.tracked_page, name="tracked"),
    *DOOR_CITIZEN,
    path("tra-cuu/<str:code>/", tracking.track, name="track-code"),
    path("buu-gui/", parcels.parcel_list, name="parcels"),
    path("buu-gui/boi-thuong/", indemnities.indemnity_list, name="indemnities"),
    path("buu-gui/boi-thuong/<uuid:indemnity_id>/", indemnities.indemnity_page, name="indemnity"),
    path("buu-gui/boi-thuong/<uuid:indemnity_id>/tra-loi/", indemnities.answer, name="indemnity-answer"),
    path("buu-gui/boi-thuong/<uuid:indemnity_id>/quyet-dinh/", indemnities.decide, name="indemnity-decision"),
    path("buu-gui/boi-thuong/<uuid:indemnity_id>/da-tra/", indemnities.pay, name="indemnity-payment"),
    path("buu-gui/<uuid:parcel_id>/cap-lai/", indemnities.claim_reissue, name="claim-reissue"),
    path("buu-gui/don-vi-van-chuyen/", carriers.carriers, name="carriers"),
    path("buu-gui/don-vi-van-chuyen/tep/", carriers.send_file, name="send-carrier-file"),
    path("buu-gui/don-vi-van-chuyen/yeu-cau/<uuid:request_id>/", carriers.answer, name="answer-carrier-request"),
    path("buu-gui/don-vi-van-chuyen/tin/<int:event_id>/", carriers.decide, name="decide-parked-event"),
    path("buu-gui/ty-le/", shares.shares, name="shares"),
    path("buu-gui/ty-le/<uuid:proposal_id>/", shares.decide, name="decide-share"),
    path("giu-hen/", clock.public_clock, name="public-clock"),
    path("giu-hen/so-lieu.csv", clock.public_file, name="public-clock-file"),
    path("buu-gui/giu-hen/", clock.staff_clock, name="clock"),
    path("buu-gui/giu-hen/so-lieu.csv", clock.staff_file, name="clock-file"),
    path("buu-gui/tim-kiem/", searches.search_list, name="searches"),
    path("buu-gui/tim-kiem/<uuid:search_id>/", searches.search_page, name="search"),
    path("buu-gui/tim-kiem/<uuid:search_id>/tra-loi/", searches.answer, name="search-answer"),
    path("buu-gui/tim-kiem/<uuid:search_id>/ghi-chu/", searches.note, name="search-note"),
    path("buu-gui/<uuid:parcel_id>/tim-kiem/", searches.report, name="report-missing"),
    path("buu-gui/nhan.pdf", packing.labels, name="labels"),
    path("buu-gui/so-hieu/", numbers.numbers, name="numbers"),
    path("buu-gui/so-hieu/cap/", numbers.allot, name="allot-numbers"),
    path("buu-gui/so-hieu/giao-diem/", numbers.hand_to_outlet, name="hand-numbers"),
    path("buu-gui/so-hieu/thu-hoi/", numbers.recall, name="recall-numbers"),
    path("buu-gui/<uuid:parcel_id>/can/", packing.weigh, name="weigh"),
    path("buu-gui/<uuid:parcel_id>/tach/", packing.split, name="split"),
    *DISPATCH,
    path("buu-gui/<uuid:parcel_id>/", parcels.parcel_page, name="parcel"),
    path("buu-gui/<uuid:parcel_id>/xac-dinh/", parcels.settle, name="settle"),
    path("buu-gui/<uuid:parcel_id>/huy-chuyen/", parcels.cancel, name="cancel-parcel"),
    path("buu-gui/<uuid:parcel_id>/viec/<slug:kind>/", parcel_work.end, name="end-parcel-work"),
    path("buu-gui/<uuid:parcel_id>/noi-phat/", parcels.accept, name="accept-parcel-place"),
    path("buu-gui/<uuid:parcel_id>/nhan.pdf", parcels.label, name="label"),
]

urlpatterns = [
    path("", include((SCREENS, "delivery"))),
]
