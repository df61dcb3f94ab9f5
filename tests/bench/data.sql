-- What the bench measures on: 20 organizations, @size issues in the first and
-- @small in each other one, as the library would have written them. Not
-- random, so that two runs see the same. For an empty database; @size and
-- @small are set by the caller, and @words: 'all', or 'few', which leaves all but
-- some out of the search index, so that millions of issues can be loaded.
--
-- User n of 1..200 is staff of organization 1 + (n-1) MOD 20, an owner when n <= 20; their
-- profile is n, too. Users 201..5200 are customers of organization 1, with an
-- order each, and of one other. Nobody has a password.
SET unique_checks = 0, foreign_key_checks = 0;
SET @epoch = TIMESTAMP'2025-01-01 00:00:00', @customers = 5000;

INSERT INTO organization (id, name, slug, linear_team_id, linear_team_name, created_at, updated_at)
SELECT seq, CONCAT('Organization ', seq), CONCAT('organization-', seq),
  IF(seq < 20, INSERT(UUID(), 20, 4, LPAD(seq, 4, '0')), NULL), IF(seq < 20, 'Support', NULL), @epoch, @epoch
FROM seq_1_to_20;

INSERT INTO user (id, username, email, email_verified, first_name, last_name, created_at)
SELECT seq, CONCAT('user', seq), CONCAT('user', seq, '@example.com'), TRUE, CONCAT('First', seq), CONCAT('Last', seq), @epoch
FROM seq_1_to_1000000 WHERE seq <= 200 + @customers;

INSERT INTO profile (id, user_id, kind, organization_id, is_primary, created_at)
SELECT id, id, IF(id <= 20, 'vendor', IF(id <= 200, 'employee', 'customer')),
  IF(id <= 200, 1 + (id - 1) MOD 20, NULL), TRUE, @epoch
FROM user;

INSERT INTO customer (id, user_id, organization_id, created_at)
SELECT seq, 200 + seq, 1, @epoch FROM seq_1_to_1000000 WHERE seq <= @customers
UNION ALL
SELECT @customers + seq, 200 + seq, 2 + seq MOD 19, @epoch FROM seq_1_to_1000000 WHERE seq <= @customers;

INSERT INTO vendor (id, organization_id, name, email, created_at)
SELECT seq, 1 + (seq - 1) DIV 5, CONCAT('Supplier ', seq), CONCAT('sales', seq, '@example.net'), @epoch
FROM seq_1_to_100;

INSERT INTO purchase (id, organization_id, user_id, vendor_id, order_number, title, created_at)
SELECT seq, 1, 200 + seq, 1 + seq MOD 5, CONCAT('ORD-', seq), 'Office supplies', @epoch
FROM seq_1_to_1000000 WHERE seq <= @customers;

-- Eight descriptions, and the words that each brings with it.
CREATE TEMPORARY TABLE description (n INT PRIMARY KEY, text TEXT NOT NULL);
INSERT INTO description VALUES
(0, 'It arrived three days after the promised date. Two of five boxes were missing, and the driver left no note. Please tell us when the rest will come.'),
(1, 'The invoice shows the monthly fee twice, and the discount that we agreed upon is not on it. Our accounting cannot pay it like that, please send a new one.'),
(2, 'The screen stays black after the last update. We tried another cable and another socket, without success. A technician should look at it this week.'),
(3, 'Nobody answered our three calls on Monday. We were promised a callback within the day, and nothing came. Who is responsible for our account at present?'),
(4, 'The surface has deep scratches on the left side, although the carton was intact. We would keep it for a fair reduction, or send it back at your cost.'),
(5, 'The export stops halfway with a timeout, and the file that it leaves cannot be opened. It worked until Friday. We need it for the closing of the month.'),
(6, 'We ordered the large size and received the small one. The label on the box says large, so the mistake happened at packing. Please exchange it quickly.'),
(7, 'The driver could not find our gate and went back to the depot. Please add the side entrance to our address, and tell the carrier to ring the warehouse.');

CREATE TEMPORARY TABLE description_word (n INT, word VARCHAR(40) NOT NULL, PRIMARY KEY (n, word))
COLLATE utf8mb4_unicode_520_ci;
INSERT IGNORE INTO description_word
SELECT d.n, j.word FROM description d JOIN JSON_TABLE(
  CONCAT('["', REGEXP_REPLACE(LOWER(CONCAT('delivery of order was late and incomplete ', d.text)), '[^a-z0-9]+', '","'), '"]'),
  '$[*]' COLUMNS (word VARCHAR(40) PATH '$')) j WHERE j.word <> ''
  AND (@words = 'all' OR j.word IN ('delivery', 'driver', 'gate', 'invoice', 'deep', 'depot', 'need'));

