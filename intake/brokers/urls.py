"""Addresses of the work against brokers."""

from typing import Final

from django.urls import path

from intake.brokers import public_views, views

URLS: Final = [
    path("tinh-hinh/co/", views.case_list, name="broker-cases"),
    path("tinh-hinh/co/quy-tac/", views.rules, name="broker-rules"),
    path("tinh-hinh/co/goi/<uuid:call_id>/", views.call, name="broker-call"),
    path("tinh-hinh/co/<uuid:case_id>/", views.case, name="broker-case"),
    path("tinh-hinh/co/<uuid:case_id>/buoc/", views.step, name="broker-step"),
    path("tinh-hinh/co/<uuid:case_id>/chon/", views.draw, name="broker-draw"),
    path("phan-anh-co/", public_views.report, name="report-broker"),
    path("phan-anh-co/tra-loi/", public_views.answer, name="report-answer"),
    path("duong-day-nong/", public_views.hotlines, name="hotlines"),
]
