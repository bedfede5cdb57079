"""Nouns of the grant desk: calls, applications, reviews, decisions, awards, and the compute ledger."""

from grants.models.applications import Application, ApplicationStatus, ApplicationVersion
from grants.models.awards import Award, AwardNumber, AwardStatus
from grants.models.calls import Call, CallStatus, Programme, ProgrammeKind
from grants.models.compute import Draw, DrawSource, Lease, Lot, Resource
from grants.models.deliverables import Deliverable, DeliverableKind, DeliverableStatus
from grants.models.fellowships import Track
from grants.models.letters import Letter
from grants.models.reviews import Decision, DecisionKind, Review, ReviewStatus

__all__ = [
    "Application",
    "ApplicationStatus",
    "ApplicationVersion",
    "Award",
    "AwardNumber",
    "AwardStatus",
    "Call",
    "CallStatus",
    "Decision",
    "DecisionKind",
    "Deliverable",
    "DeliverableKind",
    "DeliverableStatus",
    "Draw",
    "DrawSource",
    "Lease",
    "Letter",
    "Lot",
    "Programme",
    "ProgrammeKind",
    "Resource",
    "Review",
    "ReviewStatus",
    "Track",
]
