"""Where billing's screens are."""

from django.urls import include, path, re_path

from billing.views import month

FINANCE = [
    path("tai-chinh/", month.month, name="month"),
    path("tai-chinh/dong/<uuid:line_id>/", month.line, name="line"),
    path("tai-chinh/bang-ke/<uuid:statement_id>/lap/", month.prepare, name="prepare"),
    re_path(r"^tai-chinh/bang-ke/(?P<statement_id>[0-9a-f-]{36})/tep\.(?P<kind>csv|xlsx)$", month.download,
            name="download"),
]

urlpatterns = [
    path("", include((FINANCE, "billing"))),
]
