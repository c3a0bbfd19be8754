"""Addresses of people's coming and going."""

from typing import Final

from django.urls import path

from agents.people import factor_views, invitation_views, oidc_views, proof_views, reach_views, reset_views

URLS: Final = [
    path("nhan-su/moi-vao/", invitation_views.invite, name="invite"),
    path("nhan-su/loi-moi/<uuid:invitation_id>/gui-lai/", invitation_views.resend, name="resend-invitation"),
    path("nhan-su/loi-moi/<uuid:invitation_id>/rut/", invitation_views.revoke, name="revoke-invitation"),
    path("nhan-su/<uuid:account_id>/pham-vi/", reach_views.set_reach, name="staff-reach"),
    path("nhan-su/<uuid:account_id>/go-xac-thuc/", reset_views.ask, name="ask-factor-reset"),
    path("nhan-su/go-xac-thuc/<uuid:reset_id>/<slug:step>/", reset_views.settle, name="settle-factor-reset"),
    path("dang-nhap/buoc-hai/", factor_views.second_step, name="second-step"),
    path("dang-nhap/to-chuc/", oidc_views.start, name="provider"),
    path("dang-nhap/to-chuc/tro-lai/", oidc_views.come_back, name="provider-back"),
    path("dang-nhap/to-chuc/da-ra/", oidc_views.signed_out, name="provider-signed-out"),
    path("nhan-su/<uuid:account_id>/lien-ket/", oidc_views.link, name="link-identity"),
    path("nhan-su/<uuid:account_id>/bo-lien-ket/", oidc_views.unlink, name="unlink-identity"),
    path("tai-khoan/xac-thuc/", factor_views.factors, name="factors"),
    path("tai-khoan/xac-thuc/ung-dung/", factor_views.add_app, name="add-app"),
    path("tai-khoan/xac-thuc/khoa/", factor_views.add_passkey, name="add-passkey"),
    path("tai-khoan/xac-thuc/ma-du-phong/", factor_views.renew_codes, name="renew-codes"),
    path("tai-khoan/xac-nhan/", proof_views.prove, name="prove"),
    path("tai-khoan/xac-thuc/<int:factor_id>/bo/", factor_views.remove, name="remove-factor"),
    path("loi-moi/", invitation_views.invitation, name="invitation"),
    path("loi-moi/nhan/", invitation_views.accept, name="accept-invitation"),
]
