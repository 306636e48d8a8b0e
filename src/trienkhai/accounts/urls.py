"""Signing in and out. The names are those allauth looks for; nothing to sign up, nothing by e-mail."""

from django.urls import path

from trienkhai.accounts import views

urlpatterns = [
    path("accounts/login/", views.LoginView.as_view(), name="account_login"),
    path("accounts/logout/", views.LogoutView.as_view(), name="account_logout"),
    path("accounts/inactive/", views.InactiveView.as_view(), name="account_inactive"),
    path("accounts/reauthenticate/", views.ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("accounts/password/change/", views.ChangePassword.as_view(), name="account_change_password"),
    path("accounts/password/forgotten/", views.ForgottenView.as_view(), name="account_reset_password"),
]
