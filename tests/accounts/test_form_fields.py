"""How the fields of forms are written."""

import pytest
from django import forms
from django.template.loader import render_to_string

from cells.models import Unit


class Choosing(forms.Form):
    must = forms.ModelChoiceField(Unit.objects.none())
    may = forms.ModelChoiceField(Unit.objects.none(), required=False)


@pytest.mark.parametrize(("name", "empty"), [("must", ">Chọn<"), ("may", ">–<")])
def test_an_empty_choice_is_said_in_words(db, name, empty):
    page = render_to_string("_field.html", {"field": Choosing()[name]})
    assert empty in page
    assert "----" not in page
