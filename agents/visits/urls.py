"""Addresses of sub-points and visits."""

from typing import Final

from django.urls import path

from agents.visits import public_views, views

URLS: Final = [
    path("luu-dong/", views.visit_list, name="visits"),
    path("luu-dong/diem/moi/", views.open_sub_point, name="open-sub-point"),
    path("luu-dong/diem/<uuid:point_id>/", views.sub_point, name="sub-point"),
    path("luu-dong/dot/<uuid:series_id>/ket-thuc/", views.end_series, name="end-visit-series"),
    path("luu-dong/buoi/<uuid:visit_id>/", views.visit, name="visit"),
    path("lich-luu-dong/", public_views.calendar, name="visit-calendar"),
    path("lich-luu-dong.ics", public_views.calendar_feed, name="visit-feed"),
]
