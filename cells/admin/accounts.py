"""Accounts with the units they answer for, and the records of what accounts did."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_base import REFUSALS, ReadOnlyAdmin, ReasonedForm, ScopedAdmin, ScopedInline
from accounts.history import rows_of
from accounts.models import ChangeSet, ExportLog, SecondFactor, User
from accounts.refusals import sentences_for
from cells.accounts import accounts_seen_by, records_seen_by, sees_every_account
from cells.admin.filters import RunningFilter, place_filter
from cells.kinds import Level
from cells.models import Grant, Line, Reorganisation
from cells.taking_back import take_back_kept

# What somebody may do follows from the role; groups of permissions would contradict it.
admin.site.unregister(Group)
# These screens know no scope, and one of them shows the secrets of other people's second factor.
admin.site.unregister([Authenticator, EmailAddress])


class NewAccountForm(BaseUserCreationForm, ReasonedForm):
    class Meta:
        model = User
        fields = ["username", "full_name", "position", "phone", "role"]


class AccountForm(UserChangeForm, ReasonedForm):
    class Meta:
        model = User
        fields = ["username", "password", "full_name", "position", "phone", "role", "is_active"]


class GrantInline(ScopedInline):
    model = Grant
    fields = ["unit", "access", "source", "starts_on", "ends_on"]


@admin.register(User)
class AccountAdmin(ScopedAdmin, DjangoUserAdmin):
    form = AccountForm
    add_form = NewAccountForm
    inlines = [GrantInline]
    fieldsets = [
        (None, {"fields": ["username", "password", "is_active"]}),
        (gettext_lazy("Person"), {"fields": ["full_name", "position", "phone"]}),
        (gettext_lazy("What the account may do"), {"fields": ["role", "change_reason"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2"]}),
        (gettext_lazy("Person"), {"fields": ["full_name", "position", "phone"]}),
        (gettext_lazy("What the account may do"), {"fields": ["role"]}),
    ]
    list_display = ["username", "full_name", "position", "role", "is_active", "last_login"]
    list_filter = ["role", "is_active", place_filter("grants__unit", Level.COMMUNE)]
    list_select_related = []
    search_fields = ["search_key"]
    ordering = ["username"]
    filter_horizontal = []

    def rows_to_see(self, request, queryset):
        return accounts_seen_by(request.user, queryset)

    def rows_to_keep(self, request, queryset):
        return accounts_seen_by(request.user, queryset)

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        # Nobody takes over an account that may do more than their own.
        return allowed and (obj is None or request.user.is_superuser or not obj.is_superuser)

    def has_delete_permission(self, request, obj=None):
        # An account is switched off; what it did keeps its name.
        return False


@admin.register(Grant)
class GrantAdmin(ScopedAdmin):
    list_display = ["user", "unit", "access", "source", "starts_on", "ends_on"]
    list_filter = ["access", "source", RunningFilter, place_filter("unit")]
    list_select_related = ["user", "unit"]
    search_fields = ["user__search_key", "unit__search_key"]
    ordering = ["user__username", "pk"]


class RecordAdmin(ReadOnlyAdmin):
    """Rows that are themselves the record of something, so they have no history of their own."""

    change_form_template = "admin/record.html"

    def history_view(self, request, object_id, extra_context=None):
        raise Http404

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        raise Http404


@admin.register(ChangeSet)
class ChangeSetAdmin(RecordAdmin):
    """What was changed by whom, with the way back for what was recorded in error."""

    change_form_template = "admin/change_set.html"
    list_display = ["at", "by_name", "kind", "reason", "was_taken_back"]
    list_filter = ["kind"]
    list_select_related = ["taken_back_by"]
    search_fields = ["by__search_key"]

    def rows_to_see(self, request, queryset):
        return records_seen_by(request.user, queryset)

    @admin.display(description=gettext_lazy("taken back"), empty_value="")
    def was_taken_back(self, change_set):
        return change_set.taken_back_by.at if hasattr(change_set, "taken_back_by") else None

    def get_urls(self):
        view = self.admin_site.admin_view(self.take_back_view)
        return [path("<int:pk>/hoan-tac/", view, name="accounts_changeset_take_back"), *super().get_urls()]

    def take_back_view(self, request, pk):
        if not request.user.has_perm("accounts.take_back"):
            raise PermissionDenied
        change_set = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method == "POST":
            return self._take_back(request, change_set)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take back"),
            "opts": self.opts,
            "change_set": change_set,
        }
        return TemplateResponse(request, "admin/take_back.html", context)

    def _take_back(self, request, change_set):
        try:
            with transaction.atomic():
                _refuse_steps_of_events(rows_of(change_set))
                _refuse_merged_records(change_set)
                count = take_back_kept(change_set, by=request.user, reason=request.POST.get("reason", ""))
        except REFUSALS as error:
            for sentence in sentences_for(error):
                messages.error(request, sentence)
            return HttpResponseRedirect(reverse("admin:accounts_changeset_take_back", args=[change_set.pk]))
        messages.success(request, _("Taken back: %(count)s records.") % {"count": count})
        return HttpResponseRedirect(reverse("admin:accounts_changeset_changelist"))


def _refuse_steps_of_events(rows: dict) -> None:
    """Refuse what a reorganisation wrote: taken back by itself, the event would say what is no longer so."""
    events = set(rows.get(Reorganisation, ())) | set(
        Line.history.filter(id__in=rows.get(Line, ())).values_list("reorganisation", flat=True)
    )
    known = Reorganisation.objects.filter(pk__in=events).order_by("pk").first()
    if known is not None:
        raise ValidationError(
            _("This belongs to the reorganisation “%(event)s”. It is undone on its own page: %(url)s")
            % {"event": known, "url": known.get_absolute_url()}
        )


def _refuse_merged_records(change_set: ChangeSet) -> None:
    """Refuse what made two records one: made two again, each is given its keeper and what its account reads."""
    if change_set.kind == ChangeSet.Kind.PERSON_MERGE:
        raise ValidationError(
            _("Here two records of one person were merged. That is undone on its own page: %(url)s")
            % {"url": reverse("records:merged", args=[change_set.pk])}
        )


@admin.register(ExportLog)
class ExportLogAdmin(RecordAdmin):
    list_display = ["at", "by_name", "what", "filters", "row_count"]
    list_filter = []
    search_fields = ["by__search_key"]

    def rows_to_see(self, request, queryset):
        return records_seen_by(request.user, queryset)


@admin.register(AccessAttempt)
class AccessAttemptAdmin(RecordAdmin):
    """Sign-ins that failed. Deleting one opens a locked account before its time."""

    list_display = ["attempt_time", "username", "ip_address", "failures_since_start"]
    search_fields = ["username"]
    ordering = ["-attempt_time"]

    def rows_to_see(self, request, queryset):
        return queryset if sees_every_account(request.user) else queryset.none()

    rows_to_keep = rows_to_see

    def has_delete_permission(self, request, obj=None):
        return request.user.has_perm("axes.delete_accessattempt")


@admin.register(SecondFactor)
class SecondFactorAdmin(RecordAdmin):
    """Second factors, without their secrets. Deleting one lets somebody with a lost telephone set up another."""

    fields = list_display = ["account", "kind", "set_up_on", "last_used_on"]
    list_select_related = ["user"]
    search_fields = ["user__search_key"]
    ordering = ["user__username", "pk"]

    def rows_to_see(self, request, queryset):
        return queryset if sees_every_account(request.user) else queryset.none()

    def rows_to_keep(self, request, queryset):
        rows = self.rows_to_see(request, queryset)
        return rows if request.user.is_superuser else rows.exclude(user__is_superuser=True)

    def has_delete_permission(self, request, obj=None):
        permitted = request.user.has_perm("accounts.delete_secondfactor")
        return permitted and (obj is None or self.keeps(request, obj))

    @admin.display(description=gettext_lazy("account"), ordering="user__username")
    def account(self, authenticator):
        return authenticator.user

    @admin.display(description=gettext_lazy("kind"))
    def kind(self, authenticator):
        return authenticator.get_type_display()

    @admin.display(description=gettext_lazy("set up on"), ordering="created_at")
    def set_up_on(self, authenticator):
        return authenticator.created_at

    @admin.display(description=gettext_lazy("last used on"), ordering="last_used_at")
    def last_used_on(self, authenticator):
        return authenticator.last_used_at
