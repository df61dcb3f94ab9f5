CREATE TABLE IF NOT EXISTS organization (
  id             BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name           VARCHAR(255) NOT NULL,
  slug           VARCHAR(80) NOT NULL,
  is_active      BOOLEAN NOT NULL DEFAULT TRUE,
  linear_team_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  linear_team_name VARCHAR(255) NULL,
  linear_watermark DATETIME(6) NULL,
  created_at     DATETIME(6) NOT NULL,
  updated_at     DATETIME(6) NOT NULL,
  UNIQUE KEY (slug),
  UNIQUE KEY (linear_team_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS user (
  id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  username      VARCHAR(150) NOT NULL,
  email         VARCHAR(254) NOT NULL,
  first_name    VARCHAR(80) NOT NULL DEFAULT '',
  last_name     VARCHAR(80) NOT NULL DEFAULT '',
  password_hash VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  is_active     BOOLEAN NOT NULL DEFAULT TRUE,
  wants_mail    BOOLEAN NOT NULL DEFAULT TRUE,
  last_login_at DATETIME(6) NULL,
  created_at    DATETIME(6) NOT NULL,
  UNIQUE KEY (username),
  UNIQUE KEY (email)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS profile (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id         BIGINT NOT NULL,
  kind            ENUM('customer','employee','vendor') NOT NULL,
  organization_id BIGINT NULL,
  is_primary      BOOLEAN NOT NULL DEFAULT FALSE,
  is_active       BOOLEAN NOT NULL DEFAULT TRUE,
  notifications_read_to BIGINT NOT NULL DEFAULT 0,
  created_at      DATETIME(6) NOT NULL,
  UNIQUE KEY (user_id, organization_id),
  KEY (organization_id, is_active),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS customer (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id         BIGINT NOT NULL,
  organization_id BIGINT NOT NULL,
  created_at      DATETIME(6) NOT NULL,
  UNIQUE KEY (user_id, organization_id),
  KEY (organization_id),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS vendor (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  name            VARCHAR(255) NOT NULL,
  email           VARCHAR(254) NOT NULL DEFAULT '',
  created_at      DATETIME(6) NOT NULL,
  UNIQUE KEY (organization_id, name),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS purchase (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  user_id         BIGINT NOT NULL,
  vendor_id       BIGINT NULL,
  order_number    VARCHAR(50) NOT NULL,
  title           VARCHAR(255) NOT NULL DEFAULT '',
  created_at      DATETIME(6) NOT NULL,
  UNIQUE KEY (organization_id, order_number),
  KEY (user_id, organization_id),
  FOREIGN KEY (organization_id) REFERENCES organization (id),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (vendor_id) REFERENCES vendor (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS token (
  id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id      BIGINT NOT NULL,
  profile_id   BIGINT NULL,
  hash         BINARY(32) NOT NULL,
  kind         ENUM('session','personal','password') NOT NULL,
  name         VARCHAR(100) NOT NULL DEFAULT '',
  created_at   DATETIME(6) NOT NULL,
  expires_at   DATETIME(6) NOT NULL,
  UNIQUE KEY (hash),
  KEY (user_id),
  KEY (expires_at),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (profile_id) REFERENCES profile (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS login_guard (
  account      BINARY(32) NOT NULL PRIMARY KEY,
  failures     INT NOT NULL,
  window_start DATETIME(6) NOT NULL,
  locked_until DATETIME(6) NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE IF NOT EXISTS issue_number (
  organization_id BIGINT NOT NULL,
  year            SMALLINT NOT NULL,
  last            INT NOT NULL,
  PRIMARY KEY (organization_id, year)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS issue (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  issue_number    VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title           VARCHAR(255) NOT NULL,
  description     MEDIUMTEXT NOT NULL,
  status          ENUM('open','in_progress','resolved','closed') NOT NULL DEFAULT 'open',
  priority        ENUM('low','medium','high','urgent') NOT NULL DEFAULT 'medium',
  category        ENUM('general','delivery','quality','billing','communication','technical','other') NOT NULL DEFAULT 'general',
  vendor_id       BIGINT NULL,
  order_id        BIGINT NULL,
  assigned_to     BIGINT NULL,
  is_client_issue BOOLEAN NOT NULL,
  customer_id     BIGINT NULL,
  raised_by       BIGINT NULL,
  created_by      BIGINT NULL,
  resolved_at     DATETIME(6) NULL,
  resolved_by     BIGINT NULL,
  resolution_notes TEXT NULL,
  version         INT NOT NULL DEFAULT 1,
  linear_id       CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  linear_identifier VARCHAR(32) NULL,
  linear_url      VARCHAR(500) NULL,
  linear_team_id  CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  synced_to_linear BOOLEAN NOT NULL DEFAULT FALSE,
  sync_state      ENUM('off','pending','synced','failed') NOT NULL DEFAULT 'off',
  last_synced_at  DATETIME(6) NULL,
  created_at      DATETIME(6) NOT NULL,
  updated_at      DATETIME(6) NOT NULL,
  deleted_at      DATETIME(6) NULL,
  UNIQUE KEY (organization_id, issue_number),
  UNIQUE KEY (linear_id),
  KEY by_created  (organization_id, created_at),
  KEY by_updated  (organization_id, updated_at),
  KEY by_status   (organization_id, status, created_at),
  KEY by_priority (organization_id, priority, created_at),
  KEY by_category (organization_id, category, created_at),
  KEY by_assignee (organization_id, assigned_to, created_at),
  KEY by_raiser   (raised_by, created_at),
  KEY by_customer (customer_id, created_at),
  KEY by_vendor   (vendor_id, created_at),
  KEY by_order    (order_id, created_at),
  FOREIGN KEY (organization_id) REFERENCES organization (id),
  FOREIGN KEY (vendor_id) REFERENCES vendor (id),
  FOREIGN KEY (order_id) REFERENCES purchase (id),
  FOREIGN KEY (assigned_to) REFERENCES profile (id),
  FOREIGN KEY (customer_id) REFERENCES customer (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS issue_count (
  scope           ENUM('organization','unassigned','assignee','customer') NOT NULL,
  scope_id        BIGINT NOT NULL,
  status          ENUM('open','in_progress','resolved','closed') NOT NULL,
  priority        ENUM('low','medium','high','urgent') NOT NULL,
  category        ENUM('general','delivery','quality','billing','communication','technical','other') NOT NULL,
  is_client_issue BOOLEAN NOT NULL,
  synced          BOOLEAN NOT NULL,
  n               INT NOT NULL,
  PRIMARY KEY (scope, scope_id, status, priority, category, is_client_issue, synced)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS issue_word (
  organization_id BIGINT NOT NULL,
  word            VARCHAR(40) NOT NULL,
  issue_id        BIGINT NOT NULL,
  PRIMARY KEY (organization_id, word, issue_id),
  KEY (issue_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS comment (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  issue_id        BIGINT NOT NULL,
  author_id       BIGINT NULL,
  author_name     VARCHAR(255) NOT NULL,
  author_kind     ENUM('customer','staff','linear') NOT NULL,
  content         TEXT NOT NULL,
  is_internal     BOOLEAN NOT NULL,
  linear_id       CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  synced_to_linear BOOLEAN NOT NULL DEFAULT FALSE,
  sent_hash       BINARY(32) NULL,
  got_hash        BINARY(32) NULL,
  linear_updated_at DATETIME(6) NULL,
  created_at      DATETIME(6) NOT NULL,
  updated_at      DATETIME(6) NOT NULL,
  deleted_at      DATETIME(6) NULL,
  UNIQUE KEY (linear_id),
  KEY (issue_id, id),
  FOREIGN KEY (issue_id) REFERENCES issue (id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS activity (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  issue_id        BIGINT NOT NULL,
  actor_id        BIGINT NULL,
  actor_name      VARCHAR(255) NOT NULL,
  actor_kind      ENUM('customer','staff','linear') NOT NULL,
  field           VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  old_value       MEDIUMTEXT NULL,
  new_value       MEDIUMTEXT NULL,
  is_public       BOOLEAN NOT NULL,
  created_at      DATETIME(6) NOT NULL,
  KEY (issue_id, id),
  FOREIGN KEY (issue_id) REFERENCES issue (id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS notification (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id         BIGINT NULL,
  organization_id BIGINT NULL,
  issue_id        BIGINT NOT NULL,
  comment_id      BIGINT NULL,
  kind            ENUM('raised','replied','status','resolved','reopened','assigned') NOT NULL,
  status          ENUM('open','in_progress','resolved','closed') NULL,
  actor_id        BIGINT NULL,
  actor_name      VARCHAR(255) NOT NULL,
  created_at      DATETIME(6) NOT NULL,
  mail_state      ENUM('none','due','sent','dead') NOT NULL DEFAULT 'none',
  mail_due_at     DATETIME(6) NULL,
  mail_attempts   INT NOT NULL DEFAULT 0,
  mail_error      VARCHAR(500) NULL,
  KEY (user_id, id),
  KEY (organization_id, id),
  KEY (issue_id),
  KEY (mail_state, mail_due_at),
  FOREIGN KEY (issue_id) REFERENCES issue (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS notification_read (
  notification_id BIGINT NOT NULL,
  profile_id      BIGINT NOT NULL,
  PRIMARY KEY (profile_id, notification_id)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS idempotency (
  user_id      BIGINT NOT NULL,
  key_hash     BINARY(32) NOT NULL,
  request_hash BINARY(32) NOT NULL,
  resource_id  BIGINT NOT NULL DEFAULT 0,
  status       SMALLINT NOT NULL DEFAULT 0,
  body         MEDIUMTEXT NULL,
  created_at   DATETIME(6) NOT NULL,
  PRIMARY KEY (user_id, key_hash),
  KEY (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE IF NOT EXISTS linear_base (
  issue_id         BIGINT NOT NULL PRIMARY KEY,
  title_sent       BINARY(32) NOT NULL,
  title_got        BINARY(32) NOT NULL,
  description_sent BINARY(32) NOT NULL,
  description_got  BINARY(32) NOT NULL,
  status           ENUM('open','in_progress','resolved','closed') NOT NULL,
  state_id         CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  state_type       VARCHAR(32) NOT NULL DEFAULT '',
  priority         ENUM('low','medium','high','urgent') NOT NULL,
  linear_priority  TINYINT NOT NULL DEFAULT 0,
  assigned_to      BIGINT NULL,
  assignee_id      CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  linear_updated_at DATETIME(6) NULL,
  linear_description MEDIUMTEXT NULL,
  attachment_hash  BINARY(32) NULL,
  thread_id        CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  thread_open      BOOLEAN NOT NULL DEFAULT FALSE,
  gone_at          DATETIME(6) NULL,
  warning          VARCHAR(500) NULL,
  FOREIGN KEY (issue_id) REFERENCES issue (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS sync_job (
  issue_id        BIGINT NOT NULL PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  generation      INT NOT NULL DEFAULT 1,
  state           ENUM('ready','dead') NOT NULL DEFAULT 'ready',
  attempts        INT NOT NULL DEFAULT 0,
  run_at          DATETIME(6) NOT NULL,
  lease_owner     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  lease_until     DATETIME(6) NULL,
  wants_refetch   BOOLEAN NOT NULL DEFAULT FALSE,
  error_code      VARCHAR(64) NULL,
  error_text      VARCHAR(1000) NULL,
  dirty_since     DATETIME(6) NOT NULL,
  KEY (state, run_at),
  KEY (organization_id, state)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS webhook_delivery (
  id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  delivery     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  body_hash    BINARY(32) NOT NULL,
  body         MEDIUMBLOB NOT NULL,
  is_fresh     BOOLEAN NOT NULL,
  received_at  DATETIME(6) NOT NULL,
  done_at      DATETIME(6) NULL,
  attempts     INT NOT NULL DEFAULT 0,
  run_at       DATETIME(6) NOT NULL,
  error_text   VARCHAR(1000) NULL,
  UNIQUE KEY (delivery),
  UNIQUE KEY (body_hash),
  KEY (done_at, run_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS sync_fact (
  name       VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  value      VARCHAR(1000) NOT NULL,
  until      DATETIME(6) NULL,
  updated_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
