"""Words of the procedure catalogue."""

from enum import StrEnum


class Channel(StrEnum):
    """How a dossier is filed (Decree 118/2025/NĐ-CP): at the counter of a centre, online, by public post."""

    DIRECT = "direct"
    ONLINE = "online"
    POST = "post"


class AgentMode(StrEnum):
    """What an outlet may do with a procedure."""

    ONLINE = "ONLINE"
    PAPER = "PAPER"
    REFER = "REFER"


class PlaceRule(StrEnum):
    """Which place decides the competent authority."""

    RESIDENCE = "residence"
    EVENT_PLACE = "event_place"
    LAND = "land"
    BUILDING = "building"
    BUSINESS = "business"
    REGISTER_HOLDER = "register_holder"
    ANYWHERE_IN_PROVINCE = "anywhere_in_province"
    NONE = "none"


class ProcedureLevel(StrEnum):
    COMMUNE = "commune"
    PROVINCE = "province"
    MINISTRY = "ministry"


class ResultChoice(StrEnum):
    """How the citizen wants the result."""

    HOME = "home"
    COLLECT = "collect"
    ELECTRONIC = "electronic"


class DocumentKind(StrEnum):
    ORIGINAL = "original"
    CERTIFIED_COPY = "certified_copy"
    COPY = "copy"
    ELECTRONIC = "electronic"
    PRESENT_ONLY = "present_only"
