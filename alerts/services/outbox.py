"""Outbox rows in SQL, for the statements that open alerts and those that pass them on.

Each part takes ``opened``: the alerts to tell of (id, clinic_id, catch_up, severity). ``DELIVER``
takes ``recipients`` besides: (alert_id, clinic_id, severity, step, user_id, email_digest,
email_critical). Rows are inserted in one order, so that two transactions wait for each other
but never in a circle.
"""

# The days on which the clinic is open, today included, of which everybody's next two mornings are two.
MORNINGS = """
  SELECT c.id AS clinic_id, m.day, c.time_zone, c.digest_at
  FROM (SELECT DISTINCT clinic_id FROM opened WHERE NOT catch_up) AS o
  JOIN teams_clinic c ON c.id = o.clinic_id
  CROSS JOIN LATERAL (
    SELECT d::date AS day
    FROM generate_series((%(now)s AT TIME ZONE c.time_zone)::date::timestamp,
                         (%(now)s AT TIME ZONE c.time_zone)::date::timestamp + interval '14 days',
                         interval '1 day') AS d
    WHERE EXTRACT(isodow FROM d)::int - 1 = ANY (c.open_days)
    ORDER BY d LIMIT 3
  ) AS m
"""

# Who is told in whose place: everybody for themselves, and deputies for colleagues who are away.
MEMBERS = """
  SELECT m.id, m.clinic_id, m.user_id AS holder_id, m.user_id, m.role, m.email_digest, m.email_critical
  FROM teams_membership m JOIN teams_user u ON u.id = m.user_id AND u.is_active
  WHERE m.is_active AND m.role <> 'admin' AND m.clinic_id IN (SELECT clinic_id FROM opened)
  UNION ALL
  SELECT m.id, m.clinic_id, m.user_id, deputy.user_id, m.role, deputy.email_digest, deputy.email_critical
  FROM teams_membership m
  JOIN teams_user u ON u.id = m.user_id AND u.is_active
  JOIN teams_clinic c ON c.id = m.clinic_id
  JOIN teams_membership deputy ON deputy.user_id = m.deputy_id AND deputy.clinic_id = m.clinic_id
    AND deputy.is_active AND deputy.role <> 'admin'
  JOIN teams_user d ON d.id = deputy.user_id AND d.is_active
  WHERE m.is_active AND m.role <> 'admin' AND m.clinic_id IN (SELECT clinic_id FROM opened)
    AND (%(now)s AT TIME ZONE c.time_zone)::date BETWEEN m.away_from AND COALESCE(m.away_until, 'infinity')
"""

# Of a person's next two mornings the second is for a transaction that began before the first one's
# email was counted and commits after it. Nobody is mailed twice about one alert, whatever they are told
# of it as.
DELIVER = """
  INSERT INTO alerts_delivery (id, clinic_id, recipient_id, kind, alert_id, step, digest_on, not_before,
    message_id, state, attempts, last_error, created_at)
  SELECT gen_random_uuid(), clinic_id, user_id, kind, alert_id, step, digest_on, not_before,
    '<' || replace(gen_random_uuid()::text, '-', '') || '@alscare.invalid>', 'waiting', 0, '', %(now)s
  FROM (
    SELECT r.clinic_id, r.user_id, 'digest' AS kind, NULL::uuid AS alert_id,
      0 AS step, morning.day AS digest_on, morning.at AS not_before
    FROM (SELECT DISTINCT clinic_id, user_id FROM recipients WHERE email_digest) AS r
    JOIN teams_membership own ON own.clinic_id = r.clinic_id AND own.user_id = r.user_id
    CROSS JOIN LATERAL (
      SELECT m.day, (m.day + COALESCE(own.digest_at, m.digest_at)) AT TIME ZONE m.time_zone AS at
      FROM mornings m WHERE m.clinic_id = r.clinic_id
        AND (m.day + COALESCE(own.digest_at, m.digest_at)) AT TIME ZONE m.time_zone > %(now)s
      ORDER BY m.day LIMIT 2
    ) AS morning
    WHERE NOT EXISTS (
      SELECT 1 FROM alerts_delivery known WHERE known.clinic_id = r.clinic_id
        AND known.recipient_id = r.user_id AND known.digest_on = morning.day)
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
"""

# Worked out once per clinic, not once per recipient.
OUTBOX = f"""mornings AS MATERIALIZED ({MORNINGS}
), delivered AS ({DELIVER}
)"""
