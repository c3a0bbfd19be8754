"""Addresses of the briefs."""

from typing import Final

from django.urls import path

from agents.briefs import views

URLS: Final = [
    path("giao-ban/", views.brief_list, name="briefs"),
    path("giao-ban/<uuid:brief_id>/", views.brief, name="brief"),
    path("giao-ban/<uuid:brief_id>/pdf/", views.brief_paper, name="brief-pdf"),
    path("giao-ban/<uuid:brief_id>/ghi-chu/", views.remarks, name="brief-remarks"),
    path("giao-ban/<uuid:brief_id>/so-lieu/", views.refresh, name="brief-refresh"),
    path("giao-ban/<uuid:brief_id>/phat-hanh/", views.release, name="brief-release"),
    path("giao-ban/<uuid:brief_id>/viec/", views.agree, name="brief-agree"),
    path("giao-ban/<uuid:brief_id>/viec/<uuid:action_id>/<slug:step>/", views.end_action, name="brief-action"),
]
