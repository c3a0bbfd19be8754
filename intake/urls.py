"""Where intake's screens are."""

from django.urls import include, path

from intake.views import nearest

OUTLET = [
    path("diem-gan-nhat/", nearest.nearest, name="nearest"),
]

urlpatterns = [
    path("", include((OUTLET, "intake"))),
]
