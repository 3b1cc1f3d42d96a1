"""What every admin screen has: the user's scope, search by keys, history, and refusals in words."""

from functools import partial

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import display_for_field, unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q, RestrictedError
from django.forms.models import _get_foreign_key
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from accounts.changes import give_reason
from accounts.guard import Guard
from accounts.refusals import check_deferred, sentences_for
from sheets.text import fold

REFUSALS = (IntegrityError, ProtectedError, RestrictedError, ValidationError)


class ReasonedForm(forms.ModelForm):
    """A form that asks why, which the change set keeps."""

    change_reason = forms.CharField(
        label=gettext_lazy("Reason of the change"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Shown in the history. A decision is named here when there is one."),
    )


class ChoiceField(forms.ModelChoiceField):
    """Offers rows under the label that tells them apart: places repeat their names."""

    def __init__(self, *args, label_of=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_from_instance = label_of or choice_label


def year_column(path: str, description):
    """Return a column for a year, which is a name and no quantity: 2025, never 2.025."""

    @admin.display(description=description, ordering=path)
    def column(obj):
        value = obj
        for name in path.split("__"):
            value = getattr(value, name)
        return "" if value is None else str(value)

    return column


def choice_label(obj) -> str:
    """Return what a row is called in a picker."""
    return getattr(obj, "choice_label", None) or str(obj)


def label_in_picker(screen, request, obj) -> str:
    """Return what the screen of its rows calls this one before whoever asks."""
    return screen.label_of(request, obj) if isinstance(screen, ScopedAdmin) else choice_label(obj)


class ScopedFields:
    """Fields that offer only what the signed-in user may see, always by search."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        related = db_field.remote_field.model._default_manager.all()
        registered = self.admin_site._registry.get(db_field.remote_field.model)
        if registered is not None and hasattr(registered, "rows_to_see"):
            kwargs.setdefault("queryset", registered.rows_to_see(request, related))
        if "form_class" not in kwargs:
            kwargs |= {"form_class": ChoiceField, "label_of": partial(label_in_picker, registered, request)}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_view_on_site_url(self, obj=None):
        return obj.get_absolute_url() if obj is not None and hasattr(obj, "get_absolute_url") else None

    def get_autocomplete_fields(self, request):
        """Choose every row of another table by search: a list of ten thousand units is no list."""
        return [
            field.name
            for field in self.model._meta.concrete_fields
            if field.is_relation and field.editable and self._can_be_searched(field)
        ]

    def _can_be_searched(self, field) -> bool:
        registered = self.admin_site._registry.get(field.remote_field.model)
        return registered is not None and bool(registered.search_fields)


class ChangeInWords(HistoricalRecordContextHelper):
    """Shows what was changed as forms and lists show it: choices by their label, days as 03/02/1985."""

    def prepare_delta_change_value(self, change, value):
        field = self.model._meta.get_field(change.field)
        return str(value or "–") if field.is_relation else display_for_field(value, field, "–")


class ScopedAdmin(ScopedFields, SimpleHistoryAdmin):
    """Lists what the user may see, changes what the user keeps; everything else is not there (404)."""

    form = ReasonedForm
    actions = None  # nothing is deleted, or done, to many rows at once without a preview
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # one more count for each choice of each filter
    # Paths to stored search keys; see get_search_results.
    search_fields = ["search_key"]

    # --- Scope ------------------------------------------------------------------------

    def rows_to_see(self, request, queryset):
        return queryset.visible_to(request.user)

    def rows_to_keep(self, request, queryset):
        return queryset.kept_by(request.user)

    def get_queryset(self, request):
        return self.rows_to_see(request, super().get_queryset(request))

    def keeps(self, request, obj) -> bool:
        """Say whether the user may change this row; asked of the database once per request."""
        known = request.__dict__.setdefault("_kept_rows", {})
        if (self.model, obj.pk) not in known:
            rows = self.rows_to_keep(request, self.model._default_manager.all())
            known[self.model, obj.pk] = rows.filter(pk=obj.pk).exists()
        return known[self.model, obj.pk]

    def label_of(self, request, obj) -> str:
        """Return what the row is called in the pickers of this user."""
        return choice_label(obj)

    def is_closed(self, obj) -> bool:
        """Say whether the row is closed: decided, or in use. A closed row is only read."""
        return False

    def has_change_permission(self, request, obj=None):
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or (not self.is_closed(obj) and self.keeps(request, obj))

    def has_delete_permission(self, request, obj=None):
        if not super().has_delete_permission(request, obj):
            return False
        return obj is None or (not self.is_closed(obj) and self.keeps(request, obj))

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        # Django sends people away with a message; outside the scope nothing exists here.
        raise Http404

    def history_view(self, request, object_id, extra_context=None):
        self._refuse_history_outside_scope(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        self._refuse_history_outside_scope(request, object_id)
        return super().history_form_view(request, object_id, version_id, extra_context)

    def _refuse_history_outside_scope(self, request, object_id):
        # The package falls back on the history of rows it does not find, which are the foreign ones too.
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        if not self.may_see_history(request, obj):
            raise PermissionDenied

    def may_see_history(self, request, obj) -> bool:
        return True

    def get_history_queryset(self, request, history_manager, pk_name, object_id):
        records = super().get_history_queryset(request, history_manager, pk_name, object_id)
        return records.select_related("change_set", "history_user")

    def get_historical_record_context_helper(self, request, historical_record):
        return ChangeInWords(self.model, historical_record)

    # --- Search -----------------------------------------------------------------------

    def lookup_allowed(self, lookup, value, request=None):
        """Allow the filters on offer alone: other questions would be answered about what is masked."""
        offered = {getattr(one, "parameter_name", one) for one in self.get_list_filter(request)}
        return lookup.split("__")[0] in offered and super().lookup_allowed(lookup, value, request)

    def get_search_results(self, request, queryset, search_term):
        """Find the rows in whose keys every word occurs, diacritics aside and đ = d."""
        words = fold(search_term).split()
        if search_term.strip() and not words:
            return queryset.none(), False
        for word in words:
            hit = Q()
            for path in self.search_fields:
                hit |= Q(**{f"{path}__contains": word})
            queryset = queryset.filter(hit)
        return queryset, False

    # --- Saving -----------------------------------------------------------------------

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return _refusing(form, refusal) if refusal else form

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return _without_reason(fieldsets)
        return fieldsets

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        context = dict(extra_context or {})
        try:
            with transaction.atomic():
                guard = self._guard(request, object_id)
                context["seen"] = guard.mark if guard else ""
                # What was changed since the form was shown is not written over (invariant of revisions).
                if request.POST.get("seen", context["seen"]) != context["seen"]:
                    raise ValidationError(guard.refusal())
                return super().changeform_view(request, object_id, form_url, context)
        except REFUSALS as error:
            # Nothing was written. The same form is shown again, with the reason above it.
            request.refusal = sentences_for(error)
            request.__dict__.pop("_kept_rows", None)
            return super().changeform_view(request, object_id, form_url, context)

    def _guard(self, request, object_id) -> Guard | None:
        """Return the last change of the row and of those below it, the row being locked while it is saved."""
        obj = self.get_object(request, unquote(object_id)) if object_id else None
        if obj is None or not hasattr(obj, "history"):
            return None
        if request.method == "POST":
            self.lock_before(obj)
            self.model._base_manager.select_for_update().get(pk=obj.pk)
        below = [
            inline.model.history.filter(**{_key_to(obj, inline): obj.pk})
            for inline in self.get_inline_instances(request, obj)
            if hasattr(inline.model, "history")
        ]
        return Guard(obj.history.all(), *below)

    def lock_before(self, obj):
        """Lock what everybody locks before a row like this one, where saving it touches that too."""

    def save_model(self, request, obj, form, change):
        reason = form.cleaned_data.get("change_reason")
        give_reason(reason or f"{self.opts.verbose_name}: {obj}")
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.after_saving(request, form.instance)
        check_deferred()
        self.refuse_what_left_the_scope(request, form.instance)
        for formset in formsets:
            written = [*formset.new_objects, *(row for row, _fields in formset.changed_objects)]
            _refuse_not_kept(request, formset.model, {row.pk for row in written})

    def save_formset(self, request, form, formset, change):
        # Rows of the one above may belong to bodies that the user only reads.
        touched = {row.instance.pk for row in formset.initial_forms if row.has_changed()}
        _refuse_not_kept(request, formset.model, touched)
        super().save_formset(request, form, formset, change)

    def after_saving(self, request, obj):
        """Bring copies up to date; the row and what hangs on it are written by now."""

    def refuse_what_left_the_scope(self, request, obj):
        rows = self.rows_to_keep(request, self.model._default_manager.all())
        if not rows.filter(pk=obj.pk).exists():
            raise ValidationError(
                _("After this change the record would no longer be in your scope. Nothing was saved.")
            )

    def delete_view(self, request, object_id, extra_context=None):
        try:
            with transaction.atomic():
                return super().delete_view(request, object_id, extra_context)
        except REFUSALS as error:
            for sentence in sentences_for(error):
                self.message_user(request, sentence, level="ERROR")
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(name, args=[object_id]))

    def delete_model(self, request, obj):
        give_reason(_("Deleted: %(what)s") % {"what": obj})
        super().delete_model(request, obj)
        check_deferred()


class ReadOnlyAdmin(ScopedAdmin):
    """Rows that are written elsewhere, by an act that has its own page or command."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ScopedRows(ScopedFields):
    """Rows that belong to the one above, changed by whoever may change that."""

    extra = 0

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and self._may_change_parent(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._may_change_parent(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._may_change_parent(request, obj)

    def _may_change_parent(self, request, parent) -> bool:
        above = self.admin_site.get_model_admin(self.parent_model)
        if parent is None or parent.pk is None:
            return above.has_add_permission(request)
        return above.has_change_permission(request, parent)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget  # no room for three more buttons beside each picker
        # A column head is no label to a screen reader.
        field.widget.attrs.setdefault("aria-label", capfirst(field.label))
        return field


class ScopedInline(ScopedRows, admin.TabularInline):
    """Rows of few columns, one below the other."""


class ScopedStack(ScopedRows, admin.StackedInline):
    """Rows of many columns, each as a form of its own."""


def _key_to(obj, inline) -> str:
    """Return the name of the foreign key by which an inline's rows hang on the row above."""
    return _get_foreign_key(type(obj), inline.model, fk_name=inline.fk_name).name


def _refuse_not_kept(request, model, keys: set) -> None:
    """Refuse to write rows outside what the user keeps; where a row has no place, the one above decides."""
    rows = model._default_manager.all()
    if not hasattr(rows, "kept_by"):
        return
    if rows.kept_by(request.user).filter(pk__in=keys).count() < len(keys):
        raise ValidationError(
            _("You may only read one of the rows that were changed below. Nothing was saved.")
        )


def _refusing(form, sentences: list[str]):
    """Return the form class with these sentences as an error of every form of it."""

    class RefusedForm(form):
        def _post_clean(self):
            super()._post_clean()
            self.add_error(None, sentences)

    return RefusedForm


def _without_reason(fieldsets) -> list:
    return [
        (title, {**options, "fields": [name for name in options["fields"] if name != "change_reason"]})
        for title, options in fieldsets
    ]
