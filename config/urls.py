from django.contrib import admin
from django.urls import include, path

from contributions.views import accounts

urlpatterns = [
    path("accounts/login/", accounts.login, name="account_login"),
    path("accounts/login/demo/", accounts.demo_login, name="demo_login"),
    path("accounts/", include("allauth.urls")),
    path("workplace/", accounts.switch_workplace, name="switch_workplace"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("licensing.api.urls")),
    path("", include("licensing.urls")),
    path("", include("contributions.urls")),
]
