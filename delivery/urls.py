"""Where delivery's screens are."""

from django.urls import include, path

from delivery.views import parcels, tracking

SCREENS = [
    path("tra-cuu/", tracking.track, name="track"),
    path("tra-cuu/ho-so/", tracking.tracked_page, name="tracked"),
    path("tra-cuu/<str:code>/", tracking.track, name="track-code"),
    path("buu-gui/", parcels.parcel_list, name="parcels"),
    path("buu-gui/<uuid:parcel_id>/", parcels.parcel_page, name="parcel"),
    path("buu-gui/<uuid:parcel_id>/xac-dinh/", parcels.settle, name="settle"),
    path("buu-gui/<uuid:parcel_id>/nhan.pdf", parcels.label, name="label"),
]

urlpatterns = [
    path("", include((SCREENS, "delivery"))),
]
