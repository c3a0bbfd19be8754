from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shared import shell
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role


class AgentsConfig(AppConfig):
    name = "agents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the network's places into the rails of those who run it."""
        from agents.accreditation.views import waiting as accreditations_waiting  # needs the models
        from agents.programme.views.phases import waiting as decisions_waiting
        from agents.quality.views import waiting as quality_waiting

        shell.register_public(order=30, label=_("Public register"), icon="badge-check", url_name="agents:register")
        tabs = ("agents:accreditations", "agents:training-coverage", "agents:visits", "agents:scorecards",
                "intake:complaints")
        # Headquarters and the auditor have six places already: their staff is a tab beside the outlets.
        for role in (Role.OPERATOR_HQ, Role.ADMINISTRATOR):
            shell.register(role=role, order=10, label=_("Network"), icon="store", url_name="agents:outlets",
                           also=("agents:staff", *tabs) if role == Role.OPERATOR_HQ else ("agents:placements", *tabs))
        shell.register(role=Role.PROGRAMME_OFFICER, order=10, label=_("Network"), icon="store",
                       url_name="agents:outlets", count=decisions_waiting, also=("agents:visits",))
        shell.register(role=Role.PROGRAMME_OFFICER, order=20, label=_("Accredi\u00adtation"), icon="badge-check",
                       url_name="agents:accreditations", count=accreditations_waiting)
        shell.register(role=Role.PROGRAMME_OFFICER, order=30, label=_("Coverage"), icon="map",
                       url_name="agents:placements")
        shell.register(role=Role.PROGRAMME_OFFICER, order=40, label=_("Training"), icon="graduation-cap",
                       url_name="agents:training-coverage", also=("agents:training",))
        shell.register(role=Role.PROGRAMME_OFFICER, order=50, label=_("Quality"), icon="chart-line",
                       url_name="agents:scorecards", also=("intake:complaints",), count=quality_waiting)
        for role in sorted(OUTLET_ROLES):
            shell.register_personal(role=role, label=_("Our scorecard"), icon="chart-line",
                                    url_name="agents:scorecards")
            shell.register_personal(role=role, label=_("My training"), icon="graduation-cap",
                                    url_name="agents:training")
            shell.register_personal(role=role, label=_("Roster"), icon="calendar-clock",
                                    url_name="agents:own-roster")
            shell.register_personal(role=role, label=_("Mobile visits"), icon="calendar", url_name="agents:visits")
        shell.register(role=Role.ADMINISTRATOR, order=60, label=_("Staff"), icon="users", url_name="agents:staff")
        shell.register(role=Role.ADMINISTRATOR, order=70, label=_("Keys"), icon="key-round", url_name="agents:tokens")
        shell.register(role=Role.ADMINISTRATOR, order=90, label=_("Administration"), icon="settings",
                       url_name="admin:index")
        shell.register(role=Role.OUTLET_MANAGER, order=60, label=_("Staff"), icon="users", url_name="agents:staff",
                       also=("agents:training-coverage", "agents:own-roster", "agents:visits", "agents:scorecards",
                             "intake:complaints", "agents:outlets", "agents:outlet-moves"))
        shell.register(role=Role.CENTRE_MANAGER, order=60, label=_("Staff"), icon="users", url_name="agents:staff")
        shell.register(role=Role.AUDITOR, order=50, label=_("Network"), icon="store", url_name="agents:outlets",
                       also=("agents:staff", "agents:placements", *tabs))
        self._operations_room()
        self._practice()

    def _practice(self) -> None:
        """A database of the other house is refused at every connection; an exercise under way is on every page."""
        from django.db.backends.signals import connection_created

        from agents.practice.house import refuse_the_other  # models are not ready when this module is read
        from agents.practice.views import under_way

        connection_created.connect(refuse_the_other, dispatch_uid="agents.practice")
        shell.register_banner(template="agents/practice/under_way.html", find=under_way)

    def _operations_room(self) -> None:
        """Everybody reports what is wrong; counters and desks say that they are in contact."""
        from agents.briefs.own_sections import register_own  # models are not ready when this module is read
        from agents.briefs.sections import register as register_brief_section
        from agents.surges.brief_section import surges

        room = Role.OPERATIONS_OFFICER
        shell.register(role=room, order=10, label=_("Incidents"), icon="siren", url_name="agents:incidents",
                       count=_untaken)
        shell.register(role=room, order=15, label=_("Briefs"), icon="clipboard-check", url_name="agents:briefs")
        shell.register(role=room, order=40, label=_("Announce\u00adments"), icon="send",
                       url_name="agents:announcements")
        shell.register(role=room, order=50, label=_("Handbook"), icon="book-open", url_name="agents:handbook",
                       count=_questions_waiting)
        shell.register_banner(template="agents/announcements/banner.html", find=_to_read)
        shell.register_tool(label=_("Report trouble"), icon="siren", url_name="agents:report-incident")
        for role in sorted(OUTLET_ROLES | CENTRE_ROLES):
            shell.register_beat(role=role, url_name="agents:beat")
        from agents.duties.acting import standing_of  # the same
        from agents.switching.cover import cover_of  # models are not ready when this module is read

        shell.register_standing(template="agents/duties/standing.html", find=standing_of)
        for role in sorted(OUTLET_ROLES | CENTRE_ROLES):
            shell.register_personal(role=role, label=_("Delegation of duties"), icon="users", url_name="agents:duties")
        shell.register_cover(template="agents/switching/cover.html", find=cover_of)
        register_own()
        register_brief_section("surges", order=25, make=surges)


def _untaken(request: HttpRequest) -> shell.Waiting:
    from agents.room.queries import waiting  # models are not ready when this module is read

    actor = getattr(request, "actor", None)
    return (waiting(actor),) if actor is not None else 0


def _to_read(request: HttpRequest) -> object | None:
    from django.utils import timezone

    from agents.announcements.board import banner  # models are not ready when this module is read

    actor = getattr(request, "actor", None)
    return banner(actor, timezone.now()) if actor is not None else None


def _questions_waiting(request: HttpRequest) -> shell.Waiting:
    from agents.handbook.queries import waiting  # models are not ready when this module is read

    actor = getattr(request, "actor", None)
    return (waiting(actor),) if actor is not None else 0
