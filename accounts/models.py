"""Who signs in, and what was taken out of the system by whom."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.changes import ChangeSet, TracedRecords
from accounts.fields import KeyField
from accounts.roles import ADMIN_ROLES, SECOND_FACTOR_ROLES, Role
from sheets.text import fold, nfc

__all__ = ["ChangeSet", "ExportLog", "Role", "SecondFactor", "User"]


class AccountManager(UserManager):
    """Makes accounts; a superuser made in the shell is a system administrator."""

    def _create_user_object(self, username, email, password, **extra):
        # Whether somebody may enter the administration follows from the role.
        extra.pop("is_staff", None)
        return super()._create_user_object(username, email, password, **extra)

    def create_superuser(self, username, email=None, password=None, **extra):
        extra.setdefault("role", Role.ADMINISTRATOR)
        extra["is_superuser"] = True
        return self._create_user(username, email, password, **extra)


class User(AbstractUser):
    """Somebody who signs in. The role says what they may do, their grants say where."""

    first_name = None
    last_name = None
    full_name = models.CharField(_("full name"), max_length=200)
    position = models.CharField(_("position"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.LEADER)
    search_key = KeyField()

    objects = AccountManager()
    history = TracedRecords(excluded_fields=["password", "last_login"])

    REQUIRED_FIELDS = ["full_name"]

    class Meta(AbstractUser.Meta):
        ordering = ["username"]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                name="user_role_is_known",
                condition=models.Q(role__in=Role.values),
                violation_error_message=_("Choose one of the roles of the list."),
            ),
        ]

    def __str__(self):
        return self.full_name or self.username

    def save(self, *args, **kwargs):
        self.full_name = nfc(self.full_name)
        self.search_key = fold(f"{self.full_name} {self.username} {self.phone}")[:250]
        if set(kwargs.get("update_fields") or ()) == {"last_login"}:
            # Signing in is no change of the account.
            self.skip_history_when_saving = True
            try:
                super().save(*args, **kwargs)
            finally:
                del self.skip_history_when_saving
        else:
            super().save(*args, **kwargs)

    @property
    def is_staff(self) -> bool:
        """Whether the person may enter the administration screens."""
        return self.is_superuser or self.role in ADMIN_ROLES

    @property
    def needs_second_factor(self) -> bool:
        return self.is_superuser or self.role in SECOND_FACTOR_ROLES

    @property
    def sees_private_data(self) -> bool:
        """Whether telephone numbers and birth dates are shown to this person at all."""
        return self.has_perm("leaders.view_private_data")

    def get_full_name(self):
        return self.full_name

    def get_short_name(self):
        return self.full_name


class SecondFactor(Authenticator):
    """What somebody proves with, beside the password, who they are; here only to be listed and taken away."""

    class Meta:
        proxy = True
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")

    def __str__(self):
        return f"{self.user}: {self.get_type_display()}"


class ExportLog(models.Model):
    """Somebody took a list out of the system: which, with which filter, how many rows."""

    by = models.ForeignKey(User, on_delete=models.SET_NULL, related_name="+", null=True, verbose_name=_("by"))
    by_name = models.CharField(_("name"), max_length=200)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    what = models.CharField(_("list"), max_length=200)
    filters = models.CharField(_("filter"), max_length=500, blank=True)
    row_count = models.PositiveIntegerField(_("rows"))

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("export")
        verbose_name_plural = _("exports")

    def __str__(self):
        return f"{self.what} ({self.row_count})"

    @classmethod
    def note(cls, *, by: User, what: str, filters: str = "", rows: int) -> "ExportLog":
        """Record that this person took these rows out."""
        return cls.objects.create(
            by=by, by_name=str(by), what=what[:200], filters=filters[:500], row_count=rows
        )
