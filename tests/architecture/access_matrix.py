"""Who may open what. test_access.py walks every route there is and compares: a route without a row here fails.

Roles: OC outlet clerk, OM outlet manager, OP operator headquarters, CO centre officer, CM centre manager,
FR finance reviewer, FA finance approver, AU auditor, SA administrator; `*` all of them, `public` anybody.
What a role then sees is bounded by its place, and whether something may be done now is the operation's business.
"""

from collections.abc import Mapping
from typing import Final

from shared.roles import Role

PUBLIC: Final = "public"
ROLES: Final[Mapping[str, Role]] = {
    "OC": Role.OUTLET_CLERK, "OM": Role.OUTLET_MANAGER, "OP": Role.OPERATOR_HQ, "CO": Role.CENTRE_OFFICER,
    "CM": Role.CENTRE_MANAGER, "FR": Role.FINANCE_REVIEWER, "FA": Role.FINANCE_APPROVER, "AU": Role.AUDITOR,
    "SA": Role.ADMINISTRATOR,
}

API: Final[Mapping[str, tuple[str, str]]] = {
    # route: (roles, scopes of which a token needs one)
    "GET /me": ("*", "network:read"),
    "GET /outlets/{outlet_id}": ("*", "network:read"),
    "GET /centres/{centre_id}/days": ("*", "network:read"),
    "POST /centres/{centre_id}/days": ("CM SA", ""),
    "POST /centres/{centre_id}/moves": ("SA", ""),
    "GET /outlets/{outlet_id}/days": ("*", "network:read"),
    "POST /outlets/{outlet_id}/days": ("OM OP SA", ""),
    "POST /site-days/{site_day_id}/withdrawals": ("OM OP CM SA", ""),
    "GET /tokens": ("SA", ""),
    "POST /tokens": ("SA", ""),
    "DELETE /tokens/{token_id}": ("SA", ""),

    # A centre registers citizens for the dossiers of its own counter, and corrects nobody's.
    # How an outlet works is for whoever answers for it.
    "GET /first-time-right": ("OM OP FR FA AU", "dossiers:read"),

    "POST /citizens": ("OC OM CO CM", "citizens:write"),
    "POST /citizens/find": ("OC OM CO CM", "citizens:read"),
    "GET /citizens/{citizen_id}": ("OC OM CO CM", "citizens:read"),
    "PUT /citizens/{citizen_id}": ("OC OM", "citizens:write"),
    # A machine never sees a whole number.
    "POST /citizens/{citizen_id}/reveals": ("OC OM CO CM", ""),
    "POST /citizens/{citizen_id}/priority-claims": ("OC OM", "citizens:write"),
    "POST /citizens/{citizen_id}/sessions": ("OC OM", "citizens:write"),
    "POST /sessions/{session_id}/closings": ("OC OM", "citizens:write"),
    "POST /sessions/{session_id}/mandates": ("OC OM", "citizens:write"),
    "POST /mandates/{mandate_id}/withdrawals": ("OC OM", "citizens:write"),
    "POST /sessions/{session_id}/second-citizens": ("OC OM", "citizens:write"),
    "POST /second-citizens/{stop_id}/decisions": ("OC OM", "citizens:write"),
    "POST /citizens/{citizen_id}/recognitions": ("OC OM", "citizens:write"),
    "POST /citizens/{citizen_id}/consent-withdrawals": ("OC OM", "citizens:write"),
    "POST /citizens/{citizen_id}/account-helps": ("OC OM", "citizens:write"),
    "POST /account-helps/{help_id}/steps": ("OC OM", "citizens:write"),
    "GET /account-helps": ("OC OM", "citizens:read"),
    "GET /account-helps/{help_id}": ("OC OM", "citizens:read"),
    "POST /citizens/{citizen_id}/referrals": ("OC OM", "citizens:write"),
    "POST /referrals/{referral_id}/outcomes": ("OC OM", "citizens:write"),
    "GET /referrals": ("OC OM", "citizens:read"),
    "GET /referrals/{referral_id}": ("OC OM", "citizens:read"),

    "GET /procedures": ("*", "catalogue:read"),
    "GET /procedures/{code}": ("*", "catalogue:read"),
    "GET /procedures/{code}/guide": ("*", "catalogue:read"),
    "GET /places": ("*", "catalogue:read"),
    "GET /places/{code}": ("*", "catalogue:read"),
    "GET /former-places/{code}": ("*", "catalogue:read"),
    "GET /outlets/nearest": ("*", "network:read"),
    "POST /routes": ("*", "catalogue:read"),
    "GET /routes": ("*", "catalogue:read"),
    "GET /deadlines": ("OC OM OP CO CM AU SA", "centre:read dossiers:read"),
    "GET /dossiers/{dossier_id}/route": ("OC OM CO CM FR FA AU", "dossiers:read"),
    "GET /dossiers/{dossier_id}/opinions": ("OC OM CO CM AU SA", "centre:read dossiers:read"),
    "POST /authority-questions/{question_id}/owners": ("CM SA", ""),
    "POST /opinions": ("CO CM SA", ""),
    "GET /opinions": ("OC OM CO CM AU SA", "centre:read dossiers:read"),
    "GET /opinions/{opinion_id}": ("OC OM CO CM AU SA", "centre:read dossiers:read"),
    "POST /opinions/{opinion_id}/addressees/{addressee_id}/answers": ("CO CM SA", ""),
    "POST /opinions/{opinion_id}/conclusions": ("CO CM SA", ""),
    "POST /opinions/{opinion_id}/withdrawals": ("CO CM SA", ""),
    "GET /precedents": ("*", "catalogue:read"),
    "POST /precedents/{precedent_id}/withdrawals": ("CM SA", ""),

    "POST /offers": ("OC OM", "dossiers:write"),
    "POST /submissions": ("OC OM", "dossiers:write"),
    "POST /dossiers": ("OC OM", "dossiers:write"),
    "GET /outlets/{outlet_id}/reference-bundle": ("OC OM", "catalogue:read"),
    "GET /life-events": ("*", "catalogue:read"),
    "POST /bundles": ("OC OM", "dossiers:write"),
    "GET /dossiers": ("OC OM CO CM FR FA AU", "dossiers:read"),
    "GET /dossiers/{dossier_id}": ("OC OM CO CM FR FA AU", "dossiers:read"),
    "GET /dossiers/{dossier_id}/steps": ("OC OM CO CM FR FA AU", "dossiers:read"),
    "POST /dossiers/{dossier_id}/submissions": ("OC OM", "dossiers:write"),
    "POST /dossiers/{dossier_id}/forwardings": ("OC OM", "dossiers:write"),
    "POST /dossiers/{dossier_id}/payments": ("OC OM CO CM", "centre:write dossiers:write"),
    "POST /documents": ("OC OM CO CM", "documents:write"),
    "POST /documents/by-hash": ("OC OM CO CM", "documents:write"),
    "GET /documents/{document_id}/original": ("OC OM CO CM", "documents:read"),
    "GET /documents": ("OC OM CO CM", "documents:read"),
    "GET /documents/{document_id}/content": ("OC OM CO CM", "documents:read"),
    "DELETE /documents/{document_id}": ("OC OM CO CM", "documents:write"),

    "POST /dossiers/{dossier_id}/receptions": ("CO CM", "centre:write"),
    "POST /counter-receptions": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/refusals": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/starts": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/claims": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/supplement-requests": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/supplement-answers": ("OC OM CO CM", "centre:write dossiers:write"),
    "POST /dossiers/{dossier_id}/resolutions": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/result-hand-overs": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/withdrawals": ("OC OM CO CM", "centre:write dossiers:write"),
    "POST /dossiers/{dossier_id}/stops": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/resumptions": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/assignments": ("CM", "centre:write"),
    "POST /dossiers/{dossier_id}/passings": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/releases": ("CO CM", "centre:write"),
    "POST /centre/assignments": ("CM", "centre:write"),
    "GET /centre/work": ("CO CM", "centre:read"),
    "POST /dossiers/{dossier_id}/extensions": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/paper-returns": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/reminders": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/interim-steps": ("CO CM", "centre:write"),
    "GET /dossiers/{dossier_id}/interim-steps": ("CO CM", "centre:read"),
    "PUT /centre/processes/{procedure_code}": ("CM", "centre:write"),
    "POST /dossiers/{dossier_id}/corrections": ("CO CM", "centre:write"),
    "GET /corrections": ("CO CM", "centre:read"),
    # Two people: a machine never approves.
    "POST /corrections/{correction_id}/decisions": ("CO CM", ""),
    "GET /centre/team": ("CO CM", "centre:read"),
    "GET /centre/absences": ("CO CM", "centre:read"),
    "POST /centre/absences": ("CO CM", "centre:write"),
    "POST /centre/absences/{absence_id}/covers": ("CO CM", "centre:write"),
    "POST /centre/absences/{absence_id}/cancellations": ("CO CM", "centre:write"),
    "GET /centre/results": ("CO CM", "centre:read"),
    "POST /result-lists": ("CO CM", "centre:write"),
    "GET /result-lists/{list_id}/paper": ("CO CM", "centre:read"),
    "GET /dossiers/{dossier_id}/control-slip": ("CO CM", "centre:read"),
    "GET /dossiers/{dossier_id}/apology": ("CO CM", "centre:read"),
    "GET /stop-notices/{notice_id}/paper": ("CO CM", "centre:read"),
    "GET /result-hand-overs/{hand_over_id}/paper": ("CO CM", "centre:read"),
    "POST /log-books": ("CO CM", "centre:write"),
    "GET /log-books/{log_book_id}": ("CO CM", "centre:read"),
    "GET /log-books/{log_book_id}/content": ("CO CM", "centre:read"),
    "GET /centre/queue": ("CO CM", "centre:read"),
    "GET /centre/inbox": ("CO CM", "centre:read"),
    "GET /authority-questions": ("CO CM AU SA", "centre:read"),
    "POST /authority-questions/{question_id}/answers": ("CM SA", ""),
    "GET /board": ("CO CM FR FA AU SA", "board:read"),

    "POST /dossiers/{dossier_id}/questions": ("OC OM CO CM", "centre:write dossiers:write"),
    "GET /dossiers/{dossier_id}/questions": ("OC OM CO CM", "centre:read dossiers:read"),
    "GET /questions/waiting": ("OC OM CO CM", "centre:read dossiers:read"),
    "POST /questions/{inquiry_id}/replies": ("OC OM CO CM", "centre:write dossiers:write"),
    "POST /questions/{inquiry_id}/closings": ("OC OM CO CM", "centre:write dossiers:write"),
    "POST /questions/{inquiry_id}/promotions": ("CO CM", "centre:write"),
    "GET /promoted-answers": ("OC OM CO CM AU SA", "centre:read dossiers:read"),
    "PUT /answer-clock": ("CM", ""),
    "GET /dossiers/{dossier_id}/notices": ("OC OM CO CM", "centre:read dossiers:read"),
    "PUT /dossiers/{dossier_id}/notice-choice": ("OC OM", "dossiers:write"),
    "GET /notice-templates": ("SA", ""),
    "POST /notice-templates": ("SA", ""),
    "POST /notice-templates/previews": ("SA", ""),
    "GET /portal/sync": ("CO CM AU SA", "centre:read"),
    "GET /portal/parked": ("CO CM AU SA", "centre:read"),
    "GET /dossiers/{dossier_id}/portal-trail": ("CO CM AU SA", "centre:read"),
    "POST /dossiers/{dossier_id}/portal-releases": ("CO CM SA", "centre:write"),
    # Whoever holds code and digits.
    "POST /tracking/{code}/ratings": (PUBLIC, ""),
    "GET /satisfaction": ("OM OP CM AU SA", ""),

    # A carrier proves itself by its signature.
    "POST /carriers/{carrier}/events": (PUBLIC, ""),

    "GET /parcels": ("*", "parcels:read"),
    "GET /parcels/{parcel_id}": ("*", "parcels:read"),
    "GET /parcels/{parcel_id}/events": ("*", "parcels:read"),
    "POST /parcels/{parcel_id}/settlements": ("OP SA", ""),
    # Whoever has the code; more is shown with the last digits of the phone.
    "GET /tracking/{code}": (PUBLIC, ""),
    "POST /tracking/{code}": (PUBLIC, ""),

    "POST /quotes": ("*", "billing:read quotes:read"),
    "GET /statements": ("OP FR FA AU", "billing:read"),
    "GET /statements/{statement_id}": ("OP FR FA AU", "billing:read"),
    "POST /statements/{statement_id}/preparations": ("FR", "billing:write"),
    "GET /statements/{statement_id}/lines": ("OP FR FA AU", "billing:read"),
    "GET /statements/{statement_id}/lines/{line_id}": ("OP FR FA AU", "billing:read"),
    "GET /statements/{statement_id}/exports/{kind}": ("OP FR FA AU", "billing:read"),
}

