"""Addresses of rosters."""

from typing import Final

from django.urls import path

from agents.roster import swap_views, views

URLS: Final = [
    path("lich-truc/", views.own_roster, name="own-roster"),
    path("lich-truc/ca/<uuid:shift_id>/bo/", views.remove_shift, name="roster-remove"),
    path("lich-truc/nghi/<uuid:absence_id>/bo/", swap_views.end_absence, name="roster-end-absence"),
    path("lich-truc/doi-ca/<uuid:swap_id>/<slug:answer>/", swap_views.answer_swap, name="roster-answer-swap"),
    path("lich-truc/<uuid:outlet_id>/", views.roster, name="roster"),
    path("lich-truc/<uuid:outlet_id>/them/", views.add_shifts, name="roster-add"),
    path("lich-truc/<uuid:outlet_id>/nghi/", swap_views.set_absence, name="roster-absence"),
    path("lich-truc/<uuid:outlet_id>/doi-ca/", swap_views.ask_swap, name="roster-ask-swap"),
    path("lich-truc/<uuid:outlet_id>/nhu-tuan-truoc/", views.copy_week, name="roster-copy"),
]
