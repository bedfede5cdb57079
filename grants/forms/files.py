"""Choosing a file. The action judges it; this asks for one, and says beforehand what will do."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.file_types import endings_of
from grants.models.questions import Question


class FileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True, max_length=None)

    def __init__(self, question: Question, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, endings = self.fields["file"], endings_of(question.accepts)
        field.widget.attrs["accept"] = endings.replace(" ", "")
        field.error_messages["required"] = _("Choose a file.")
        words = {"endings": endings, "most": filesizeformat(settings.LARGEST_FILE)}
        field.help_text = _("%(endings)s; at most %(most)s.") % words
