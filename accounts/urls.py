"""Signing in and the second factor: the few pages of django-allauth that this site uses."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path

urlpatterns = [
    path("dang-nhap/", account.login, name="account_login"),
    path("dang-xuat/", account.logout, name="account_logout"),
    path("doi-mat-khau/", account.password_change, name="account_change_password"),
    path("xac-nhan-lai/", account.reauthenticate, name="account_reauthenticate"),
    path("xac-thuc/", mfa.authenticate, name="mfa_authenticate"),
    path("xac-nhan-lai/hai-lop/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("hai-lop/", mfa.index, name="mfa_index"),
    path("hai-lop/bat/", totp.activate_totp, name="mfa_activate_totp"),
    path("hai-lop/tat/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("hai-lop/ma-du-phong/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "hai-lop/ma-du-phong/tao/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "hai-lop/ma-du-phong/tai/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
]
