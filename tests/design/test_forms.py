"""Forms: a summary that leads to each field, and a control that names its hint and its error."""

import re

from django import forms
from django.template.loader import render_to_string


class Sample(forms.Form):
    name = forms.CharField(label="Official name", help_text="As in the register.")
    site = forms.URLField(label="Website", required=False, assume_scheme="https")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "Startup"), ("b", "Lab")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I may speak for it")
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        raise forms.ValidationError("The call is closed.")


def drawn(data: dict[str, str] | None = None) -> str:
    return render_to_string("components/form.html", {"form": Sample(data), "submit": "Send"})


def test_an_untouched_form_shows_no_summary() -> None:
    html = drawn()
    assert "error-summary" not in html
    assert "aria-invalid" not in html


def test_hints_and_errors_are_tied_to_their_control() -> None:
    html = drawn({"site": "nonsense"})
    control = re.search(r"<input[^>]*name=\"name\"[^>]*>", html)
    assert control
    described = re.search(r'aria-describedby="([^"]+)"', control[0])
    assert described
    assert set(described[1].split()) == {"id_name_helptext", "id_name_error"}
    for name in described[1].split():
        assert f'id="{name}"' in html
    assert 'aria-invalid="true"' in control[0]


def test_the_summary_comes_first_and_links_to_each_field() -> None:
    html = drawn({"site": "nonsense"})
    assert html.index("error-summary") < html.index("<form")
    assert 'role="alert"' in html
    assert "The call is closed." in html
    for target in ("id_name", "id_site", "id_kind_0", "id_agree"):
        assert f'href="#{target}"' in html
        assert f'id="{target}"' in html


def test_groups_have_a_legend_and_optional_is_said_in_words() -> None:
    html = drawn()
    assert re.search(r"<fieldset[^>]*>\s*<legend>Kind", html)
    assert re.search(r'<label for="id_site">Website <span class="optional">\(optional\)', html)
    assert "(optional)" not in html.split('for="id_agree"')[1]
    assert html.count("<h1") == 0
