"""Addresses of quality."""

from typing import Final

from django.urls import path

from agents.quality import desk_views, views

URLS: Final = [
    path("chat-luong/", views.scorecards, name="scorecards"),
    path("chat-luong/bang-diem.csv", views.scorecards_csv, name="scorecards-csv"),
    path("chat-luong/so-sanh/", views.compare, name="compare-scorecards"),
    path("chat-luong/cach-tinh/", views.formula, name="score-formula"),
    path("chat-luong/diem/<uuid:outlet_id>/", views.scorecard, name="scorecard"),
    path("chat-luong/diem/<uuid:outlet_id>/<str:month>/<slug:measure>/", views.measure, name="score-measure"),
    path("chat-luong/khieu-nai-diem/", desk_views.appeal_list, name="score-appeals"),
    path("chat-luong/khieu-nai-diem/<uuid:appeal_id>/<slug:step>/", desk_views.decide_appeal,
         name="decide-score-appeal"),
    path("chat-luong/diem-moi/", desk_views.watch_list, name="launch-watches"),
    path("chat-luong/diem-moi/<uuid:watch_id>/", desk_views.watch, name="launch-watch"),
    path("chat-luong/diem-moi/<uuid:watch_id>/<slug:act>/", desk_views.act_on_watch, name="launch-watch-act"),
    path("chat-luong/khen/", desk_views.commendation_list, name="commendations"),
    path("chat-luong/khen/<uuid:commendation_id>/<slug:step>/", desk_views.decide_commendation,
         name="decide-commendation"),
]
