CREATE TABLE IF NOT EXISTS organization (
  id             BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name           VARCHAR(255) NOT NULL,
  slug           VARCHAR(80) NOT NULL,
  is_active      BOOLEAN NOT NULL DEFAULT TRUE,
  is_listed      BOOLEAN NOT NULL DEFAULT TRUE,
  staff_may_raise BOOLEAN NOT NULL DEFAULT FALSE,
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
  email_verified BOOLEAN NOT NULL DEFAULT FALSE,
  first_name    VARCHAR(80) NOT NULL DEFAULT '',
  last_name     VARCHAR(80) NOT NULL DEFAULT '',
  password_hash VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  is_active     BOOLEAN NOT NULL DEFAULT TRUE,
  wants_mail    BOOLEAN NOT NULL DEFAULT TRUE,
  last_login_at DATETIME(6) NULL,
  created_at    DATETIME(6) NOT NULL,
  username_key  VARCHAR(150) COLLATE utf8mb4_bin GENERATED ALWAYS AS (
    REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(
    REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(
    REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(username COLLATE utf8mb4_bin
    ,'A','a'),'B','b'),'C','c'),'D','d'),'E','e'),'F','f'),'G','g'),'H','h'),'I','i')
    ,'J','j'),'K','k'),'L','l'),'M','m'),'N','n'),'O','o'),'P','p'),'Q','q'),'R','r')
    ,'S','s'),'T','t'),'U','u'),'V','v'),'W','w'),'X','x'),'Y','y'),'Z','z')) VIRTUAL,
  email_key     VARCHAR(254) COLLATE utf8mb4_bin GENERATED ALWAYS AS (
    REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(
    REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(
    REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(email COLLATE utf8mb4_bin
    ,'A','a'),'B','b'),'C','c'),'D','d'),'E','e'),'F','f'),'G','g'),'H','h'),'I','i')
    ,'J','j'),'K','k'),'L','l'),'M','m'),'N','n'),'O','o'),'P','p'),'Q','q'),'R','r')
    ,'S','s'),'T','t'),'U','u'),'V','v'),'W','w'),'X','x'),'Y','y'),'Z','z')) VIRTUAL,
  proved_email  VARCHAR(254) COLLATE utf8mb4_bin GENERATED ALWAYS AS (IF(email_verified, email_key, NULL)) VIRTUAL,
  UNIQUE KEY username_key (username_key),
  UNIQUE KEY proved_email (proved_email),
  KEY email_key (email_key)
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
  name_key        VARCHAR(255) COLLATE utf8mb4_bin GENERATED ALWAYS AS (LOWER(name)) VIRTUAL,
  KEY by_name (organization_id, name),
  UNIQUE KEY name_key (organization_id, name_key),
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
  number_key      VARCHAR(50) COLLATE utf8mb4_bin GENERATED ALWAYS AS (LOWER(order_number)) VIRTUAL,
  KEY of_organization (organization_id),
  UNIQUE KEY number_key (organization_id, number_key),
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
  last_used_at DATETIME(6) NULL,
  address      VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NULL,
  UNIQUE KEY (hash),
  KEY of_kind (user_id, kind, id),
  KEY (expires_at),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (profile_id) REFERENCES profile (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS security_log (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  event           ENUM('login','login_failed','locked','logout','signed_up','reset_asked','reset_done','password_changed','email_change_asked','email_changed','email_proved','role_invited','role_accepted','role_declined','role_activated','role_deactivated','role_changed','token_made','token_ended','session_ended','team_tied','team_untied','issues_exported','person_exported','person_erased','account_activated','account_deactivated') NOT NULL,
  actor_id        BIGINT NULL,
  user_id         BIGINT NULL,
  organization_id BIGINT NULL,
  address         VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NULL,
  details         VARCHAR(255) NULL,
  created_at      DATETIME(6) NOT NULL,
  KEY (organization_id, id),
  KEY (user_id, id),
  KEY (created_at),
  KEY (user_id, event, created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS login_guard (
  account      BINARY(32) NOT NULL PRIMARY KEY,
  failures     INT NOT NULL,
  window_start DATETIME(6) NOT NULL,
  locked_until DATETIME(6) NULL,
  KEY (window_start)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE IF NOT EXISTS login_network (
  user_id BIGINT NOT NULL,
  network VARBINARY(8) NOT NULL,
  seen_at DATETIME(6) NOT NULL,
  PRIMARY KEY (user_id, network),
  KEY (seen_at)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS email_proof (
  user_id    BIGINT NOT NULL PRIMARY KEY,
  email      VARCHAR(254) NOT NULL,
  hash       BINARY(32) NULL,
  created_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  KEY (expires_at),
  FOREIGN KEY (user_id) REFERENCES user (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE IF NOT EXISTS invitation (
  id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  profile_id BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  UNIQUE KEY (profile_id),
  FOREIGN KEY (profile_id) REFERENCES profile (id)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS erasure (
  user_id    BIGINT NOT NULL PRIMARY KEY,
  behind_id  BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME(6) NOT NULL,
  done_at    DATETIME(6) NULL,
  name       VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  KEY (done_at, user_id)
) ENGINE=InnoDB;
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
  title           MEDIUMTEXT NOT NULL,
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
  first_answered_at DATETIME(6) NULL,
  resolved_at     DATETIME(6) NULL,
  resolved_by     BIGINT NULL,
  resolution_notes TEXT NULL,
  version         INT NOT NULL DEFAULT 1,
  linear_id       CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  linear_identifier VARCHAR(32) NULL,
  linear_url      VARCHAR(500) NULL,
  linear_state    VARCHAR(100) NULL,
  linear_team_id  CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  synced_to_linear BOOLEAN NOT NULL DEFAULT FALSE,
  sync_state      ENUM('off','pending','synced','failed') NOT NULL DEFAULT 'off',
  last_synced_at  DATETIME(6) NULL,
  created_at      DATETIME(6) NOT NULL,
  updated_at      DATETIME(6) NOT NULL,
  deleted_at      DATETIME(6) NULL,
  is_withdrawn    BOOLEAN NOT NULL DEFAULT FALSE,
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
  KEY by_team     (linear_team_id),
  FOREIGN KEY (organization_id) REFERENCES organization (id),
  FOREIGN KEY (vendor_id) REFERENCES vendor (id),
  FOREIGN KEY (order_id) REFERENCES purchase (id),
  FOREIGN KEY (assigned_to) REFERENCES profile (id),
  FOREIGN KEY (customer_id) REFERENCES customer (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS issue_count (
  scope           ENUM('organization','unassigned','assignee','customer','status','total','withdrawn') NOT NULL,
  scope_id        BIGINT NOT NULL,
  status          ENUM('open','in_progress','resolved','closed') NOT NULL,
  priority        ENUM('low','medium','high','urgent') NOT NULL,
  category        ENUM('general','delivery','quality','billing','communication','technical','other') NOT NULL,
  is_client_issue BOOLEAN NOT NULL,
  synced          BOOLEAN NOT NULL,
  n               INT NOT NULL,
  PRIMARY KEY (scope, scope_id, status, priority, category, is_client_issue, synced)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS trend_day (
  organization_id BIGINT NOT NULL,
  day             DATE NOT NULL,
  raised          INT NOT NULL DEFAULT 0,
  resolved        INT NOT NULL DEFAULT 0,
  PRIMARY KEY (organization_id, day)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS trend_duration (
  organization_id BIGINT NOT NULL,
  day             DATE NOT NULL,
  kind            ENUM('answer','resolution') NOT NULL,
  bucket          SMALLINT NOT NULL,
  n               INT NOT NULL,
  PRIMARY KEY (organization_id, day, kind, bucket)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS search_word (
  organization_id BIGINT NOT NULL,
  word            VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  issue_id        BIGINT NOT NULL,
  staff_only      BOOLEAN NOT NULL,
  comment_id      BIGINT NOT NULL,
  PRIMARY KEY (organization_id, word, issue_id, staff_only, comment_id),
  KEY (issue_id)
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
  content         MEDIUMTEXT NOT NULL,
  is_internal     BOOLEAN NOT NULL,
  linear_id       CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  synced_to_linear BOOLEAN NOT NULL DEFAULT FALSE,
  got_hash        BINARY(32) NULL,
  linear_updated_at DATETIME(6) NULL,
  created_at      DATETIME(6) NOT NULL,
  updated_at      DATETIME(6) NOT NULL,
  deleted_at      DATETIME(6) NULL,
  linear_dirty    BOOLEAN NOT NULL DEFAULT FALSE,
  UNIQUE KEY (linear_id),
  KEY (issue_id, id),
  KEY by_author (author_id, id),
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
  comment_id      BIGINT NULL,
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
  mail_state      ENUM('none','due','done') NOT NULL DEFAULT 'none',
  mail_due_at     DATETIME(6) NULL,
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
CREATE TABLE IF NOT EXISTS mail_job (
  id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id     BIGINT NULL,
  kind        ENUM('password_reset','notices','confirm_address','invitation','address_changed','password_changed','digest') NOT NULL,
  issue_id    BIGINT NULL,
  address     VARCHAR(254) NULL,
  organization_id BIGINT NULL,
  about_id    BIGINT NULL,
  more        INT NOT NULL DEFAULT 0,
  state       ENUM('due','sent','dead','void') NOT NULL DEFAULT 'due',
  due_at      DATETIME(6) NOT NULL,
  attempts    INT NOT NULL DEFAULT 0,
  lease_owner VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  lease_until DATETIME(6) NULL,
  error       VARCHAR(500) NULL,
  created_at  DATETIME(6) NOT NULL,
  sent_at     DATETIME(6) NULL,
  KEY (state, due_at),
  KEY by_state (user_id, state, kind),
  KEY by_kind (user_id, kind, created_at),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (issue_id) REFERENCES issue (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS mail_notice (
  notification_id BIGINT NOT NULL,
  user_id         BIGINT NOT NULL,
  mail_id         BIGINT NOT NULL,
  PRIMARY KEY (notification_id, user_id),
  KEY (mail_id),
  FOREIGN KEY (mail_id) REFERENCES mail_job (id)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS mail_share (
  subject BINARY(32) NOT NULL PRIMARY KEY,
  sent    INT NOT NULL,
  last_at DATETIME(6) NOT NULL,
  KEY (last_at)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS handover (
  profile_id      BIGINT NOT NULL PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  successor_id    BIGINT NULL,
  actor_id        BIGINT NULL,
  actor_name      VARCHAR(255) NOT NULL,
  behind_at       DATETIME(6) NULL,
  behind_id       BIGINT NOT NULL DEFAULT 0,
  created_at      DATETIME(6) NOT NULL,
  FOREIGN KEY (profile_id) REFERENCES profile (id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS quota (
  kind       ENUM('raises','comments','unproved_raises') NOT NULL,
  subject_id BIGINT NOT NULL,
  used       INT NOT NULL,
  since      DATETIME(6) NOT NULL,
  PRIMARY KEY (kind, subject_id)
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
  archived         BOOLEAN NOT NULL DEFAULT FALSE,
  gone_at          DATETIME(6) NULL,
  warning          VARCHAR(500) NULL,
  FOREIGN KEY (issue_id) REFERENCES issue (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS linear_flight (
  issue_id BIGINT NOT NULL,
  field    ENUM('title','description','status','priority','assigned_to') NOT NULL,
  hash     BINARY(32) NOT NULL,
  sent_at  DATETIME(6) NOT NULL,
  PRIMARY KEY (issue_id, field, hash, sent_at),
  KEY (sent_at)
) ENGINE=InnoDB;
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
  background      BOOLEAN NOT NULL DEFAULT FALSE,
  error_code      VARCHAR(64) NULL,
  error_text      VARCHAR(1000) NULL,
  dirty_since     DATETIME(6) NOT NULL,
  KEY (state, background, run_at),
  KEY by_turn (organization_id, state, background, run_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS webhook_delivery (
  id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  delivery     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  body_hash    BINARY(32) NOT NULL,
  body         MEDIUMBLOB NOT NULL,
  action       VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  entity_id    VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  is_fresh     BOOLEAN NOT NULL,
  received_at  DATETIME(6) NOT NULL,
  done_at      DATETIME(6) NULL,
  attempts     INT NOT NULL DEFAULT 0,
  run_at       DATETIME(6) NOT NULL,
  error_text   VARCHAR(1000) NULL,
  UNIQUE KEY (delivery),
  UNIQUE KEY (body_hash),
  KEY (entity_id),
  KEY (done_at, run_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE IF NOT EXISTS sync_fact (
  name       VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  value      VARCHAR(1000) NOT NULL,
  until      DATETIME(6) NULL,
  updated_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
