"""The least that a page can be: a view that draws constants, and one that answers a query with JSON."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from alscare.urls import urlpatterns as product

CONSTANTS: dict[str, Any] = {}
"""What the constant page is drawn from."""
PARAMETERS: dict[str, Any] = {}
"""Of the statement behind the JSON: clinic, user, disciplines, whole (clinic), now, soon."""

_ROWS = """
WITH work AS (
  SELECT t.id, t.patient_id, t.rule, t.subject, t.title, t.title_params, t.verb, t.due_on, t.overdue_on,
    t.severity, t.offer_again, t.reason, t.planned_on, t.owner_id, t.discipline_id, t.assigned_by_id,
    p.mrn, p.given_name, p.family_name, p.birth_on, p.onset_region,
    row_number() OVER (ORDER BY t.alert_at <= %(now)s DESC, t.severity DESC, t.due_on,
      p.family_name, p.given_name, p.id, t.rule, t.subject, t.id) AS place
  FROM worklist_caretask t JOIN patients_patient p ON p.id = t.patient_id
  WHERE t.clinic_id = %(clinic)s AND t.closed_at IS NULL AND NOT t.catch_up AND t.due_on <= %(soon)s
    AND (%(whole)s OR t.owner_id = %(user)s
      OR (t.owner_id IS NULL AND t.discipline_id = ANY (%(disciplines)s)))
), people AS (
  SELECT patient_id, min(place) AS place FROM work GROUP BY patient_id ORDER BY 2 LIMIT 25
)
SELECT w.*, o.name AS owner, d.name AS discipline, a.name AS assigned_by
FROM work w JOIN people USING (patient_id)
LEFT JOIN teams_user o ON o.id = w.owner_id
LEFT JOIN teams_user a ON a.id = w.assigned_by_id
LEFT JOIN teams_discipline d ON d.code = w.discipline_id
ORDER BY people.place, w.place
"""


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """My work's own template, drawn from constants."""
    return render(request, "pages/my_work.html", CONSTANTS)


@login_required
def rows(_request: HttpRequest) -> HttpResponse:
    """The rows of My work as JSON, by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, PARAMETERS)
        names = [column.name for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return HttpResponse(json.dumps(found, default=str), content_type="application/json")


urlpatterns = [
    path("bare/page/", page, name="bare_page"),
    path("bare/rows/", rows, name="bare_rows"),
    *product,
]
