"""Views of the desk that a person keeps under a name."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from grants.actions.rights import must
from grants.models.notifications import SavedView
from mission.errors import Refused
from mission.models import User

MOST = 50


def save_view(*, actor: User, name: str, query: str) -> SavedView:
    """The same name twice is refused, unless it is the same view."""
    must(actor, "desk.open")
    name = name.strip()
    if not name:
        raise Refused(_("Give the view a name."), field="name", code="invalid", status=422)
    mine = SavedView.objects.filter(user=actor)
    there = mine.filter(name=name).first()
    if there is None and mine.count() >= MOST:
        raise Refused(
            _("You have %(most)d views. Delete one first.") % {"most": MOST}, field="name", code="too_many"
        )
    try:
        with transaction.atomic():
            kept = there or SavedView.objects.create(user=actor, name=name, query=query)
    except IntegrityError:  # saved in another window just now
        kept = mine.get(name=name)
    if kept.query != query:
        raise Refused(_("You have a view of this name already."), field="name", code="named_before")
    return kept


def delete_view(*, actor: User, view: SavedView) -> None:
    """One's own. Again: changes nothing."""
    SavedView.objects.filter(pk=view.pk, user=actor).delete()
