"""Addresses of the screens that combine rooms."""

from django.urls import path

from pages.views import (
    away,
    choices,
    component_sheet,
    corrections,
    counts,
    demo_mail,
    follow_up,
    log,
    my_work,
    patient,
    patients,
    record,
    snooze,
    tasks,
    visit_sheet,
)

app_name = "pages"

urlpatterns = [
    path("", my_work.my_work, name="my_work"),
    path("away/", away.away, name="away"),
    path("counts/", counts.counts, name="counts"),
    path("demo/mail/", demo_mail.demo_mail, name="demo_mail"),
    path("demo/components/", component_sheet.component_sheet, name="component_sheet"),
    path("work/assign/", my_work.bulk_assign, name="bulk_assign"),
    path("work/<uuid:task_id>/log/", log.task_log, name="task_log"),
    path("work/<uuid:task_id>/call/", log.task_call, name="task_call"),
    path("work/<uuid:task_id>/why/", tasks.why, name="why"),
    path("work/<uuid:task_id>/assign/", tasks.assign, name="task_assign"),
    path("work/<uuid:task_id>/book/", tasks.plan, name="task_plan"),
    path("work/<uuid:task_id>/snooze/", snooze.snooze_task, name="task_snooze"),
    path("work/<uuid:task_id>/wake/", snooze.wake_task, name="task_wake"),
    path("work/<uuid:task_id>/done/", tasks.done, name="task_done"),
    path("work/<uuid:task_id>/withdraw/", tasks.withdraw, name="task_withdraw"),
    path("work/<uuid:task_id>/reopen/", tasks.reopen, name="task_reopen"),
    path("work/<uuid:task_id>/declined/", choices.task_decline, name="task_decline"),
    path("work/<uuid:task_id>/deferred/", choices.task_defer, name="task_defer"),
    path("patients/<uuid:patient_id>/log/<slug:kind>/", log.log_assessment, name="log_assessment"),
    path("patients/<uuid:patient_id>/after/<uuid:fact_id>/", follow_up.follow_up, name="follow_up"),
    path("patients/<uuid:patient_id>/tasks/add/", tasks.add, name="task_add"),
    path("patients/<uuid:patient_id>/choices/declined/", choices.decline, name="decline"),
    path("patients/<uuid:patient_id>/choices/deferred/", choices.defer, name="defer"),
    path("patients/<uuid:patient_id>/choices/<str:topic>/new-answer/", choices.withdraw, name="withdraw"),
    path(
        "patients/<uuid:patient_id>/choices/<str:topic>/end-early/", choices.end_deferral, name="end_deferral"
    ),
    path("recorded/<slug:kind>/<uuid:fact_id>/error/", corrections.mark_error, name="mark_error"),
    path("recorded/<slug:kind>/<uuid:fact_id>/undo/", corrections.undo, name="undo"),
    path("patients/", patients.patients, name="patients"),
    path("patients/search/", patients.find, name="search"),
    path("patients/add/", record.patient_add, name="patient_add"),
    path("patients/<uuid:patient_id>/", patient.patient, name="patient"),
    path("patients/<uuid:patient_id>/log/", patient.log_menu, name="log_menu"),
    path("patients/<uuid:patient_id>/visit-sheet/", visit_sheet.visit_sheet, name="visit_sheet"),
    path("patients/<uuid:patient_id>/edit/", record.patient_edit, name="patient_edit"),
    path("patients/<uuid:patient_id>/status/", record.status, name="status"),
    path("patients/<uuid:patient_id>/team/", record.team, name="team"),
    path("patients/<uuid:patient_id>/team/<slug:discipline>/", record.seat, name="seat"),
    path("patients/<uuid:patient_id>/team/leave/<uuid:assignment_id>/", record.leave_seat, name="leave_seat"),
]
