"""Imports are nouns; checking, loading, stopping and undoing one are nouns below it."""

from django.urls import path

from veche.exchange.views import bridge, corrections, exports, imports, mappings, running, setting_up, undo

app_name = "exchange"
urlpatterns = [
    path("exports/", exports.exports, name="exports"),
    path("exports/new/", exports.export_new, name="export_new"),
    path("exports/<uuid:key>/file/", exports.export_file, name="export_file"),
    path("exports/<uuid:key>/deletion/", exports.export_deletion, name="export_deletion"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<int:import_id>/", imports.import_one, name="import"),
    path("imports/<int:import_id>/table/", setting_up.table, name="table"),
    path("imports/<int:import_id>/look/", setting_up.look, name="look"),
    path("imports/<int:import_id>/columns/", setting_up.columns, name="columns"),
    path("imports/<int:import_id>/check/", running.check, name="check"),
    path("imports/<int:import_id>/load/", running.load, name="load"),
    path("imports/<int:import_id>/standing/", corrections.standing, name="standing"),
    path("imports/<int:import_id>/corrections/", corrections.corrections, name="corrections"),
    path(
        "imports/<int:import_id>/corrections/<int:correction_id>/removal/",
        corrections.correction_removal,
        name="correction_removal",
    ),
    path("imports/<int:import_id>/problem/", corrections.problem, name="problem"),
    path("imports/<int:import_id>/words/<int:column>/", corrections.words, name="words"),
    path("imports/<int:import_id>/guess/", setting_up.guess, name="guess"),
    path("imports/mappings/", mappings.mappings, name="mappings"),
    path("imports/mappings/<int:mapping_id>/removal/", mappings.mapping_removal, name="mapping_removal"),
    path("imports/<int:import_id>/rows/", running.rows, name="rows"),
    path("imports/<int:import_id>/cancellation/", imports.cancellation, name="cancellation"),
    path("imports/journal/", undo.journal, name="journal"),
    path("imports/<int:import_id>/undoing/", undo.undoing, name="undoing"),
    path("imports/<int:import_id>/redoing/", undo.redoing, name="redoing"),
    path("imports/<int:import_id>/kept/", undo.kept, name="kept"),
    path("imports/<int:import_id>/kept.xlsx", undo.kept_file, name="kept_file"),
    path("imports/<int:import_id>/rejects.xlsx", imports.rejected, name="rejects"),
    path("bridge/", bridge.bridge, name="bridge"),
    path("bridge/sheets/", bridge.sheets, name="bridge_sheets"),
    path("bridge/sheets/<int:sheet_id>/", bridge.sheet_one, name="bridge_sheet"),
    path("bridge/sheets/<int:sheet_id>/people.xlsx", bridge.sheet_file, name="bridge_file"),
    path("bridge/returns/", bridge.returns, name="bridge_returns"),
    path("bridge/returns/<int:return_id>/", bridge.return_one, name="bridge_return"),
    path("bridge/returns/<int:return_id>/decisions/", bridge.decisions, name="bridge_decisions"),
    path("bridge/returns/<int:return_id>/missing/", bridge.gone, name="bridge_gone"),
    path("bridge/returns/<int:return_id>/application/", bridge.application, name="bridge_application"),
    path("bridge/returns/<int:return_id>/undoing/", bridge.undoing, name="bridge_undoing"),
]
