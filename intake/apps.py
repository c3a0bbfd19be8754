from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shared import shell
from shared.roles import CENTRE_ROLES, FINANCE_ROLES, OUTLET_ROLES, PROGRAMME_ROLES, Role


class IntakeConfig(AppConfig):
    name = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the counter's, the centre's and the board's pages into the rails, and tell the dossiers' stories."""
        from agents.handbook.sources import register as register_procedures
        from delivery.public import register_story  # models are not ready when this module is read
        from intake.queries.procedures import versions_began
        from intake.queries.stories import Stories

        register_story(Stories())
        self._operations_room()
        for order, label, icon, url_name in (
                (10, _("What do I need?"), "search", "intake:public-finder"),
                (20, _("Outlets near you"), "map-pin", "intake:nearest"),
                (40, _("The city in figures"), "chart-line", "intake:public-board")):
            shell.register_public(order=order, label=label, icon=icon, url_name=url_name)
        register_procedures(versions_began)
        for role in sorted(OUTLET_ROLES):
            shell.register(role=role, order=10, label=_("At the counter"), icon="store", url_name="intake:counter",
                           count=_waiting_at_counter,
                           also=("intake:finder", "intake:receipts") if role == Role.OUTLET_MANAGER else ())
            shell.register(role=role, order=15, label=_("Take a dossier"), icon="file-plus", url_name="intake:take")
            shell.register_strip(role=role, template="intake/counter/strip.html", find=_acting_for)
            shell.register(role=role, order=20, label=_("Hand-over"), icon="package-check", url_name="intake:hand-over",
                           count=_to_hand_over, also=("delivery:parcels", "delivery:rounds", "delivery:pick-ups"))
        # A manager has six places already: procedures and receipts are links on her counter.
        clerk = Role.OUTLET_CLERK
        shell.register(role=clerk, order=18, label=_("Procedures"), icon="book-open", url_name="intake:finder")
        shell.register(role=clerk, order=25, label=_("Receipts"), icon="receipt", url_name="intake:receipts",
                       count=_sheets_unmatched)
        shell.register(role=Role.OPERATOR_HQ, order=35, label=_("Receipts"), icon="receipt",
                       url_name="intake:receipt-numbers")
        for role in sorted(CENTRE_ROLES):
            shell.register(role=role, order=10, label=_("Arrivals"), icon="inbox", url_name="intake:inbox",
                           count=_arrivals)
            shell.register(role=role, order=12, label=_("Deadlines"), icon="clock", url_name="intake:deadlines")
            shell.register(role=role, order=13, label=_("Competence"), icon="scale", url_name="intake:competence")
        # A centre's manager has six places already; hers is the link on the board.
        for role in sorted({*OUTLET_ROLES, Role.CENTRE_OFFICER}):
            url_name = "intake:outlet-questions" if role in OUTLET_ROLES else "intake:centre-questions"
            shell.register(role=role, order=30, label=_("Questions"), icon="messages-square", url_name=url_name,
                           count=_questions)
        shell.register(role=Role.OPERATOR_HQ, order=50, label=_("Satisfaction"), icon="star",
                       url_name="intake:satisfaction")
        for role in sorted({Role.CENTRE_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR, *FINANCE_ROLES, *PROGRAMME_ROLES}):
            room = ("agents:incidents", "agents:briefs") if role not in FINANCE_ROLES else ()
            cases = ("intake:broker-cases",) if role in {Role.PROGRAMME_OFFICER, Role.AUDITOR} else ()
            shell.register(role=role, order=20, label=_("Situation"), icon="radio-tower", url_name="intake:board",
                           also=(*room, *cases),
                           count=_situation if role in {Role.PROGRAMME_OFFICER, Role.ADMINISTRATOR} else None)

    def _operations_room(self) -> None:
        """Tell the room what only dossiers know: the brief's figures, and what a trouble touched."""
        from agents import public as agents  # models are not ready when this module is read
        from intake.queries import brief_sections, place_impact, place_load

        agents.register_brief_section("dossiers", order=10, make=brief_sections.dossiers)
        agents.register_brief_section("stuck", order=15, make=brief_sections.stuck)
        agents.register_impact(place_impact.lay_there)
        agents.register_load(place_load.arrived)


def _situation(request: HttpRequest) -> shell.Waiting:
    """Incidents that have climbed, and cases about brokers that wait for somebody."""
    from agents.public import incidents_climbed  # models are not ready when this module is read
    from intake.brokers.queries import waiting

    actor = getattr(request, "actor", None)
    if actor is None:
        return 0
    cases = (waiting(actor),) if actor.role == Role.PROGRAMME_OFFICER else ()
    return incidents_climbed(actor), *cases


def _waiting_at_counter(request: HttpRequest) -> int:
    from intake.queries.counter import waiting_count  # models are not ready when this module is read

    actor = getattr(request, "actor", None)
    return waiting_count(actor) if actor is not None else 0


def _acting_for(request: HttpRequest) -> object | None:
    from intake.queries.acting import acting_for  # models are not ready when this module is read

    actor = getattr(request, "actor", None)
    return acting_for(actor) if actor is not None else None


def _to_hand_over(request: HttpRequest) -> int:
    from intake.queries.manifests import to_pack_count  # models are not ready when this module is read

    actor = getattr(request, "actor", None)
    return to_pack_count(actor) if actor is not None else 0


def _sheets_unmatched(request: HttpRequest) -> int:
    from intake.queries.receipts import unmatched_count  # models are not ready when this module is read

    actor = getattr(request, "actor", None)
    return unmatched_count(actor) if actor is not None else 0


def _arrivals(request: HttpRequest) -> int:
    from intake.queries.centre import arrivals_count  # models are not ready when this module is read

    actor = getattr(request, "actor", None)
    return arrivals_count(actor) if actor is not None else 0


def _questions(request: HttpRequest) -> int:
    from django.utils import timezone

    from intake.messages import queries  # models are not ready when this module is read
    from intake.messages.rules import Side

    actor = getattr(request, "actor", None)
    if actor is None:
        return 0
    side = Side.OUTLET if actor.role in OUTLET_ROLES else Side.CENTRE
    return queries.counts(actor, side=side, now=timezone.now()).total
