"""Addresses of the rules: in words, as the clinic has set them, and changing that."""

from django.urls import path

from pages.views import rule_changes, rules

app_name = "rules"

urlpatterns = [
    path("", rules.rule_list, name="list"),
    path("<str:code>/", rules.rule, name="rule"),
    path("<str:code>/change/", rule_changes.change, name="change"),
    path("<str:code>/preview/", rule_changes.preview, name="preview"),
    path("<str:code>/preview/again/", rule_changes.again, name="again"),
    path("<str:code>/activate/", rule_changes.activate, name="activate"),
    path("<str:code>/give-up/", rule_changes.discard, name="discard"),
]
