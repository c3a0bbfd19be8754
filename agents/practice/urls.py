"""Addresses of practice: the live house's page about it, and the pages of practice itself."""

from typing import Final

from django.urls import path

from agents.practice import live_views, views

URLS: Final = [
    path("dao-tao/luyen-tap/", live_views.exercise_list, name="practice-live"),
    path("dao-tao/luyen-tap/mo/", live_views.open_practice, name="practice-open"),
    path("luyen-tap/", views.start, name="practice"),
    path("luyen-tap/vao/", views.enter, name="practice-enter"),
    path("luyen-tap/lam-moi/", views.fresh, name="practice-fresh"),
    path("luyen-tap/bai/<slug:code>/", views.begin, name="practice-begin"),
    path("luyen-tap/lan/<uuid:run_id>/", views.run, name="practice-run"),
    path("luyen-tap/lan/<uuid:run_id>/kiem-tra/", views.check, name="practice-check"),
    path("luyen-tap/lan/<uuid:run_id>/goi-y/<slug:step>/", views.hint, name="practice-hint"),
]
