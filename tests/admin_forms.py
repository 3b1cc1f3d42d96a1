"""A form of the administration as the page shows it, to be sent with something changed."""


def filled_in(page, **changes) -> dict:
    """Return all that the form of this page holds, with these changes."""
    rows = [row for shown in page.context["inline_admin_formsets"] for row in _rows_of(shown.formset)]
    data = {"seen": page.context["seen"]}
    for form in (page.context["adminform"].form, *rows):
        data |= {form.add_prefix(name): _text(form[name].value()) for name in form.fields}
    return data | changes


def _rows_of(formset) -> list:
    return [formset.management_form, *formset.forms]


def _text(value):
    return "" if value is None else value
