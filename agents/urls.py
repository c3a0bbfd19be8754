"""Addresses of the network's pages."""

from django.urls import path

from agents.accreditation import proposal_views as accreditation_proposals
from agents.accreditation import public_views as accreditation_public
from agents.accreditation import survey_views as accreditation_survey
from agents.accreditation import views as accreditation
from agents.announcements.urls import URLS as ANNOUNCEMENTS
from agents.briefs.urls import URLS as BRIEF_URLS
from agents.duties.urls import URLS as DUTIES
from agents.handbook.urls import URLS as HANDBOOK
from agents.moves.urls import URLS as MOVES
from agents.people.urls import URLS as PEOPLE
from agents.placement.views import lists, scenarios
from agents.practice.urls import URLS as PRACTICE
from agents.programme.urls import URLS as PROGRAMME
from agents.quality.urls import URLS as QUALITY_URLS
from agents.room.urls import URLS as ROOM_URLS
from agents.roster.urls import URLS as ROSTER
from agents.switching.urls import URLS as SWITCHING
from agents.training.urls import URLS as TRAINING
from agents.views import account, outlets, sign_in, sites, staff, tokens
from agents.visits.urls import URLS as VISITS

app_name = "agents"

urlpatterns = [
    path("", sign_in.home, name="home"),
    path("dang-nhap/", sign_in.log_in, name="login"),
    path("dang-xuat/", sign_in.log_out, name="logout"),
    path("tai-khoan/", account.account, name="account"),
    *MOVES,
    path("mang-luoi/", outlets.outlet_list, name="outlets"),
    path("mang-luoi/cua-toi/", outlets.own_outlet, name="own-outlet"),
    path("mang-luoi/mo/", outlets.open_outlet, name="open-outlet"),
    path("mang-luoi/<uuid:outlet_id>/", outlets.outlet_detail, name="outlet"),
    path("mang-luoi/<uuid:outlet_id>/gio-mo-cua/", outlets.set_hours, name="outlet-hours"),
    path("mang-luoi/<uuid:outlet_id>/<slug:step>/", outlets.take_step, name="outlet-step"),
    path("trung-tam-phuc-vu/", sites.centre_list, name="centres"),
    path("lich/<slug:kind>/<uuid:site_id>/", sites.site, name="site"),
    path("lich/trung-tam/<uuid:site_id>/chuyen-tru-so/", sites.move_centre, name="move-centre"),
    path("lich/ngay/<uuid:site_day_id>/rut/", sites.withdraw_day, name="withdraw-site-day"),
    path("nhan-su/", staff.staff_list, name="staff"),
    *PEOPLE,
    path("nhan-su/moi/", staff.enrol, name="enrol"),
    path("nhan-su/<uuid:account_id>/", staff.staff_detail, name="staff-account"),
    path("nhan-su/<uuid:account_id>/mat-khau/", staff.new_password, name="staff-password"),
    path("nhan-su/<uuid:account_id>/<slug:step>/", staff.set_active, name="staff-active"),
    *TRAINING,
    *PRACTICE,
    *PROGRAMME,
    *QUALITY_URLS,
    path("khoa-may/", tokens.token_list, name="tokens"),
    path("khoa-may/<uuid:token_id>/thu-hoi/", tokens.revoke, name="revoke-token"),
    # Accreditation, the public register and an outlet's page behind its code.
    path("cong-nhan/", accreditation.accreditation_list, name="accreditations"),
    path("cong-nhan/de-nghi/", accreditation.propose, name="propose-outlet"),
    path("cong-nhan/nhan-vao/", accreditation_proposals.take_over, name="take-over-outlets"),
    path("cong-nhan/<uuid:accreditation_id>/sua/", accreditation_proposals.change_proposal, name="change-proposal"),
    path("cong-nhan/<uuid:accreditation_id>/thiet-bi/", accreditation_proposals.equipment, name="equipment"),
    path("cong-nhan/phan-anh/", accreditation.reports, name="outlet-reports"),
    path("cong-nhan/anh/<uuid:photo_id>/", accreditation.photo, name="survey-photo"),
    path("cong-nhan/<uuid:accreditation_id>/", accreditation.accreditation, name="accreditation"),
    path("cong-nhan/<uuid:accreditation_id>/khao-sat/", accreditation_survey.survey, name="accreditation-survey"),
    path("cong-nhan/<uuid:accreditation_id>/bien.pdf", accreditation.sign, name="genuine-sign"),
    path("cong-nhan/<uuid:accreditation_id>/the/<uuid:account_id>/", accreditation.issue_badge, name="issue-badge"),
    path("cong-nhan/<uuid:accreditation_id>/buoc/<slug:step>/", accreditation.take_step, name="accreditation-step"),
    path("dai-ly/", accreditation_public.register, name="register"),
    path("dai-ly/<slug:code>/", accreditation_public.genuine, name="genuine"),
    path("do-phu/", scenarios.placement_list, name="placements"),
    path("do-phu/hoi/", scenarios.ask, name="ask-placement"),
    path("do-phu/so-sanh/", scenarios.compare, name="compare-placements"),
    path("do-phu/nhu-cau/", lists.demand_list, name="demand-sets"),
    path("do-phu/nhu-cau/mau/", lists.demand_sample, name="demand-sample"),
    path("do-phu/nhu-cau/<uuid:set_id>/", lists.demand_set, name="demand-set"),
    path("do-phu/nhu-cau/<uuid:set_id>/bo/", lists.demand_drop, name="demand-drop"),
    path("do-phu/dia-diem/", lists.site_list, name="site-sets"),
    path("do-phu/dia-diem/mau/", lists.site_sample, name="site-sample"),
    path("do-phu/dia-diem/<uuid:set_id>/", lists.site_set, name="site-set"),
    path("do-phu/dia-diem/<uuid:set_id>/bo/", lists.site_drop, name="site-drop"),
    path("do-phu/<uuid:scenario_id>/", scenarios.placement, name="placement"),
    path("do-phu/<uuid:scenario_id>/tai/<str:name>", scenarios.download, name="placement-file"),
    path("do-phu/<uuid:scenario_id>/ung-vien/", scenarios.hand_over, name="placement-hand-over"),
    path("do-phu/<uuid:scenario_id>/bo/", scenarios.drop, name="placement-drop"),
    *ROOM_URLS,
    *BRIEF_URLS,
    *ANNOUNCEMENTS,
    *HANDBOOK,
    *VISITS,
    *ROSTER,
    *SWITCHING,
    *DUTIES,
]