-- Number n of organization o, one a second. Some became issues of Linear's.
INSERT INTO issue (id, organization_id, issue_number, title, description, status, priority, category, vendor_id, order_id,
  assigned_to, is_client_issue, customer_id, raised_by, created_by, first_answered_at, resolved_at, resolved_by,
  linear_id, linear_identifier, linear_url, linear_state, linear_team_id, synced_to_linear, sync_state, last_synced_at,
  created_at, updated_at)
SELECT s.id, s.o, CONCAT('ISS-2025-', LPAD(s.n, GREATEST(4, CHAR_LENGTH(s.n)), '0')),
  CONCAT('Delivery of order ', 10000000 + s.id, ' was late and incomplete'), d.text,
  s.status, 1 + s.id * 3 MOD 4, 1 + s.id * 5 MOD 7, IF(s.id MOD 5 = 0, (s.o - 1) * 5 + 1 + s.id DIV 5 MOD 5, NULL),
  IF(s.o = 1 AND s.id MOD 4 = 0, s.customer, NULL),
  IF(s.id MOD 3 = 0, NULL, s.o + 20 * (s.id MOD 10)), TRUE, IF(s.o = 1, s.customer, @customers + s.customer),
  200 + s.customer, 200 + s.customer,
  IF(s.id MOD 3 = 1, s.at + INTERVAL 600 + s.id * 17 MOD 90000 SECOND, NULL),
  IF(s.status = 3, s.at + INTERVAL 3600 + s.id * 31 MOD 400000 SECOND, NULL),
  IF(s.status = 3, s.o + 20 * (s.id MOD 10), NULL),
  IF(s.synced, UUID(), NULL), IF(s.synced, CONCAT('TOO-', s.id), NULL),
  IF(s.synced, CONCAT('https://linear.app/demo/issue/TOO-', s.id), NULL),
  IF(s.synced, ELT(s.status, 'Todo', 'In Progress', 'Done', 'Canceled'), NULL), IF(s.synced, s.team, NULL),
  s.synced, IF(s.synced, 'synced', 'off'), IF(s.synced, s.at + INTERVAL 2 SECOND, NULL),
  s.at, s.at + INTERVAL 3600 + s.id * 7919 MOD 500000 SECOND
FROM (
  SELECT q.id, q.o, q.n, o.linear_team_id AS team, @epoch + INTERVAL q.id SECOND AS at,
    ELT(1 + q.id * 7 MOD 10, 1, 1, 1, 2, 2, 3, 3, 3, 3, 4) + 0 AS status,
    q.id MOD 9 <> 0 AND o.linear_team_id IS NOT NULL AS synced,
    IF(q.o = 1, 1 + q.id MOD @customers, q.o - 2 + 19 * (1 + q.n MOD 262)) AS customer
  FROM (
    SELECT seq AS id, IF(seq <= @size, 1, 2 + (seq - @size - 1) MOD 19) AS o,
      IF(seq <= @size, seq, 1 + (seq - @size - 1) DIV 19) AS n
    FROM seq_1_to_10000000 WHERE seq <= @size + 19 * @small
  ) q JOIN organization o ON o.id = q.o
) s JOIN description d ON d.n = s.id MOD 8;

INSERT INTO issue_number (organization_id, year, last)
SELECT organization_id, 2025, COUNT(*) FROM issue GROUP BY organization_id;

INSERT INTO search_word (organization_id, word, issue_id, staff_only, comment_id)
SELECT i.organization_id, w.word, i.id, FALSE, 0 FROM issue i JOIN description_word w ON w.n = i.id MOD 8;
INSERT INTO search_word SELECT organization_id, SUBSTR(issue_number, 10), id, FALSE, 0 FROM issue;
INSERT INTO search_word SELECT organization_id, LOWER(issue_number), id, FALSE, 0 FROM issue;
INSERT INTO search_word SELECT organization_id, 10000000 + id, id, FALSE, 0 FROM issue;
INSERT INTO search_word
SELECT i.organization_id, w.word, i.id, TRUE, 0 FROM issue i JOIN (
  SELECT id, CONCAT('first', id) AS word FROM user UNION ALL SELECT id, CONCAT('last', id) FROM user
  UNION ALL SELECT id, CONCAT('user', id) FROM user UNION ALL SELECT id, 'example' FROM user
  UNION ALL SELECT id, 'com' FROM user
) w ON w.id = i.raised_by WHERE @words = 'all';

-- One in three has an answer, of these one in three a reply; one in ten a note.
INSERT INTO comment (organization_id, issue_id, author_id, author_name, author_kind, content, is_internal,
  linear_id, synced_to_linear, created_at, updated_at)
