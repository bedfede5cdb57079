"""/desk/calls/<slug>/letters/: the letters of a call, in the house's words or its own; a look at each."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from grants.actions import letters as actions
from grants.forms.letters import LetterForm
from grants.models import Application, Call
from grants.models.letter_samples import try_out
from grants.models.letters import LETTERS, PLACEHOLDERS
from mission.access import requires
from mission.errors import Refused
from mission.people_of import person


@requires("call.write")
def desk_letters(request: HttpRequest, slug: str) -> HttpResponse:
    call = get_object_or_404(Call, slug=slug)
    kinds = [(kind, about.label, kind in call.letters) for kind, about in LETTERS.items()]
    return render(request, "grants/desk/letters.html", {"call": call, "kinds": kinds})


@requires("call.write")
def desk_letter(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Write it, look at it, keep it; or go back to the house's words."""
    call = get_object_or_404(Call, slug=slug)
    if kind not in LETTERS:
        raise Http404
    form = LetterForm(call, kind, request.POST if request.method == "POST" else None)
    if "drop" in request.POST:
        actions.drop_letter(actor=person(request), call=call, kind=kind)
        messages.success(request, _("This call uses the house's words again."))
        return redirect("grants:desk_letters", slug)
    if form.is_valid():
        try:
            for field in ("subject", "body"):
                actions.check_letter(kind, field, form.cleaned_data[field])
            if "preview" not in request.POST:
                actions.set_letter(actor=person(request), call=call, kind=kind, **form.cleaned_data)
                messages.success(request, _("Kept. Letters of this call use these words from now on."))
                return redirect("grants:desk_letters", slug)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    return letter_page(request, call, kind, form)


def letter_page(request: HttpRequest, call: Call, kind: str, form: LetterForm) -> HttpResponse:
    """With the letter as it would be, on the application that came last, or on a made-up one."""
    words = form.cleaned_data if form.is_bound and not form.errors else call.letters.get(kind)
    rows = Application.objects.at_the_desk(person(request)).filter(call=call)
    on = rows.select_related("organisation", "call").order_by("-submitted_at").first()
    names = [(name, "{{ " + name + " }}", PLACEHOLDERS[name]) for name in LETTERS[kind].names]
    context = {
        "call": call,
        "label": LETTERS[kind].label,
        "form": form,
        "names": names,
        "own": kind in call.letters,
        "on": on,
        "letter": None if form.errors else try_out(kind, call, person(request), words, on),
    }
    return render(request, "grants/desk/letter.html", context, status=422 if form.errors else 200)
