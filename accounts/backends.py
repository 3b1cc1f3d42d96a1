"""Signing in by password; what somebody may do follows from the role."""

from django.contrib.auth.backends import ModelBackend

from accounts.roles import PERMISSIONS


class RoleBackend(ModelBackend):
    """Signs people in by password and gives them the permissions of their role."""

    def get_all_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return frozenset()
        return PERMISSIONS.get(user_obj.role, frozenset())

    def has_perm(self, user_obj, perm, obj=None):
        return perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj, app_label):
        return any(p.startswith(f"{app_label}.") for p in self.get_all_permissions(user_obj))
