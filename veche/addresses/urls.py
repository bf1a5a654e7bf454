"""Territories and their houses. Their names and their tree are kept in accounts; contacts add people."""

from django.urls import include, path

from veche.addresses.views import territories, territory_checks, territory_rules

room = [
    path("coverage/", territories.territories, name="territories"),
    path("coverage/new/", territories.precincts, name="precincts_new"),
    path("coverage/laying-out/", territories.laying_out, name="laying_out"),
    path("coverage/doubles/", territory_checks.doubles, name="doubles"),
    path("coverage/gaps/", territory_checks.gaps, name="gaps"),
    path("coverage/<int:territory_id>/", territories.territory, name="territory"),
    path("coverage/<int:territory_id>/about/", territories.description, name="territory_about"),
    path("coverage/<int:territory_id>/houses/", territories.houses, name="territory_houses"),
    path("coverage/<int:territory_id>/text/", territory_rules.text, name="territory_text"),
    path(
        "coverage/texts/<int:text_id>/removal/", territory_rules.text_removal, name="territory_text_removal"
    ),
    path("coverage/rules/<int:rule_id>/", territory_rules.rule, name="territory_rule"),
    path(
        "coverage/rules/<int:rule_id>/removal/", territory_rules.rule_removal, name="territory_rule_removal"
    ),
]

urlpatterns = [path("", include((room, "addresses")))]
