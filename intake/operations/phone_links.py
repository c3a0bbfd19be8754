"""A phone photographs papers into one filing: a link for ten minutes, kept as a digest, closed with the filing."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, F, QuerySet

from intake.errors import DocumentRefused, NoOpenSession, PhoneLinkClosed
from intake.models.documents import Document, DocumentOrigin
from intake.models.dossiers import Dossier
from intake.models.phone_links import PhoneLink
from intake.operations.documents import Place, store_at
from intake.queries.sessions import open_session_of
from intake.rules.faults import fault
from intake.rules.states import Handling
from intake.wording import field_error
from shared import audit
from shared.actors import Actor, ActorKind
from shared.crypto import token_digest
from shared.transactions import operation

OPEN_FOR: Final = timedelta(minutes=10)
MOST_TRIES: Final = 80
"""Uploads by one link, good or refused: more than any dossier may hold, fewer than a flood."""
_TOKEN_BYTES: Final = 24


@operation
def open_phone_link(*, client_ref: UUID, papers: Sequence[Mapping[str, str]], by: Actor,
                    at: datetime) -> tuple[PhoneLink, str]:
    """Open a link into a filing of the citizen whom `by` acts for; an earlier one of the same filing ends.

    Returns the link and its token, which is kept nowhere. `papers` are `{"code", "vi", "en"}`, what the phone offers.

    Raises:
        NoOpenSession: nobody is acted for.
    """
    session = open_session_of(by)
    if session is None:
        raise NoOpenSession
    PhoneLink.objects.filter(session=session, client_ref=client_ref, closed_at=None).update(closed_at=at)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    link = PhoneLink.objects.create(
        token_digest=token_digest(token), session=session, outlet_id=session.outlet_id, client_ref=client_ref,
        papers=list(papers), initials=initials_of(session.citizen.full_name), opened_by=by.id, opened_at=at,
        expires_at=at + OPEN_FOR)
    audit.record(actor=by, action="phone-link.open", object_type="phone-link", object_id=link.id, at=at,
                 after={"session": str(session.id)})
    return link, token


@operation
def close_phone_link(*, client_ref: UUID, by: Actor, at: datetime) -> None:
    """Take the link of a filing back; without one nothing happens."""
    session = open_session_of(by)
    links = PhoneLink.objects.filter(session=session, client_ref=client_ref, closed_at=None)
    for link in links.select_for_update():
        PhoneLink.objects.filter(id=link.id).update(closed_at=at)
        audit.record(actor=by, action="phone-link.close", object_type="phone-link", object_id=link.id, at=at)


def link_behind(token: str, *, at: datetime) -> PhoneLink:
    """The open link of a token.

    Raises:
        PhoneLinkClosed: unknown, too old, taken back, its session ended, or its filing is submitted.
    """
    link = open_links(at).filter(token_digest=token_digest(token)).first()
    if link is None:
        raise PhoneLinkClosed
    filed = Dossier.objects.filter(client_ref=link.client_ref).exclude(handling=Handling.DRAFT)
    if filed.exists():
        raise PhoneLinkClosed
    return link


def open_links(at: datetime) -> QuerySet[PhoneLink]:
    return PhoneLink.objects.filter(closed_at=None, expires_at__gt=at, session__closed_at=None)


def store_photo(*, token: str, chunks: Iterable[bytes], name: str, component: str, at: datetime) -> Document:
    """Keep a photo that a phone sent, as a paper of the citizen of the link's session.

    Raises:
        PhoneLinkClosed: the link no longer holds, or was used too often.
        DocumentRefused: also when the phone was not asked for this paper. And what store_document raises.
    """
    link = _counted(token, at)
    if component not in {paper["code"] for paper in link.papers}:
        wrong = fault("unknown-paper", paper=component)
        raise DocumentRefused(cause="unknown-paper", errors=(field_error("/component", wrong),))
    phone = Actor(ActorKind.CITIZEN, f"phone:{link.id}", outlet_id=link.outlet_id)
    return store_at(Place(component, name, phone, at, citizen_id=link.session.citizen_id, origin=DocumentOrigin.PHONE,
                          phone_link_id=link.id), chunks=chunks)


@operation
def _counted(token: str, at: datetime) -> PhoneLink:
    """The link with this try counted, whatever becomes of the file."""
    link = link_behind(token, at=at)
    counted = PhoneLink.objects.filter(id=link.id, tries__lt=MOST_TRIES).update(tries=F("tries") + 1)
    if not counted:
        raise PhoneLinkClosed
    return PhoneLink.objects.select_related("session").get(id=link.id)


def initials_of(full_name: str) -> str:
    """First letters, as a person beside the citizen recognises her and nobody else does: "N.T.H."."""
    return "".join(f"{word[0].upper()}." for word in full_name.split()[:5])


def photos_of(link: PhoneLink) -> dict[str, int]:
    """How many photos of each paper came by the link and are still there."""
    rows = Document.objects.filter(phone_link=link).values_list("component")
    return dict(rows.annotate(n=Count("id")))
