"""Nouns of the ground: people and roles, nations and languages, organisations, the audit trail."""

from mission.models.audit import AuditEntry
from mission.models.nations import Language, LanguageSpeakers, Nation
from mission.models.organisations import Invitation, Membership, Organisation
from mission.models.people import Role, RoleGrant, User

__all__ = [
    "AuditEntry",
    "Invitation",
    "Language",
    "LanguageSpeakers",
    "Membership",
    "Nation",
    "Organisation",
    "Role",
    "RoleGrant",
    "User",
]
