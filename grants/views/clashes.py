"""What a page shows when a colleague saved first: both texts, and nothing typed lost."""

from django.utils.translation import gettext as _

from grants.forms.applications import AnswersForm
from grants.models import Application
from mission.errors import Refused


def show_clash(form: AnswersForm, refused: Refused, application: Application) -> AnswersForm:
    """Where the two differ, what is saved stands at the question; saving again knows of it."""
    form.judge()
    form.errors.clear()
    if refused.code == "clash":
        application.refresh_from_db()
        form.show_version(application.draft_version)
        for key, mine in form.typed().items():
            theirs = application.answers.get(key, "")
            if theirs.strip() != mine.strip():
                words = {"who": application.saved_by, "text": theirs}
                form.add_error(key, _("%(who)s wrote: “%(text)s”. Keep what you want, and save.") % words)
    form.add_error(None, refused.sentence)
    return form
