from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from contributions.views import accounts, search

urlpatterns = [
    path("accounts/login/", accounts.login, name="account_login"),
    path("accounts/login/demo/", accounts.demo_login, name="demo_login"),
    path("accounts/", include("allauth.urls")),
    path("workplace/", accounts.switch_workplace, name="switch_workplace"),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("search/", search.search, name="search"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("licensing.api.urls")),
    path("", include("licensing.urls")),
    path("", include("contributions.urls")),
]
