"""Where intake's screens are."""

from django.urls import include, path

from intake.views import nearest, papers

OUTLET = [
    path("ho-so/<uuid:dossier_id>/giay-tiep-nhan.pdf", papers.receipt, name="receipt"),
    path("ho-so/<uuid:dossier_id>/phieu-gui.pdf", papers.slip, name="slip"),
    path("diem-gan-nhat/", nearest.nearest, name="nearest"),
]

urlpatterns = [
    path("", include((OUTLET, "intake"))),
]
