"""The desk's forms for asking reviewers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from grants.models.reviewers import Candidate


class AssignForm(forms.Form):
    """`candidates`: the best first. Those who may never judge this applicant are not offered."""

    reviewer = forms.TypedChoiceField(label=gettext_lazy("Reviewer"), empty_value=None)
    override_reason = forms.CharField(
        label=gettext_lazy("Why they are asked all the same"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy(
            "Only for somebody of the second group, who worked with the applicant. Kept with the review."
        ),
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, candidates: Sequence[Candidate], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = [(c.user.pk, named(c)) for c in candidates if not c.conflicts]
        softer = [(c.user.pk, named(c)) for c in candidates if c.conflicts and not c.is_barred]
        field: Any = self.fields["reviewer"]
        by_key = {str(c.user.pk): c.user for c in candidates}
        field.coerce = lambda key: by_key[str(key)]
        groups = [(_("Free of conflicts"), free), (_("Worked with the applicant: give a reason"), softer)]
        field.choices = [("", _("Choose a reviewer")), *(free if not softer else groups)]
        if not softer:
            del self.fields["override_reason"]


def named(candidate: Candidate) -> str:
    """“Lena (2 waiting; knows speech; reads Marathi; away until 3 May)”"""
    count = candidate.load
    notes = [ngettext("%(n)d waiting", "%(n)d waiting", count) % {"n": count}]
    if candidate.is_full:
        notes.append(_("takes no more"))
    if candidate.away_until:
        notes.append(_("away until %(day)s") % {"day": candidate.away_until})
    if candidate.words:
        notes.append(_("knows %(words)s") % {"words": ", ".join(candidate.words)})
    if candidate.languages:
        notes.append(_("reads %(languages)s") % {"languages": ", ".join(candidate.languages)})
    return f"{candidate.user} ({'; '.join(notes)})"