SELECT c.organization_id, c.id, c.author, CONCAT('First', c.author, ' Last', c.author), c.kind, c.content, c.kind = 2 AND c.turn = 3,
  IF(c.turn = 3, NULL, UUID()), c.synced_to_linear AND c.turn < 3, c.at, c.at
FROM (
  SELECT organization_id, id, organization_id + 20 * (id MOD 10) AS author, 2 AS kind, 1 AS turn,
    'We are looking into it, and will tell you more tomorrow.' AS content, synced_to_linear, first_answered_at AS at
  FROM issue WHERE first_answered_at IS NOT NULL
  UNION ALL SELECT organization_id, id, raised_by, 1, 2, 'Thank you, we wait for it.', synced_to_linear,
    first_answered_at + INTERVAL 1 HOUR FROM issue WHERE first_answered_at IS NOT NULL AND id MOD 9 = 1
  UNION ALL SELECT organization_id, id, organization_id + 20 * (id MOD 10), 2, 3,
    'The carrier has lost the consignment; see the other case.', synced_to_linear, created_at + INTERVAL 2 HOUR
  FROM issue WHERE id MOD 10 = 2
) c;

INSERT IGNORE INTO search_word
SELECT c.organization_id, j.word, c.issue_id, c.is_internal, c.id FROM comment c JOIN JSON_TABLE(
  CONCAT('["', REGEXP_REPLACE(LOWER(c.content), '[^a-z0-9]+', '","'), '"]'),
  '$[*]' COLUMNS (word VARCHAR(40) PATH '$')) j WHERE j.word <> '' AND @words = 'all';

INSERT INTO activity (organization_id, issue_id, actor_id, actor_name, actor_kind, field, new_value, is_public, created_at)
SELECT organization_id, id, raised_by, CONCAT('First', raised_by, ' Last', raised_by), 'customer', 'created',
  issue_number, TRUE, created_at FROM issue;

INSERT INTO notification (organization_id, issue_id, kind, status, actor_id, actor_name, created_at)
SELECT organization_id, id, 'raised', 'open', raised_by, CONCAT('First', raised_by, ' Last', raised_by), created_at FROM issue;

INSERT INTO notification_count SELECT 'staff', organization_id, COUNT(*) FROM notification GROUP BY 2;

INSERT INTO issue_count
SELECT 'organization', organization_id, status, priority, category, is_client_issue, synced_to_linear, COUNT(*)
FROM issue GROUP BY 2, 3, 4, 5, 6, 7
UNION ALL SELECT 'unassigned', organization_id, status, priority, category, is_client_issue, synced_to_linear, COUNT(*)
FROM issue WHERE assigned_to IS NULL GROUP BY 2, 3, 4, 5, 6, 7
UNION ALL SELECT 'assignee', assigned_to, status, priority, category, is_client_issue, synced_to_linear, COUNT(*)
FROM issue WHERE assigned_to IS NOT NULL GROUP BY 2, 3, 4, 5, 6, 7
UNION ALL SELECT 'customer', customer_id, status, priority, category, is_client_issue, synced_to_linear, COUNT(*)
FROM issue GROUP BY 2, 3, 4, 5, 6, 7
UNION ALL SELECT 'status', organization_id, status, 'low', 'general', FALSE, FALSE, COUNT(*)
FROM issue GROUP BY 2, 3
UNION ALL SELECT 'total', organization_id, 'open', 'low', 'general', FALSE, FALSE, COUNT(*)
FROM issue GROUP BY 2;

INSERT INTO trend_day (organization_id, day, raised, resolved)
SELECT organization_id, day, SUM(raised), SUM(resolved) FROM (
  SELECT organization_id, DATE(created_at) AS day, 1 AS raised, 0 AS resolved FROM issue
  UNION ALL SELECT organization_id, DATE(resolved_at), 0, 1 FROM issue WHERE resolved_at IS NOT NULL
) d GROUP BY organization_id, day;

INSERT INTO trend_duration (organization_id, day, kind, bucket, n)
SELECT organization_id, day, kind, FLOOR(8 * LOG2(1 + seconds)) AS bucket, COUNT(*) FROM (
  SELECT organization_id, DATE(first_answered_at) AS day, 1 AS kind,
    TIMESTAMPDIFF(SECOND, created_at, first_answered_at) AS seconds FROM issue WHERE first_answered_at IS NOT NULL
  UNION ALL SELECT organization_id, DATE(resolved_at), 2,
    TIMESTAMPDIFF(SECOND, created_at, resolved_at) FROM issue WHERE resolved_at IS NOT NULL
) d GROUP BY organization_id, day, kind, bucket;

ANALYZE TABLE issue, search_word, issue_word, issue_count, comment, activity, notification;
