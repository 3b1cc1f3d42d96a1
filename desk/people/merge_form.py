"""Choosing, field by field, what the one record says that two records become."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.utils.text import capfirst

from accounts.guard import GuardedFormMixin
from leaders.duplicates import one_phone
from leaders.models import Person

KEPT, OTHER = "giu", "kia"
# A date is chosen together with how much of it is known.
_DATES = ("born_on", "admitted_on", "official_on", "left_on")
_FIELDS = (
    *("full_name", "gender", "born_on", "phone", "ethnicity", "membership", "admitted_on", "official_on"),
    *("left_on", "education", "profession", "theory_level", "keeper", "note", "account"),
)


@dataclass
class FieldRow:
    """One line of the comparison: what each record says, and the choice where they differ."""

    label: str
    kept: str
    other: str
    choice: forms.BoundField | None = None


class MergeForm(GuardedFormMixin, forms.Form):
    """For each field in which the two differ, which of them is right."""

    def __init__(self, *args, kept: Person, other: Person, **kwargs):
        super().__init__(*args, **kwargs)
        self.kept, self.other = kept, other
        for name in self._chosen():
            self.fields[name] = forms.ChoiceField(
                label=capfirst(Person._meta.get_field(name).verbose_name),
                choices=[(KEPT, said(kept, name) or "–"), (OTHER, said(other, name) or "–")],
                initial=KEPT if _has(kept, name) else OTHER,
                widget=forms.RadioSelect,
            )

    def _chosen(self) -> Iterator[str]:
        for name in _FIELDS:
            if name == "ethnicity" and not settings.KEEP_ETHNICITY:
                continue
            # Two accounts cannot belong to one record; of one there is nothing to choose.
            if name != "account" and _value(self.kept, name) != _value(self.other, name):
                yield name

    def rows(self) -> list[FieldRow]:
        """Return every field that one of them fills, those to be chosen with their choice."""
        return [
            FieldRow(
                capfirst(Person._meta.get_field(name).verbose_name),
                said(self.kept, name) or "–",
                said(self.other, name) or "–",
                self[name] if name in self.fields else None,
            )
            for name in _FIELDS
            if name in self.fields or (name not in ("account", "ethnicity") and _has(self.kept, name))
        ]

    def chosen_fields(self) -> dict:
        """Return what the one record is to say; what nobody is asked about is taken where it is known."""
        fields = {}
        for name in _FIELDS:
            if name in self.fields:
                source = self.kept if self.cleaned_data[name] == KEPT else self.other
            else:
                source = self.kept if _has(self.kept, name) else self.other
            fields[name] = getattr(source, name)
            if name in _DATES:
                fields[f"{name}_precision"] = getattr(source, f"{name}_precision")
        return fields


def _value(person: Person, name: str):
    if name in _DATES:
        return getattr(person, name), getattr(person, f"{name}_precision")
    if name == "phone":
        return one_phone(person.phone)
    return getattr(person, Person._meta.get_field(name).attname)


def _has(person: Person, name: str) -> bool:
    value = getattr(person, Person._meta.get_field(name).attname)
    return value not in (None, "", "unknown")


def said(person: Person, name: str) -> str:
    """Return what a record says in this field, in words."""
    if name in _DATES:
        return str(person.partial_date(name.removesuffix("_on")) or "")
    field = Person._meta.get_field(name)
    if field.choices:
        return str(getattr(person, f"get_{name}_display")())
    return str(getattr(person, name) or "")
