"""Where billing's screens are."""

from django.urls import include, path, re_path

from billing.budget import views as budget
from billing.rule_book import views as rule_book
from billing.views import month
from billing.what_if import views as what_if

FINANCE = [
    path("tai-chinh/", month.month, name="month"),
    path("tai-chinh/dong/<uuid:line_id>/", month.line, name="line"),
    path("tai-chinh/bang-ke/<uuid:statement_id>/lap/", month.prepare, name="prepare"),
    re_path(r"^tai-chinh/bang-ke/(?P<statement_id>[0-9a-f-]{36})/tep\.(?P<kind>csv|xlsx)$", month.download,
            name="download"),
]

RULES = [
    path("tai-chinh/quy-dinh/", rule_book.rules, name="rules"),
    path("tai-chinh/quy-dinh/ban-soan/<uuid:draft_id>/", rule_book.draft_page, name="rule-draft"),
    path("tai-chinh/quy-dinh/ban-soan/<uuid:draft_id>/sua/", rule_book.edit_draft, name="rule-edit"),
    path("tai-chinh/quy-dinh/ban-soan/<uuid:draft_id>/buoc/", rule_book.draft_step, name="rule-step"),
    path("tai-chinh/quy-dinh/<slug:kind>/moi/", rule_book.new_draft, name="rule-new"),
    path("tai-chinh/quy-dinh/<slug:kind>/<slug:address>/", rule_book.version, name="rule-version"),
    path("tai-chinh/thu-quy-dinh/", what_if.scenario_list, name="scenarios"),
    path("tai-chinh/thu-quy-dinh/<uuid:scenario_id>/", what_if.scenario, name="scenario"),
    path("tai-chinh/thu-quy-dinh/<uuid:scenario_id>/bo/", what_if.drop, name="scenario-drop"),
    path("tai-chinh/ngan-sach/", budget.budget, name="budget"),
]

urlpatterns = [
    path("", include(([*FINANCE, *RULES], "billing"))),
]
