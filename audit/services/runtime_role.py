"""The rights of the database role under which the product runs, apart from the owner of the tables."""

from django.db import connection, transaction

from audit.trail import append_only_tables

MIGRATIONS = "django_migrations"


class RuntimeRoleError(Exception):
    """The role cannot be the runtime role; the message says why and what to do."""


@transaction.atomic
def grant_runtime(*, role: str) -> int:
    """Give ``role`` what the product needs and no more; run as the owner, as often as you like.

    Everything is taken first, so that a right given by hand does not survive.
    Returns the number of tables.

    Raises:
        RuntimeRoleError: there is no such role, or it could do anything anyway.
    """
    _check(role)
    quoted = connection.ops.quote_name(role)
    tables = connection.introspection.table_names()
    kept = [table for table in append_only_tables() if table in tables]
    with connection.cursor() as cursor:
        if _owns_schema():
            cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quoted}")
        cursor.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {quoted}")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
        cursor.execute(f"REVOKE UPDATE, DELETE ON {_listed(kept)} FROM {quoted}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON {_listed([MIGRATIONS])} FROM {quoted}")
    return len(tables)


def _check(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolname = current_user FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
    if found is None:
        raise RuntimeRoleError(
            f"There is no database role {role}. Make it: CREATE ROLE {role} LOGIN PASSWORD '...'"
        )
    is_superuser, is_owner = found
    if is_superuser:
        raise RuntimeRoleError(f"{role} is a superuser, whom no right restrains. Name another role.")
    if is_owner:
        raise RuntimeRoleError(
            f"{role} is the role connected now. Connect as the owner of the tables to run this command,"
            " and let the product connect as the runtime role."
        )


def _owns_schema() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'public'")
        return bool(cursor.fetchone()[0])


def _listed(tables: list[str]) -> str:
    return ", ".join(connection.ops.quote_name(table) for table in tables)