PAGES: Final[Mapping[str, str]] = {
    # Whether the house works; /metrics asks for its own token.
    "alive": PUBLIC, "ready": PUBLIC, "ready-to-serve": PUBLIC, "metrics": PUBLIC,
    "problems": PUBLIC, "problem": PUBLIC, "set_language": PUBLIC, "style-guide": PUBLIC,
    "api:openapi-json": PUBLIC, "api:openapi-view": PUBLIC, "api:api-root": PUBLIC,

    "agents:login": PUBLIC, "agents:logout": PUBLIC, "agents:home": "*", "agents:account": "*",
    "agents:outlets": "OM OP AU SA", "agents:outlet": "OM OP AU SA", "agents:open-outlet": "OP SA",
    "agents:outlet-hours": "OM OP SA", "agents:outlet-step": "OP SA",
    "agents:staff": "OM OP CM AU SA", "agents:staff-account": "OM OP CM AU SA", "agents:enrol": "OM OP CM SA",
    "agents:staff-password": "OM OP CM SA", "agents:staff-active": "OM OP CM SA",
    "agents:centres": "CO CM AU SA", "agents:site": "OM OP CO CM AU SA", "agents:move-centre": "SA",
    "agents:withdraw-site-day": "OM OP CM SA",
    "agents:tokens": "SA", "agents:revoke-token": "SA",

    "intake:nearest": PUBLIC,
    # A phone proves itself by its link's token.
    "intake:phone": PUBLIC, "intake:files-state": "OC OM",
    "delivery:track": PUBLIC, "delivery:tracked": PUBLIC, "delivery:track-code": PUBLIC,
    "delivery:parcels": "*", "delivery:parcel": "*", "delivery:label": "*", "delivery:settle": "OP SA",
    "search": "*",
    "intake:counter": "OC OM", "intake:forward": "OC OM", "intake:take": "OC OM", "intake:take-citizen": "OC OM",
    "intake:procedures": "OC OM", "intake:places": "OC OM CO CM",
    "intake:finder": "OC OM", "intake:guide": "OC OM", "intake:event": "OC OM", "intake:bundle": "OC OM",
    "intake:public-finder": PUBLIC, "intake:public-guide": PUBLIC, "intake:bring": PUBLIC,
    "intake:keep-draft": "OC OM", "intake:come-back-slip": "OC OM", "intake:first-time": "OM OP AU",
    "intake:session": "OC OM", "intake:session-card": "OC OM", "intake:session-consent": "OC OM",
    "intake:record-mandate": "OC OM", "intake:withdraw-mandate": "OC OM", "intake:decide-stop": "OC OM",
    "intake:citizen": "OC OM", "intake:citizen-consent": "OC OM",
    "intake:account-helps": "OC OM", "intake:account-help": "OC OM", "intake:account-help-step": "OC OM",
    "intake:referrals": "OC OM", "intake:refer": "OC OM", "intake:referral": "OC OM",
    "intake:referral-slip": "OC OM", "intake:referral-outcome": "OC OM",
    "intake:counter-reception": "CO CM", "intake:counter-offer": "CO CM",
    "intake:end-session": "OC OM", "intake:reveal": "OC OM", "intake:dossier": "OC OM",
    "intake:answer-supplement": "OC OM", "intake:take-money": "OC OM",
    "billing:month": "OP FR FA AU", "billing:line": "OP FR FA AU", "billing:prepare": "FR",
    "billing:download": "OP FR FA AU",
    "intake:receipt": "OC OM CO CM", "intake:slip": "OC OM CO CM",
    "intake:scan": "OC OM CO CM", "intake:scan-original": "OC OM CO CM", "intake:scan-page": "OC OM CO CM",
    "intake:supplement-paper": "OC OM CO CM", "intake:refusal-paper": "OC OM CO CM",

    "intake:outlet-questions": "OC OM", "intake:centre-questions": "CO CM", "intake:questions-waiting": "OC OM CO CM",
    "intake:messages": "OC OM CO CM", "intake:message-threads": "OC OM CO CM", "intake:messages-read": "OC OM CO CM",
    "intake:close-inquiry": "OC OM CO CM", "intake:promote-answer": "CO CM",
    "intake:promoted-answers": "OC OM CO CM AU SA",
    "intake:notices": "OC OM CO CM", "intake:notice-choice": "OC OM", "intake:notice-again": "OC OM CO CM",
    "intake:notice-overview": "CM AU SA", "intake:notice-templates": "AU SA", "intake:notice-template": "SA",
    "intake:portal": "CO CM AU SA", "intake:portal-trail": "CO CM AU SA", "intake:portal-release": "CO CM SA",
    # Behind the tracking code: without one they ask for it.
    "intake:rate": PUBLIC, "intake:choose-notices": PUBLIC,
    "intake:satisfaction": "OM OP CM AU SA", "intake:settle-report": "CM SA",

    "intake:apology-paper": "OC OM CO CM", "intake:stop-paper": "OC OM CO CM", "intake:control-slip": "CO CM",
    "intake:return-receipt": "CO CM", "intake:presence": "CO CM", "intake:work": "CO CM", "intake:assign-chosen": "CM",
    "intake:corrections": "CO CM", "intake:correction": "CO CM", "intake:results": "CO CM", "intake:remind": "CO CM",
    "intake:result-list": "CO CM", "intake:result-list-paper": "CO CM", "intake:team": "CO CM",
    "intake:absence": "CO CM", "intake:log-book": "CO CM", "intake:log-book-file": "CO CM",
    "intake:inbox": "CO CM", "intake:receive-chosen": "CO CM", "intake:desk": "CO CM", "intake:decide": "CO CM",
    "intake:authority": "CM SA", "intake:competence": "CO CM AU SA", "intake:own-question": "CM SA",
    "intake:deadlines": "OC OM OP CO CM AU SA", "intake:outlet-deadlines": "OC OM OP CO CM AU SA",
    "intake:precedent": "CO CM AU SA", "intake:ask-opinion": "CO CM",
    "intake:opinion": "OC OM CO CM AU SA", "intake:opinion-letter": "OC OM CO CM AU SA",
    "intake:opinion-paper": "OC OM CO CM AU SA", "intake:answer-opinion": "CO CM SA",
    "intake:conclude-opinion": "CM SA", "intake:take-back-opinion": "CO CM SA",
    "intake:opinions-panel": "OC OM CO CM AU SA", "intake:why": "OC OM CO CM AU", "intake:why-finder": "OC OM CO CM",
    "intake:board": "CO CM FR FA AU SA",
}


def roles_of(cell: str) -> frozenset[str]:
    """The roles that a cell names.

    Raises:
        KeyError: an abbreviation that there is not.
    """
    if cell == PUBLIC:
        return frozenset()
    names = ROLES if cell == "*" else cell.split()
    return frozenset(str(ROLES[name]) for name in names)
