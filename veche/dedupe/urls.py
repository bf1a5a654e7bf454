from django.urls import path

from veche.dedupe.views import certain, households, phones, queue, rules, searches

app_name = "dedupe"
urlpatterns = [
    path("doubles/", queue.doubles, name="doubles"),
    path("doubles/<int:group_id>/decisions/", queue.decision_new, name="decision_new"),
    path("doubles/decisions/<int:decision_id>/undo/", queue.decision_undo, name="decision_undo"),
    path("doubles/decisions/<int:decision_id>/relations/", queue.relations_new, name="relations_new"),
    path("doubles/skipped/", queue.skipped, name="skipped"),
    path("doubles/certain/", certain.certain, name="certain"),
    path("doubles/certain/merges/", certain.sweep_new, name="sweep_new"),
    path("doubles/certain/merges/<int:sweep_id>/undo/", certain.sweep_undo, name="sweep_undo"),
    path("doubles/families/", households.households, name="households"),
    path("doubles/families/count/", households.count, name="households_count"),
    path(
        "doubles/families/<int:suggestion_id>/decisions/",
        households.decision_new,
        name="household_decision_new",
    ),
    path(
        "doubles/families/decisions/<int:decision_id>/undo/",
        households.decision_undo,
        name="household_decision_undo",
    ),
    path("doubles/families/skipped/", households.skipped, name="households_skipped"),
    path("doubles/families/plain/", households.plain, name="households_plain"),
    path("doubles/families/plain/sweeps/", households.sweep_new, name="household_sweep_new"),
    path(
        "doubles/families/plain/sweeps/<int:sweep_id>/undo/",
        households.sweep_undo,
        name="household_sweep_undo",
    ),
    path("doubles/phones/", phones.phones, name="phones"),
    path("doubles/phones/<int:finding_id>/verdict/", phones.verdict, name="phone_verdict"),
    path("doubles/phones/judged/<str:mark>/removal/", phones.removal, name="phone_removal"),
    path("doubles/searches/", searches.searches, name="searches"),
    path("doubles/searches/new/", searches.search_new, name="search_new"),
    path("doubles/searches/<int:search_id>/stop/", searches.search_stop, name="search_stop"),
    path("doubles/rules/new/", rules.rules_new, name="rules_new"),
    path("doubles/rules/<int:rules_id>/", rules.rules, name="rules"),
    path("doubles/rules/<int:rules_id>/removal/", rules.removal, name="rules_removal"),
]
