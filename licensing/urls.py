from django.urls import path

app_name = "licensing"
urlpatterns: list = []
