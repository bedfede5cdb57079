"""/corrections/new/: anyone says that a figure or a row is wrong, from the page it stands on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from contributions.actions.corrections import file_correction
from contributions.filing_limit import count_filing
from contributions.forms.corrections import ContestForm
from contributions.models.contested import contested, in_words, link_of
from mission.access import requires
from mission.errors import Refused
from mission.models import User


@requires("correction.file")
def contest(request: HttpRequest) -> HttpResponse:
    about = request.GET.get("about", "")[:400]
    form = ContestForm(request.POST or None, initial={"about": about})
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            count_filing(request.META.get("REMOTE_ADDR", ""))
            actor = request.user if isinstance(request.user, User) else None
            made = file_correction(actor=actor, **form.cleaned_data)
            told = _("It is in. Its reference is %(reference)s: keep it.") % {"reference": made.reference}
            messages.success(request, told)
            return redirect(made)
        except Refused as refused:
            form.add_error(refused.field, refused.sentence)
            status = refused.status
    subject = contested(form.data.get("about", "") if form.is_bound else about)
    context = {"form": form, "about": in_words(subject), "link": link_of(subject)}
    return render(request, "contributions/corrections/new.html", context, status=status)
