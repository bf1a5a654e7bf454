"""Signing in (names of django-allauth, which it reverses itself) and the room's own pages."""

from allauth.account import views as allauth
from django.urls import path

sign_in = [
    path("sign-in/", allauth.login, name="account_login"),
    path("sign-out/", allauth.logout, name="account_logout"),
]
urlpatterns = [*sign_in]
