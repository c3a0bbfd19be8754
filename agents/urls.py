"""Addresses of the network's pages."""

from django.urls import path

from agents.views import account, outlets, sign_in, sites, staff, tokens

app_name = "agents"

urlpatterns = [
    path("", sign_in.home, name="home"),
    path("dang-nhap/", sign_in.log_in, name="login"),
    path("dang-xuat/", sign_in.log_out, name="logout"),
    path("tai-khoan/", account.account, name="account"),
    path("mang-luoi/", outlets.outlet_list, name="outlets"),
    path("mang-luoi/mo/", outlets.open_outlet, name="open-outlet"),
    path("mang-luoi/<uuid:outlet_id>/", outlets.outlet_detail, name="outlet"),
    path("mang-luoi/<uuid:outlet_id>/gio-mo-cua/", outlets.set_hours, name="outlet-hours"),
    path("mang-luoi/<uuid:outlet_id>/<slug:step>/", outlets.take_step, name="outlet-step"),
    path("trung-tam-phuc-vu/", sites.centre_list, name="centres"),
    path("lich/<slug:kind>/<uuid:site_id>/", sites.site, name="site"),
    path("lich/trung-tam/<uuid:site_id>/chuyen-tru-so/", sites.move_centre, name="move-centre"),
    path("lich/ngay/<uuid:site_day_id>/rut/", sites.withdraw_day, name="withdraw-site-day"),
    path("nhan-su/", staff.staff_list, name="staff"),
    path("nhan-su/moi/", staff.enrol, name="enrol"),
    path("nhan-su/<uuid:account_id>/", staff.staff_detail, name="staff-account"),
    path("nhan-su/<uuid:account_id>/mat-khau/", staff.new_password, name="staff-password"),
    path("nhan-su/<uuid:account_id>/<slug:step>/", staff.set_active, name="staff-active"),
    path("khoa-may/", tokens.token_list, name="tokens"),
    path("khoa-may/<uuid:token_id>/thu-hoi/", tokens.revoke, name="revoke-token"),
]
