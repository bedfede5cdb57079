"""The words of the timeline, and which of its verbs an applicant may read."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "application.started": _("Started"),
    "application.copied": _("Copied from an earlier application"),
    "application.submitted": _("Submitted"),
    "application.resubmitted": _("Completed and submitted again"),
    "application.withdrawn": _("Withdrawn"),
    "application.returned": _("Returned for completion"),
    "application.not_completed": _("Not completed in time"),
    "application.assessment": _("Sent to technical assessment"),
    "application.in_review": _("Sent to review"),
    "application.panel": _("Sent to the panel"),
    "application.reviewed": _("Ready to be decided"),
    "application.decided": _("Decided, not announced yet"),
    "application.decision_undone": _("Decision taken back before it was announced"),
    "application.waitlisted": _("On the waiting list"),
    "application.offered": _("Award offered"),
    "application.offer_extended": _("More time to answer the offer"),
    "application.awarded": _("Awarded"),
    "application.turned_down": _("Offer turned down"),
    "application.lapsed": _("Offer lapsed without an answer"),
    "application.declined": _("Declined"),
    "application.appealed": _("Appeal filed"),
    "application.appeal_upheld": _("Appeal upheld: it is decided anew"),
    "application.appeal_dismissed": _("Appeal dismissed"),
    "check.passed": _("Administrative check passed"),
    "check.returned": _("Administrative check: something is missing"),
    "check.failed": _("Administrative check failed"),
    "technical.passed": _("Technical assessment passed"),
    "technical.failed": _("Technical assessment failed"),
    "panel.recorded": _("The panel recorded its finding"),
    "review.assigned": _("Reviewer assigned"),
    "review.accepted": _("No conflict declared"),
    "review.conflicted": _("Conflict declared"),
    "review.declined": _("Reviewer declined"),
    "review.reminded": _("Reviewer reminded"),
    "review.released": _("Reviewer released"),
    "review.submitted": _("Review submitted"),
    "offer.made": _("Offer made"),
    "offer.accepted": _("Offer accepted"),
    "offer.declined": _("Offer turned down"),
    "offer.lapsed": _("Offer lapsed without an answer"),
    "award.made": _("Award made"),
    "file.handed_in": _("File handed in"),
    "file.scanned": _("File scanned, nothing found"),
    "file.refused": _("File refused by the scanner"),
    "file.removed": _("File removed"),
    "message.from_applicant": _("The applicant wrote a message"),
    "message.from_desk": _("The desk wrote a message"),
    "note.written": _("A note was written"),
    "call.rule_overridden": _("Let in despite a rule of the call"),
}
# Written down beside another entry that says the same with more in it.
SAID_BEFORE = frozenset({"offer.made", "offer.declined", "offer.lapsed", "check.returned"})
SHOWN_AMOUNTS = frozenset(
    {"application.submitted", "application.offered", "application.awarded", "award.made"}
    | {"technical.passed", "panel.recorded", "application.decided", "review.submitted"}
)
# Own acts, what was returned, decisions once announced, offers, appeals: nothing of reviewers, of scores,
# or of what is held. A verb that is not here stays at the desk.
FOR_APPLICANT = frozenset(
    {"application.started", "application.copied", "application.submitted", "application.resubmitted"}
    | {"application.withdrawn", "application.returned", "application.not_completed"}
    | {"application.waitlisted", "application.offered", "application.offer_extended"}
    | {"application.awarded", "application.turned_down", "application.lapsed", "application.declined"}
    | {"application.appealed", "application.appeal_upheld", "application.appeal_dismissed"}
    | {"offer.accepted", "file.handed_in", "file.refused", "file.removed"}
    | {"message.from_applicant", "message.from_desk"}
)
