"""Addresses of equipment."""

from django.urls import path

from pages.views import equipment, equipment_changes, loans_back

app_name = "equipment"

urlpatterns = [
    path("", equipment.board, name="board"),
    path("table/", equipment.table, name="table"),
    path("loans/back/", loans_back.loans_back, name="loans_back"),
    path("for/<uuid:patient_id>/", equipment_changes.request_equipment, name="request"),
    path("loans/<uuid:loaner_id>/return/", equipment_changes.return_loaner, name="return_loaner"),
    path("<uuid:request_id>/", equipment.detail, name="detail"),
    path("<uuid:request_id>/stage/", equipment_changes.advance, name="advance"),
    path("<uuid:request_id>/stage/<uuid:change_id>/undo/", equipment_changes.undo_move, name="undo_move"),
    path("<uuid:request_id>/call/", equipment_changes.log_call, name="log_call"),
    path("<uuid:request_id>/lend/", equipment_changes.lend, name="lend"),
]
