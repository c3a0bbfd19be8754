"""Addresses of people's coming and going."""

from typing import Final

from django.urls import path

from agents.people import invitation_views, reach_views

URLS: Final = [
    path("nhan-su/moi-vao/", invitation_views.invite, name="invite"),
    path("nhan-su/loi-moi/<uuid:invitation_id>/gui-lai/", invitation_views.resend, name="resend-invitation"),
    path("nhan-su/loi-moi/<uuid:invitation_id>/rut/", invitation_views.revoke, name="revoke-invitation"),
    path("nhan-su/<uuid:account_id>/pham-vi/", reach_views.set_reach, name="staff-reach"),
    path("loi-moi/", invitation_views.invitation, name="invitation"),
    path("loi-moi/nhan/", invitation_views.accept, name="accept-invitation"),
]
