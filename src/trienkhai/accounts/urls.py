"""Signing in and out. The names are those allauth looks for; nothing to sign up, nothing by e-mail."""

from django.urls import path

from trienkhai.accounts import views

urlpatterns = [
    path("login/", views.LoginView.as_view(), name="account_login"),
    path("logout/", views.LogoutView.as_view(), name="account_logout"),
    path("inactive/", views.InactiveView.as_view(), name="account_inactive"),
    path("reauthenticate/", views.ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("password/change/", views.ChangePassword.as_view(), name="account_change_password"),
    path("password/forgotten/", views.ForgottenView.as_view(), name="account_reset_password"),
]
