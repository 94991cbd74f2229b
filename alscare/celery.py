"""The Celery app. Messages only say "look now": the database holds what there is to do."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alscare.settings")

app = Celery("alscare", task_cls="audit.task_base:ActingTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
