from .audit import AuditEntry, Blind, BlindKind, record_act
from .invitations import Invitation
from .jobs import Job
from .people import User
from .protocol import ExclusionReason, Protocol, Stage
from .review import Membership, Review, Role

__all__ = [
    "AuditEntry",
    "Blind",
    "BlindKind",
    "ExclusionReason",
    "Invitation",
    "Job",
    "Membership",
    "Protocol",
    "Review",
    "Role",
    "Stage",
    "User",
    "record_act",
]
