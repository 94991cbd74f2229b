"""Outbox rows in SQL, for the statements that open alerts and those that pass them on.

``MEMBERS`` takes ``opened``: the alerts to tell of, with their clinics. ``OUTBOX`` takes ``recipients``:
(alert_id, clinic_id, severity, step, user_id, email_digest, email_critical). Rows are inserted in one
order, so that two transactions wait for each other but never in a circle.
"""

# Who is told in whose place: everybody for themselves, and deputies for colleagues who are away.
MEMBERS = """
  WITH here AS MATERIALIZED (
    SELECT m.*, m.away_from IS NOT NULL AND (%(now)s AT TIME ZONE c.time_zone)::date
      BETWEEN m.away_from AND COALESCE(m.away_until, 'infinity') AS is_away
    FROM teams_membership m
    JOIN teams_user u ON u.id = m.user_id AND u.is_active
    JOIN teams_clinic c ON c.id = m.clinic_id
    WHERE m.is_active AND m.role <> 'admin' AND m.clinic_id IN (SELECT clinic_id FROM opened)
  )
  SELECT id, clinic_id, user_id AS holder_id, user_id, role, email_digest, email_critical FROM here
  UNION ALL
  SELECT m.id, m.clinic_id, m.user_id, deputy.user_id, m.role, deputy.email_digest, deputy.email_critical
  FROM here m
  JOIN teams_membership deputy ON deputy.user_id = m.deputy_id AND deputy.clinic_id = m.clinic_id
    AND deputy.is_active AND deputy.role <> 'admin'
  JOIN teams_user d ON d.id = deputy.user_id AND d.is_active
  WHERE m.is_away
"""

# The next three days on which the clinic ``c`` is open, today included: two mornings are among them.
_OPEN_DAYS = """
      SELECT array_agg(day) AS days FROM (
        SELECT today + ahead AS day
        FROM (SELECT (%(now)s AT TIME ZONE c.time_zone)::date AS today OFFSET 0) AS local,
          generate_series(0, 14) AS ahead
        WHERE EXTRACT(isodow FROM today + ahead)::int - 1 = ANY (c.open_days) ORDER BY day LIMIT 3
      ) AS first
"""

# Of a person's next two mornings on which the clinic is open, the second is for a transaction that began
# before the first one's email was counted and commits after it. Nobody is mailed twice about one alert,
# whatever they are told of it as. "IS TRUE" has each morning looked up in the index by its day: joined,
# all digests a person ever got would be read.
OUTBOX = f"""delivered AS (
  INSERT INTO alerts_delivery (id, clinic_id, recipient_id, kind, alert_id, step, digest_on, not_before,
    message_id, state, attempts, last_error, created_at)
  SELECT gen_random_uuid(), clinic_id, user_id, kind, alert_id, step, digest_on, not_before,
    '<' || replace(gen_random_uuid()::text, '-', '') || '@alscare.invalid>', 'waiting', 0, '', %(now)s
  FROM (
    SELECT r.clinic_id, r.user_id, 'digest' AS kind, NULL::uuid AS alert_id, 0 AS step,
      morning.day AS digest_on, (morning.day + wish.digest_at) AT TIME ZONE c.time_zone AS not_before
    FROM (SELECT DISTINCT clinic_id, user_id FROM recipients WHERE email_digest) AS r
    JOIN teams_membership own ON own.clinic_id = r.clinic_id AND own.user_id = r.user_id
    JOIN teams_clinic c ON c.id = r.clinic_id
    CROSS JOIN LATERAL ({_OPEN_DAYS}) AS open
    CROSS JOIN LATERAL (SELECT COALESCE(own.digest_at, c.digest_at) AS digest_at) AS wish
    CROSS JOIN LATERAL unnest(
      CASE WHEN (open.days[1] + wish.digest_at) AT TIME ZONE c.time_zone > %(now)s
      THEN open.days[1:2] ELSE open.days[2:3] END) AS morning(day)
    WHERE (NOT EXISTS (
      SELECT 1 FROM alerts_delivery known WHERE known.clinic_id = r.clinic_id
        AND known.recipient_id = r.user_id AND known.digest_on = morning.day)) IS TRUE
    UNION ALL
    SELECT r.clinic_id, r.user_id, 'critical', r.alert_id, r.step, NULL, %(now)s + %(pause)s
    FROM recipients r WHERE r.email_critical AND r.severity = 3
      AND NOT EXISTS (
        SELECT 1 FROM alerts_delivery known WHERE known.alert_id = r.alert_id
          AND known.recipient_id = r.user_id AND known.kind = 'critical')
  ) AS needed
  ORDER BY clinic_id, user_id, digest_on, alert_id
  ON CONFLICT DO NOTHING
  RETURNING id
)"""
