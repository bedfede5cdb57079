"""What the sandbox's pages ask: a label for a key, a message for a model."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from grants.models import Award
from sandbox.answers import Json
from sandbox.models import Deployment

MOST_TURNS = 10
MOST_CHARACTERS = 8000
ANSWER_TOKENS = 400


class AwardForm(forms.Form):
    """A form that spends an award: the only one of a person needs no choosing."""

    award = forms.TypedChoiceField(label=_("Award that pays"), coerce=int)

    def __init__(self, *args: Any, awards: Sequence[Award], **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self.fields["award"], [(award.pk, str(award)) for award in awards])


def offer(field: forms.Field, choices: list[tuple[Any, str]]) -> None:
    """Let people choose, unless there is nothing to choose."""
    field.choices = choices  # type: ignore[attr-defined]
    if len(choices) == 1:
        field.widget = forms.HiddenInput()
        field.initial = choices[0][0]


class KeyForm(AwardForm):
    label = forms.CharField(
        label=_("Label"),
        max_length=80,
        help_text=_("What will use the key, so that you know which one to revoke: “training laptop”."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    field_order = ["award", "label"]


class PlaygroundForm(AwardForm):
    """One more message of a conversation; the page itself carries what was said before."""

    model = forms.ChoiceField(label=_("Model"))
    message = forms.CharField(label=_("Your message"), widget=forms.Textarea({"rows": 4}))
    turns = forms.JSONField(required=False, widget=forms.HiddenInput(), initial=list)
    field_order = ["award", "model", "message", "turns"]

    def __init__(self, *args: Any, models: Sequence[Deployment], **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self.fields["model"], [(one.name, one.title) for one in models])

    def clean_turns(self) -> list[Json]:
        turns = self.cleaned_data["turns"] or []
        if not isinstance(turns, list) or not all(is_turn(turn) for turn in turns):
            raise forms.ValidationError(_("The conversation could not be read. Start a new one."))
        return turns

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        turns = cleaned.get("turns", [])
        characters = sum(len(turn["content"]) for turn in turns) + len(cleaned.get("message", ""))
        if len(turns) >= 2 * MOST_TURNS:
            sentence = _now("A conversation here ends after %(most)s messages of yours. Start a new one.")
            self.add_error("message", sentence % {"most": MOST_TURNS})
        elif characters > MOST_CHARACTERS:
            sentence = _now(
                "A conversation here has at most 8,000 characters. Write less, or start a new one."
            )
            self.add_error("message", sentence)
        return cleaned

    def asked(self) -> Json:
        """The request to the model, as `/v1/chat/completions` takes it."""
        message = {"role": "user", "content": self.cleaned_data["message"]}
        return {
            "model": self.cleaned_data["model"],
            "messages": [*self.cleaned_data["turns"], message],
            "max_tokens": ANSWER_TOKENS,
        }


def is_turn(turn: Any) -> bool:
    return (
        isinstance(turn, dict)
        and turn.keys() == {"role", "content"}
        and turn["role"] in ("user", "assistant")
        and isinstance(turn["content"], str)
    )
