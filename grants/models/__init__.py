"""Nouns of the grant desk: calls, applications, reviews, decisions, awards, and the compute ledger."""

from grants.models.amendments import Amendment
from grants.models.applications import Application, ApplicationStatus, ApplicationVersion, Passage
from grants.models.awards import Award, AwardNumber, AwardStatus
from grants.models.calls import Applicants, Call, CallStatus
from grants.models.compute import Draw, DrawSource, Lease, Lot, Resource
from grants.models.decisions import Appeal, AppealStatus, Decision, DecisionKind, Offer, OfferStatus
from grants.models.deliverables import Deliverable, DeliverableKind, DeliverableStatus
from grants.models.fellowships import Track
from grants.models.files import Attachment, FileStatus
from grants.models.handles import Handle, HandleStatus
from grants.models.letters import Letter
from grants.models.likeness import Sketch, SketchHash
from grants.models.messages import Message, Note
from grants.models.notifications import Delivery, Notification, NotificationPreference, SavedView
from grants.models.programmes import Programme, ProgrammeKind
from grants.models.reviews import ConflictDeclaration, Review, ReviewerProfile, ReviewStatus
from grants.models.routes import RouteName, Step
from grants.models.steps import EligibilityOverride, Outcome, PanelRecord, StepResult

__all__ = [
    "Amendment",
    "Appeal",
    "AppealStatus",
    "Applicants",
    "Application",
    "ApplicationStatus",
    "ApplicationVersion",
    "Attachment",
    "Award",
    "AwardNumber",
    "AwardStatus",
    "Call",
    "CallStatus",
    "ConflictDeclaration",
    "Decision",
    "DecisionKind",
    "Deliverable",
    "DeliverableKind",
    "DeliverableStatus",
    "Delivery",
    "Draw",
    "DrawSource",
    "EligibilityOverride",
    "FileStatus",
    "Handle",
    "HandleStatus",
    "Lease",
    "Letter",
    "Lot",
    "Message",
    "Note",
    "Notification",
    "NotificationPreference",
    "Offer",
    "OfferStatus",
    "Outcome",
    "PanelRecord",
    "Passage",
    "Programme",
    "ProgrammeKind",
    "Resource",
    "Review",
    "ReviewStatus",
    "ReviewerProfile",
    "RouteName",
    "SavedView",
    "Sketch",
    "SketchHash",
    "Step",
    "StepResult",
    "Track",
]
