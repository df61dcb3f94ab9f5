-- Docket: the whole schema, each column explained.
--
-- Loads on an empty database and again on an existing one: every statement
-- says IF NOT EXISTS (or IGNORE). `docketctl migrate` runs this file statement by statement; so
-- does `mariadb DB <schema.sql`. MariaDB >= 10.6 or MySQL >= 8.
--
-- Times are UTC with microseconds. Text is utf8mb4; what people type compares
-- without case or accents, what machines make compares by bytes. Who somebody
-- is (user names, addresses) compares by bytes but for the case of A to Z.
-- Enumerations are read and written by their number (1 = the first word), in
-- the order of the enums of the header named beside them.

-- A tenant: a company that customers raise issues about.
CREATE TABLE IF NOT EXISTS organization (
  id             BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name           VARCHAR(255) NOT NULL,
  slug           VARCHAR(80) NOT NULL,            -- lower-case word for addresses, unique
  is_active      BOOLEAN NOT NULL DEFAULT TRUE,   -- an inactive one takes no new issues
  is_listed      BOOLEAN NOT NULL DEFAULT TRUE,   -- outsiders find it in lists; else only who has an issue or an order there
  staff_may_raise BOOLEAN NOT NULL DEFAULT FALSE, -- issues, for its customers
  linear_team_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL, -- Linear team tied to it: at most one organization a team
  linear_team_name VARCHAR(255) NULL,             -- as Linear spelled it when the tie was made
  linear_watermark DATETIME(6) NULL,              -- reconcile has seen all that changed in Linear up to here
  created_at     DATETIME(6) NOT NULL,
  updated_at     DATETIME(6) NOT NULL,
  UNIQUE KEY (slug),
  UNIQUE KEY (linear_team_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- A login.
CREATE TABLE IF NOT EXISTS user (
  id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  username      VARCHAR(150) NOT NULL,
  email         VARCHAR(254) NOT NULL,            -- as address_read() makes it, address.h
  email_verified BOOLEAN NOT NULL DEFAULT FALSE,  -- proved: the person used a link that was mailed there
  first_name    VARCHAR(80) NOT NULL DEFAULT '',
  last_name     VARCHAR(80) NOT NULL DEFAULT '',
  password_hash VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '', -- Argon2id in libsodium's string form; '' = no password yet
  is_active     BOOLEAN NOT NULL DEFAULT TRUE,
  wants_mail    BOOLEAN NOT NULL DEFAULT TRUE,    -- e-mail notifications; in the app they come regardless
  last_login_at DATETIME(6) NULL,
  created_at    DATETIME(6) NOT NULL,
  username_key  VARCHAR(150) COLLATE utf8mb4_bin GENERATED ALWAYS AS ( -- what names a login: account_key(), address.h
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
  proved_email  VARCHAR(254) COLLATE utf8mb4_bin GENERATED ALWAYS AS (IF(email_verified, email_key, NULL)) VIRTUAL, -- one account has it
  UNIQUE KEY username_key (username_key),
  UNIQUE KEY proved_email (proved_email),
  KEY email_key (email_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What a user may act as. An employee_id of the API is the id of a staff profile.
CREATE TABLE IF NOT EXISTS profile (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id         BIGINT NOT NULL,
  kind            ENUM('customer','employee','vendor') NOT NULL, -- enum role, actor.h
  organization_id BIGINT NULL,                    -- of staff; a customer has none
  is_primary      BOOLEAN NOT NULL DEFAULT FALSE, -- chosen at login; the lowest id breaks ties
  is_active       BOOLEAN NOT NULL DEFAULT TRUE,
  notifications_read_to BIGINT NOT NULL DEFAULT 0, -- read_all: every notification up to this id is read
  created_at      DATETIME(6) NOT NULL,
  UNIQUE KEY (user_id, organization_id),
  KEY (organization_id, is_active),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- A user seen by one organization; made on the first raise.
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

-- A supplier of an organization, that an issue may point to.
CREATE TABLE IF NOT EXISTS vendor (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  name            VARCHAR(255) NOT NULL,
  email           VARCHAR(254) NOT NULL DEFAULT '',
  created_at      DATETIME(6) NOT NULL,
  name_key        VARCHAR(255) COLLATE utf8mb4_bin GENERATED ALWAYS AS (LOWER(name)) VIRTUAL, -- Müller and Muller are two, Müller and MÜLLER one
  KEY by_name (organization_id, name),
  UNIQUE KEY name_key (organization_id, name_key),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- A purchase of a customer in an organization (`order` is a word of SQL).
CREATE TABLE IF NOT EXISTS purchase (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  user_id         BIGINT NOT NULL,                -- who bought; sees only own ones
  vendor_id       BIGINT NULL,
  order_number    VARCHAR(50) NOT NULL,
  title           VARCHAR(255) NOT NULL DEFAULT '',
  created_at      DATETIME(6) NOT NULL,
  number_key      VARCHAR(50) COLLATE utf8mb4_bin GENERATED ALWAYS AS (LOWER(order_number)) VIRTUAL, -- as vendor.name_key
  KEY of_organization (organization_id),
  UNIQUE KEY number_key (organization_id, number_key),
  KEY (user_id, organization_id),
  FOREIGN KEY (organization_id) REFERENCES organization (id),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (vendor_id) REFERENCES vendor (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Credentials: 256 random bits, of which only the hash is kept.
CREATE TABLE IF NOT EXISTS token (
  id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id      BIGINT NOT NULL,
  profile_id   BIGINT NULL,                       -- the profile it acts as (select_role changes a session's)
  hash         BINARY(32) NOT NULL,               -- BLAKE2b-256 of the token's text
  kind         ENUM('session','personal','password') NOT NULL, -- enum token_kind, token.h; password = one-time password-setting link
  name         VARCHAR(100) NOT NULL DEFAULT '',  -- of a personal token
  created_at   DATETIME(6) NOT NULL,
  expires_at   DATETIME(6) NOT NULL,
  last_used_at DATETIME(6) NULL,                  -- to some minutes
  address      VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NULL, -- of the client that used it last
  UNIQUE KEY (hash),
  KEY of_kind (user_id, kind, id),
  KEY (expires_at),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (profile_id) REFERENCES profile (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Who did what to an account or to an organization's access, from where and
-- when. Append-only, kept for 400 days; no foreign keys, so that nothing waits
-- for a lock to be noted.
CREATE TABLE IF NOT EXISTS security_log (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  event           ENUM('login','login_failed','locked','logout','signed_up','reset_asked','reset_done','password_changed','email_change_asked','email_changed','email_proved','role_invited','role_accepted','role_declined','role_activated','role_deactivated','role_changed','token_made','token_ended','session_ended','team_tied','team_untied','issues_exported','person_exported','person_erased','account_activated','account_deactivated') NOT NULL, -- enum security_event, security_log.h
  actor_id        BIGINT NULL,                    -- user who did it; NULL: nobody who is known, or docketctl
  user_id         BIGINT NULL,                    -- the account that it concerns
  organization_id BIGINT NULL,                    -- whose owners see it
  address         VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NULL, -- of the client; NULL: not by a request
  details         VARCHAR(255) NULL,              -- a name or a role; never a secret
  created_at      DATETIME(6) NOT NULL,
  KEY (organization_id, id),
  KEY (user_id, id),
  KEY (created_at),
  KEY (user_id, event, created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Wrong passwords of an account, existing or not, from one address and from
-- anywhere (lockout.h).
CREATE TABLE IF NOT EXISTS login_guard (
  account      BINARY(32) NOT NULL PRIMARY KEY,   -- BLAKE2b-256 of whose they are and, of one address's, of that
  failures     INT NOT NULL,                      -- since window_start
  window_start DATETIME(6) NOT NULL,
  locked_until DATETIME(6) NULL,
  KEY (window_start)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- From where somebody has logged in to an account: a lock of the account for
-- other addresses leaves these alone.
CREATE TABLE IF NOT EXISTS login_network (
  user_id BIGINT NOT NULL,
  network VARBINARY(8) NOT NULL,                  -- IPv4 address, or the /64 of an IPv6 one
  seen_at DATETIME(6) NOT NULL,
  PRIMARY KEY (user_id, network),
  KEY (seen_at)
) ENGINE=InnoDB;

-- Addresses that accounts are to prove: one waits for each, see email_proof.h.
CREATE TABLE IF NOT EXISTS email_proof (
  user_id    BIGINT NOT NULL PRIMARY KEY,
  email      VARCHAR(254) NOT NULL,               -- as address_read() makes it
  hash       BINARY(32) NULL,                     -- BLAKE2b-256 of the link's token; NULL: not made yet
  created_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  KEY (expires_at),
  FOREIGN KEY (user_id) REFERENCES user (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Invitations to an organization's staff that are open, see invitation.h.
CREATE TABLE IF NOT EXISTS invitation (
  id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  profile_id BIGINT NOT NULL,                     -- which waits, in a login of its own that has the address and no password
  created_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  UNIQUE KEY (profile_id),
  FOREIGN KEY (profile_id) REFERENCES profile (id)
) ENGINE=InnoDB;

-- People who were erased, and how far their names are replaced.
CREATE TABLE IF NOT EXISTS erasure (
  user_id    BIGINT NOT NULL PRIMARY KEY,
  behind_id  BIGINT NOT NULL DEFAULT 0,           -- comments, history and notifications up to this id are done
  created_at DATETIME(6) NOT NULL,
  done_at    DATETIME(6) NULL,
  name       VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL, -- full name before, to be replaced where the history has no id beside it; NULL once done
  KEY (done_at, user_id)
) ENGINE=InnoDB;

-- The last issue number given out, per organization and year (UTC).
CREATE TABLE IF NOT EXISTS issue_number (
  organization_id BIGINT NOT NULL,
  year            SMALLINT NOT NULL,
  last            INT NOT NULL,
  PRIMARY KEY (organization_id, year)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS issue (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  issue_number    VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- ISS-YYYY-NNNN
  title           MEDIUMTEXT NOT NULL,            -- 255 characters at most, but for Linear's, which are kept whole
  description     MEDIUMTEXT NOT NULL,            -- 20,000 likewise
  status          ENUM('open','in_progress','resolved','closed') NOT NULL DEFAULT 'open', -- these three: enums of issue.h
  priority        ENUM('low','medium','high','urgent') NOT NULL DEFAULT 'medium',
  category        ENUM('general','delivery','quality','billing','communication','technical','other') NOT NULL DEFAULT 'general',
  vendor_id       BIGINT NULL,
  order_id        BIGINT NULL,
  assigned_to     BIGINT NULL,                    -- a staff profile of the organization
  is_client_issue BOOLEAN NOT NULL,               -- raised by a customer, not imported from Linear
  customer_id     BIGINT NULL,                    -- who raised it, as the organization sees him
  raised_by       BIGINT NULL,                    -- the same person's user: his own list spans organizations
  created_by      BIGINT NULL,                    -- user: raised_by, or the one of the staff who raised it for them; NULL: Linear
  first_answered_at DATETIME(6) NULL,             -- the first public comment by staff or from Linear
  resolved_at     DATETIME(6) NULL,               -- kept when it is closed then; cleared when it is reopened
  resolved_by     BIGINT NULL,                    -- staff profile; NULL with resolved_at set: Linear
  resolution_notes TEXT NULL,
  version         INT NOT NULL DEFAULT 1,         -- grows by one with every change that If-Match must see
  linear_id       CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL, -- UUID chosen here before Linear is told
  linear_identifier VARCHAR(32) NULL,             -- TOO-123
  linear_url      VARCHAR(500) NULL,
  linear_state    VARCHAR(100) NULL,              -- the name of its workflow state there, as last told
  linear_team_id  CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL, -- the team that it lives in (a move in Linear changes it)
  synced_to_linear BOOLEAN NOT NULL DEFAULT FALSE, -- it exists in Linear
  sync_state      ENUM('off','pending','synced','failed') NOT NULL DEFAULT 'off', -- enum sync_state, issue.h
  last_synced_at  DATETIME(6) NULL,
  created_at      DATETIME(6) NOT NULL,
  updated_at      DATETIME(6) NOT NULL,
  deleted_at      DATETIME(6) NULL,               -- soft delete: gone for everybody, number not reused
  is_withdrawn    BOOLEAN NOT NULL DEFAULT FALSE, -- deleted by its customer, and so gone for them alone
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

-- How many live issues there are of each kind, kept in the transaction that
-- changes one, so that no list or statistic counts rows. scope_id is the
-- organization (also for unassigned, status and total), the customer record
-- (also for withdrawn: those of customer that customers themselves do not see)
-- or the staff profile. Scopes status and total sum an organization's up: a cell
-- for each status, and one for all, in which the other dimensions have their
-- first value.
CREATE TABLE IF NOT EXISTS issue_count (
  scope           ENUM('organization','unassigned','assignee','customer','status','total','withdrawn') NOT NULL, -- enum count_scope, count.h
  scope_id        BIGINT NOT NULL,
  status          ENUM('open','in_progress','resolved','closed') NOT NULL,
  priority        ENUM('low','medium','high','urgent') NOT NULL,
  category        ENUM('general','delivery','quality','billing','communication','technical','other') NOT NULL,
  is_client_issue BOOLEAN NOT NULL,
  synced          BOOLEAN NOT NULL,
  n               INT NOT NULL,
  PRIMARY KEY (scope, scope_id, status, priority, category, is_client_issue, synced)
) ENGINE=InnoDB;

-- What happened in an organization on each day (UTC), for its dashboard.
CREATE TABLE IF NOT EXISTS trend_day (
  organization_id BIGINT NOT NULL,
  day             DATE NOT NULL,
  raised          INT NOT NULL DEFAULT 0,
  resolved        INT NOT NULL DEFAULT 0,
  PRIMARY KEY (organization_id, day)
) ENGINE=InnoDB;

-- How long answers and resolutions took: a histogram for each day, so that a
-- median is read from a few rows however many issues there are.
CREATE TABLE IF NOT EXISTS trend_duration (
  organization_id BIGINT NOT NULL,
  day             DATE NOT NULL,
  kind            ENUM('answer','resolution') NOT NULL, -- enum trend_kind, trend.c
  bucket          SMALLINT NOT NULL,              -- floor(8 log2(1 + seconds)): within 9 % of the time
  n               INT NOT NULL,
  PRIMARY KEY (organization_id, day, kind, bucket)
) ENGINE=InnoDB;

-- The search index: the words of an issue's number, title, description and
-- comments, and of its customer's name and address, for search by prefix.
CREATE TABLE IF NOT EXISTS search_word (
  organization_id BIGINT NOT NULL,
  word            VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, -- folded by unicode.c
  issue_id        BIGINT NOT NULL,
  staff_only      BOOLEAN NOT NULL,               -- of an internal note, or of the customer
  comment_id      BIGINT NOT NULL,                -- that it comes from; 0: from the issue itself
  PRIMARY KEY (organization_id, word, issue_id, staff_only, comment_id),
  KEY (issue_id)
) ENGINE=InnoDB;

-- What is to be indexed again in the background: words as older versions have
-- split them, which find their issue until then. Empty once that is done.
CREATE TABLE IF NOT EXISTS issue_word (
  organization_id BIGINT NOT NULL,
  word            VARCHAR(40) NOT NULL,           -- folded to lower case without accents by the collation
  issue_id        BIGINT NOT NULL,
  PRIMARY KEY (organization_id, word, issue_id),
  KEY (issue_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE IF NOT EXISTS comment (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  issue_id        BIGINT NOT NULL,
  author_id       BIGINT NULL,                    -- user; NULL: somebody in Linear
  author_name     VARCHAR(255) NOT NULL,          -- as it was then
  author_kind     ENUM('customer','staff','linear') NOT NULL, -- enum author_kind, actor.h
  content         MEDIUMTEXT NOT NULL,            -- 10,000 characters at most, but for Linear's, which are kept whole
  is_internal     BOOLEAN NOT NULL,               -- staff only; never leaves for Linear
  linear_id       CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL, -- chosen here (public) or Linear's own (from there)
  synced_to_linear BOOLEAN NOT NULL DEFAULT FALSE,
  got_hash        BINARY(32) NULL,                -- of its text in Linear, as last told
  linear_updated_at DATETIME(6) NULL,             -- Linear's own clock: an older telling does nothing
  created_at      DATETIME(6) NOT NULL,
  updated_at      DATETIME(6) NOT NULL,
  deleted_at      DATETIME(6) NULL,
  linear_dirty    BOOLEAN NOT NULL DEFAULT FALSE, -- edited or withdrawn here, of which Linear has not heard
  UNIQUE KEY (linear_id),
  KEY (issue_id, id),
  KEY by_author (author_id, id),
  FOREIGN KEY (issue_id) REFERENCES issue (id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Append-only history of an issue. The values are for staff: what people wrote
-- may be edited or withdrawn, and customers read what stands (activity.h).
CREATE TABLE IF NOT EXISTS activity (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  issue_id        BIGINT NOT NULL,
  actor_id        BIGINT NULL,                    -- user; NULL: somebody in Linear, or Docket itself
  actor_name      VARCHAR(255) NOT NULL,
  actor_kind      ENUM('customer','staff','linear') NOT NULL,
  field           VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- what changed: created, status, title, comment, ...
  old_value       MEDIUMTEXT NULL,
  new_value       MEDIUMTEXT NULL,
  is_public       BOOLEAN NOT NULL,               -- the customer may see it
  created_at      DATETIME(6) NOT NULL,
  comment_id      BIGINT NULL,                    -- the comment that it tells of: customers read its present text
  KEY (issue_id, id),
  FOREIGN KEY (issue_id) REFERENCES issue (id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What one person, or the whole staff of an organization, is told. Staff of any
-- number cost one row.
CREATE TABLE IF NOT EXISTS notification (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id         BIGINT NULL,                    -- one person; or
  organization_id BIGINT NULL,                    -- all its staff (but not the one who did it)
  issue_id        BIGINT NOT NULL,
  comment_id      BIGINT NULL,                    -- of a reply
  kind            ENUM('raised','replied','status','resolved','reopened','assigned') NOT NULL, -- enum notice, notification.h
  status          ENUM('open','in_progress','resolved','closed') NULL, -- the issue's, after the change
  actor_id        BIGINT NULL,
  actor_name      VARCHAR(255) NOT NULL,
  created_at      DATETIME(6) NOT NULL,
  mail_state      ENUM('none','due','done') NOT NULL DEFAULT 'none', -- done: whoever is to get it by mail has it in a mail_job
  mail_due_at     DATETIME(6) NULL,               -- a burst is gathered until then
  KEY (user_id, id),
  KEY (organization_id, id),
  KEY (issue_id),
  KEY (mail_state, mail_due_at),
  FOREIGN KEY (issue_id) REFERENCES issue (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Notifications that a person has read one by one (see profile.notifications_read_to).
CREATE TABLE IF NOT EXISTS notification_read (
  notification_id BIGINT NOT NULL,
  profile_id      BIGINT NOT NULL,
  PRIMARY KEY (profile_id, notification_id)
) ENGINE=InnoDB;

-- Mails, one row for each and its one recipient. They are written when they are
-- sent, so that no credential and no outdated text ever lies in a queue.
CREATE TABLE IF NOT EXISTS mail_job (
  id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id     BIGINT NULL,                        -- NULL: an invitation to somebody without a login, or (void) a reset of no account
  kind        ENUM('password_reset','notices','confirm_address','invitation','address_changed','password_changed','digest') NOT NULL, -- enum mail_kind, account_mail.h
  issue_id    BIGINT NULL,                        -- of notices; which ones, and those of a digest: mail_notice
  address     VARCHAR(254) NULL,                  -- where it goes; NULL: to the address that the account has then
  organization_id BIGINT NULL,                    -- of an invitation: who invites
  about_id    BIGINT NULL,                        -- what the link is about, by kind
  more        INT NOT NULL DEFAULT 0,             -- of a digest: notifications that it only counts
  state       ENUM('due','sent','dead','void') NOT NULL DEFAULT 'due', -- dead letter: refused for good; void: nothing was left to say
  due_at      DATETIME(6) NOT NULL,               -- not before
  attempts    INT NOT NULL DEFAULT 0,             -- that failed
  lease_owner VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL, -- the daemon that sends it
  lease_until DATETIME(6) NULL,                   -- and until when it may
  error       VARCHAR(500) NULL,                  -- the mail server's own words
  created_at  DATETIME(6) NOT NULL,
  sent_at     DATETIME(6) NULL,
  KEY (state, due_at),
  KEY by_state (user_id, state, kind),
  KEY by_kind (user_id, kind, created_at),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (issue_id) REFERENCES issue (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Who is told of a notification by which mail: once each.
CREATE TABLE IF NOT EXISTS mail_notice (
  notification_id BIGINT NOT NULL,
  user_id         BIGINT NOT NULL,
  mail_id         BIGINT NOT NULL,
  PRIMARY KEY (notification_id, user_id),
  KEY (mail_id),
  FOREIGN KEY (mail_id) REFERENCES mail_job (id)
) ENGINE=InnoDB;

-- How many mails of a kind went lately to an address, or because of an account
-- or an organization; see account_mail.h. Rows are purged after an hour.
CREATE TABLE IF NOT EXISTS mail_share (
  subject BINARY(32) NOT NULL PRIMARY KEY,        -- BLAKE2b-256 of which, and of the kind
  sent    INT NOT NULL,                           -- since an hour without any
  last_at DATETIME(6) NOT NULL,
  KEY (last_at)
) ENGINE=InnoDB;

-- Staff who left, and whose open issues are being handed over. Gone once that
-- is done.
CREATE TABLE IF NOT EXISTS handover (
  profile_id      BIGINT NOT NULL PRIMARY KEY,    -- who left
  organization_id BIGINT NOT NULL,
  successor_id    BIGINT NULL,                    -- a staff profile; NULL: to nobody
  actor_id        BIGINT NULL,                    -- user who said so; NULL: Docket, or docketctl
  actor_name      VARCHAR(255) NOT NULL,
  behind_at       DATETIME(6) NULL,               -- the issues up to this one, by created_at
  behind_id       BIGINT NOT NULL DEFAULT 0,      -- and id, are done
  created_at      DATETIME(6) NOT NULL,
  FOREIGN KEY (profile_id) REFERENCES profile (id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- How much of what is limited by the hour was done. Two rows at most for a
-- person, and one for an organization: none is ever removed.
CREATE TABLE IF NOT EXISTS quota (
  kind       ENUM('raises','comments','unproved_raises') NOT NULL, -- enum quota, quota.h
  subject_id BIGINT NOT NULL,                     -- a user; of unproved_raises an organization
  used       INT NOT NULL,
  since      DATETIME(6) NOT NULL,                -- the first of this hour
  PRIMARY KEY (kind, subject_id)
) ENGINE=InnoDB;

-- First answers to requests that carried an Idempotency-Key, for 24 hours.
CREATE TABLE IF NOT EXISTS idempotency (
  user_id      BIGINT NOT NULL,
  key_hash     BINARY(32) NOT NULL,               -- of the key's text
  request_hash BINARY(32) NOT NULL,               -- of route, path and body: another one under the same key is refused
  resource_id  BIGINT NOT NULL DEFAULT 0,         -- what the request made, so that a lost answer can be made again
  status       SMALLINT NOT NULL DEFAULT 0,       -- 0: made, answer not yet kept
  body         MEDIUMTEXT NULL,
  created_at   DATETIME(6) NOT NULL,
  PRIMARY KEY (user_id, key_hash),
  KEY (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What was last agreed with Linear about an issue: the base of every
-- comparison. Texts as hashes, of what we sent and of what Linear made of it,
-- since Linear rewrites Markdown.
CREATE TABLE IF NOT EXISTS linear_base (
  issue_id         BIGINT NOT NULL PRIMARY KEY,
  title_sent       BINARY(32) NOT NULL,
  title_got        BINARY(32) NOT NULL,
  description_sent BINARY(32) NOT NULL,
  description_got  BINARY(32) NOT NULL,
  status           ENUM('open','in_progress','resolved','closed') NOT NULL, -- ours, when last agreed
  state_id         CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '', -- Linear's workflow state
  state_type       VARCHAR(32) NOT NULL DEFAULT '',
  priority         ENUM('low','medium','high','urgent') NOT NULL,
  linear_priority  TINYINT NOT NULL DEFAULT 0,    -- 0 none, 1 urgent .. 4 low
  assigned_to      BIGINT NULL,                   -- ours, when last agreed
  assignee_id      CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL, -- Linear user
  linear_updated_at DATETIME(6) NULL,             -- Linear's own clock at the last agreed telling
  linear_description MEDIUMTEXT NULL,             -- Linear's text where it differs from a customer's own
  attachment_hash  BINARY(32) NULL,               -- of the back-link's content as last sent
  thread_id        CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL, -- root comment of the customer's thread, chosen here
  thread_open      BOOLEAN NOT NULL DEFAULT FALSE, -- Linear has that root
  archived         BOOLEAN NOT NULL DEFAULT FALSE, -- in Linear: must be restored before it can be changed
  gone_at          DATETIME(6) NULL,              -- deleted in Linear: unlinked, never made again
  warning          VARCHAR(500) NULL,             -- what staff should know, e.g. a state of unknown type
  FOREIGN KEY (issue_id) REFERENCES issue (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What was sent to Linear and not yet answered, or never: when Linear tells of
-- such a value, however late, it is ours and nobody's edit.
CREATE TABLE IF NOT EXISTS linear_flight (
  issue_id BIGINT NOT NULL,
  field    ENUM('title','description','status','priority','assigned_to') NOT NULL, -- enum sync_field, sync_base.h
  hash     BINARY(32) NOT NULL,                   -- of the value; of a description, its letters and digits
  sent_at  DATETIME(6) NOT NULL,
  PRIMARY KEY (issue_id, field, hash, sent_at),
  KEY (sent_at)
) ENGINE=InnoDB;

-- The transactional outbox: "this issue and Linear may differ". One row an
-- issue however often it changes; the daemon works out the difference.
CREATE TABLE IF NOT EXISTS sync_job (
  issue_id        BIGINT NOT NULL PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  generation      INT NOT NULL DEFAULT 1,         -- grows with every change: a job done is only gone if nothing came after
  state           ENUM('ready','dead') NOT NULL DEFAULT 'ready', -- dead: until a person or a change wants it; what was not refused has a try a day
  attempts        INT NOT NULL DEFAULT 0,         -- that failed by a fault of its own
  run_at          DATETIME(6) NOT NULL,           -- not before
  lease_owner     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL, -- the daemon that works on it
  lease_until     DATETIME(6) NULL,               -- and until when it may
  wants_refetch   BOOLEAN NOT NULL DEFAULT FALSE, -- Linear's side may have changed: read it first
  background      BOOLEAN NOT NULL DEFAULT FALSE, -- nobody waits: yields to the others when requests are scarce
  error_code      VARCHAR(64) NULL,
  error_text      VARCHAR(1000) NULL,             -- Linear's own words
  dirty_since     DATETIME(6) NOT NULL,           -- the oldest change that waits
  KEY (state, background, run_at),
  KEY by_turn (organization_id, state, background, run_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Webhook deliveries of Linear, stored before they are answered.
CREATE TABLE IF NOT EXISTS webhook_delivery (
  id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  delivery     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- header Linear-Delivery
  body_hash    BINARY(32) NOT NULL,
  body         MEDIUMBLOB NOT NULL,
  action       VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- create, update, remove
  entity_id    VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- of what it tells
  is_fresh     BOOLEAN NOT NULL,                  -- within 60 s of its timestamp; else only a hint to read again
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

-- Facts that all daemons and workers share, by name: why the sync is paused and
-- until when, when the last webhook came, when one was missing, when the last pass
-- ran, the key that signs the links in mails, and the row that is locked while
-- notifications become mails.
CREATE TABLE IF NOT EXISTS sync_fact (
  name       VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  value      VARCHAR(1000) NOT NULL,
  until      DATETIME(6) NULL,
  updated_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What came later. `CREATE TABLE IF NOT EXISTS` leaves a table alone that is
-- there, so a change of one stands in its definition above and here again, in
-- a form that does nothing the second time, in MariaDB and in MySQL: MODIFY for
-- a type, INSERT … ON DUPLICATE KEY UPDATE for rows that follow from others. A
-- new column, for
-- which MySQL knows no IF NOT EXISTS, is prepared from what
-- information_schema.columns says.

-- Proved addresses: of those who are there, staff who have a password are
-- proved. That is decided before the next columns are there, and so once.
SET @change = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'user' AND column_name = 'email_verified') = 0,
  'ALTER TABLE user ADD COLUMN email_verified BOOLEAN NOT NULL DEFAULT FALSE AFTER email', 'DO 0');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
SET @change = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'user' AND column_name = 'proved_email') = 0,
  'UPDATE user u SET u.email_verified = TRUE WHERE CHAR_LENGTH(u.password_hash) > 0
   AND EXISTS (SELECT 1 FROM profile p WHERE p.user_id = u.id AND p.organization_id IS NOT NULL)', 'DO 0');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

-- User names and addresses compare exactly but for the case of A to Z, and
-- several accounts may hold an address that none of them has proved.
SET @key_of = 'REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(
  REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(
  REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(COLUMN COLLATE utf8mb4_bin
  ,''A'',''a''),''B'',''b''),''C'',''c''),''D'',''d''),''E'',''e''),''F'',''f''),''G'',''g''),''H'',''h''),''I'',''i'')
  ,''J'',''j''),''K'',''k''),''L'',''l''),''M'',''m''),''N'',''n''),''O'',''o''),''P'',''p''),''Q'',''q''),''R'',''r'')
  ,''S'',''s''),''T'',''t''),''U'',''u''),''V'',''v''),''W'',''w''),''X'',''x''),''Y'',''y''),''Z'',''z'')';
SET @change = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'user' AND column_name = 'proved_email') = 0,
  CONCAT('ALTER TABLE user ADD COLUMN username_key VARCHAR(150) COLLATE utf8mb4_bin GENERATED ALWAYS AS (',
    REPLACE(@key_of, 'COLUMN', 'username'), ') VIRTUAL, ADD COLUMN email_key VARCHAR(254) COLLATE utf8mb4_bin ',
    'GENERATED ALWAYS AS (', REPLACE(@key_of, 'COLUMN', 'email'), ') VIRTUAL, ADD COLUMN proved_email ',
    'VARCHAR(254) COLLATE utf8mb4_bin GENERATED ALWAYS AS (IF(email_verified, email_key, NULL)) VIRTUAL'),
  'DO 0');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
SET @change = IF((SELECT COUNT(*) FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = 'user' AND index_name = 'proved_email') = 0,
  'ALTER TABLE user ADD UNIQUE KEY username_key (username_key),
   ADD UNIQUE KEY proved_email (proved_email), ADD KEY email_key (email_key)', 'DO 0');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
SET @change = IF((SELECT COUNT(*) FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = 'user' AND index_name = 'email') > 0,
  'ALTER TABLE user DROP KEY username, DROP KEY email', 'DO 0');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

-- Names of vendors and numbers of orders compare exactly but for case.
SET @change = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'vendor' AND column_name = 'name_key') = 0,
  'ALTER TABLE vendor ADD COLUMN name_key VARCHAR(255) COLLATE utf8mb4_bin GENERATED ALWAYS AS (LOWER(name)) VIRTUAL',
  'DO 0');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
SET @change = IF((SELECT COUNT(*) FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = 'vendor' AND index_name = 'name_key') = 0,
  'ALTER TABLE vendor ADD KEY by_name (organization_id, name),
   ADD UNIQUE KEY name_key (organization_id, name_key), DROP KEY organization_id', 'DO 0');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
SET @change = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'purchase' AND column_name = 'number_key') = 0,
  'ALTER TABLE purchase ADD COLUMN number_key VARCHAR(50) COLLATE utf8mb4_bin
   GENERATED ALWAYS AS (LOWER(order_number)) VIRTUAL', 'DO 0');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
SET @change = IF((SELECT COUNT(*) FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = 'purchase' AND index_name = 'number_key') = 0,
  'ALTER TABLE purchase ADD KEY of_organization (organization_id),
   ADD UNIQUE KEY number_key (organization_id, number_key), DROP KEY organization_id', 'DO 0');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

-- The totals.
ALTER TABLE issue_count MODIFY
  scope ENUM('organization','unassigned','assignee','customer','status','total','withdrawn') NOT NULL;
INSERT INTO issue_count (scope, scope_id, status, priority, category, is_client_issue, synced, n)
SELECT 'status', scope_id, status, 'low', 'general', FALSE, FALSE, SUM(n)
FROM issue_count WHERE scope = 'organization' GROUP BY scope_id, status
ON DUPLICATE KEY UPDATE n = VALUES(n);
INSERT INTO issue_count (scope, scope_id, status, priority, category, is_client_issue, synced, n)
SELECT 'total', scope_id, 'open', 'low', 'general', FALSE, FALSE, SUM(n)
FROM issue_count WHERE scope = 'organization' GROUP BY scope_id
ON DUPLICATE KEY UPDATE n = VALUES(n);

-- Issues without any word are to be indexed, of organizations where one issue
-- has none. That is asked once an organization, whatever the server thinks of
-- its size, and by an issue's few words, since an organization has millions.
INSERT IGNORE INTO issue_word (organization_id, word, issue_id)
SELECT o.id, LOWER(i.issue_number), i.id
FROM organization o STRAIGHT_JOIN issue i ON i.organization_id = o.id
WHERE i.deleted_at IS NULL AND
  (SELECT COALESCE((SELECT 1 FROM search_word w WHERE w.issue_id = x.id LIMIT 1),
                   (SELECT 1 FROM issue_word w WHERE w.issue_id = x.id LIMIT 1))
   FROM issue x WHERE x.organization_id = o.id AND x.deleted_at IS NULL LIMIT 1) IS NULL;

-- A value that is sent again is another flight.
ALTER TABLE linear_flight DROP PRIMARY KEY, ADD PRIMARY KEY (issue_id, field, hash, sent_at);

-- Whether outsiders find an organization in lists, and whether its staff may
-- raise issues for its customers.
SET @change = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE organization ADD COLUMN is_listed BOOLEAN NOT NULL DEFAULT TRUE AFTER is_active')
  FROM information_schema.columns WHERE table_schema = DATABASE()
  AND table_name = 'organization' AND column_name = 'is_listed');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
SET @change = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE organization ADD COLUMN staff_may_raise BOOLEAN NOT NULL DEFAULT FALSE AFTER is_listed')
  FROM information_schema.columns WHERE table_schema = DATABASE()
  AND table_name = 'organization' AND column_name = 'staff_may_raise');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

-- The comment that an entry of the history tells of. Of older entries it is not
-- known: customers read no text in them.
SET @change = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE activity ADD COLUMN comment_id BIGINT NULL')
  FROM information_schema.columns WHERE table_schema = DATABASE()
  AND table_name = 'activity' AND column_name = 'comment_id');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

-- Old wrong passwords are deleted by their time.
SET @change = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE login_guard ADD KEY (window_start)')
  FROM information_schema.statistics WHERE table_schema = DATABASE()
  AND table_name = 'login_guard' AND column_name = 'window_start');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

-- When and from where tokens were last used, and lists of a kind of them. A
-- personal token is bound to a profile: those that were not act as the primary
-- one, once and for all.
SET @change = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE token ADD COLUMN last_used_at DATETIME(6) NULL,
    ADD COLUMN address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NULL')
  FROM information_schema.columns WHERE table_schema = DATABASE()
  AND table_name = 'token' AND column_name = 'address');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
SET @change = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE token ADD KEY of_kind (user_id, kind, id), DROP KEY user_id')
  FROM information_schema.statistics WHERE table_schema = DATABASE()
  AND table_name = 'token' AND index_name = 'of_kind');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
UPDATE token SET profile_id = (SELECT p.id FROM profile p WHERE p.user_id = token.user_id
  AND p.is_active ORDER BY p.is_primary DESC, p.id LIMIT 1)
WHERE kind = 'personal' AND profile_id IS NULL;

-- Texts of Linear's, whole. No server changes these types in place: the two
-- tables are copied, once.
ALTER TABLE issue MODIFY title MEDIUMTEXT NOT NULL;
ALTER TABLE comment MODIFY content MEDIUMTEXT NOT NULL;

-- Mails about accounts.
ALTER TABLE mail_job MODIFY kind
  ENUM('password_reset','notices','confirm_address','invitation','address_changed','password_changed','digest') NOT NULL;
ALTER TABLE mail_job MODIFY user_id BIGINT NULL;
SET @change = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 'mail_job' AND column_name = 'address') > 0, 'DO 0',
  'ALTER TABLE mail_job ADD COLUMN address VARCHAR(254) NULL AFTER issue_id,
    ADD COLUMN organization_id BIGINT NULL AFTER address, ADD COLUMN about_id BIGINT NULL AFTER organization_id');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

-- Issues that their customer has withdrawn and does not see.
SET @change = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE issue ADD COLUMN is_withdrawn BOOLEAN NOT NULL DEFAULT FALSE')
  FROM information_schema.columns WHERE table_schema = DATABASE()
  AND table_name = 'issue' AND column_name = 'is_withdrawn');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

-- Comments that were edited or withdrawn here.
SET @change = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE comment ADD COLUMN linear_dirty BOOLEAN NOT NULL DEFAULT FALSE')
  FROM information_schema.columns WHERE table_schema = DATABASE()
  AND table_name = 'comment' AND column_name = 'linear_dirty');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

-- Jobs are leased in turn over the organizations. The key that this one
-- replaces has the name of its first column.
SET @change = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE sync_job ADD KEY by_turn (organization_id, state, background, run_at), DROP KEY organization_id')
  FROM information_schema.statistics WHERE table_schema = DATABASE()
  AND table_name = 'sync_job' AND index_name = 'by_turn');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

-- Digests.
SET @change = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 'mail_job' AND column_name = 'more') > 0, 'DO 0',
  'ALTER TABLE mail_job ADD COLUMN more INT NOT NULL DEFAULT 0 AFTER about_id,
    ADD KEY by_state (user_id, state, kind), ADD KEY by_kind (user_id, kind, created_at), DROP KEY user_id');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

-- The open issues of staff who left before that was handed over.
INSERT IGNORE INTO handover (profile_id, organization_id, actor_name, created_at)
SELECT p.id, p.organization_id, 'Docket', UTC_TIMESTAMP(6)
FROM profile p JOIN user u ON u.id = p.user_id
WHERE p.organization_id IS NOT NULL AND NOT (p.is_active AND u.is_active)
  AND EXISTS (SELECT 1 FROM issue_count k WHERE k.scope = 'assignee' AND k.scope_id = p.id
    AND k.status IN ('open', 'in_progress') AND k.n > 0);

-- A person's comments, for an export of their data and for erasing them.
SET @change = (SELECT IF(COUNT(*) > 0, 'DO 0', 'ALTER TABLE comment ADD KEY by_author (author_id, id)')
  FROM information_schema.statistics WHERE table_schema = DATABASE()
  AND table_name = 'comment' AND index_name = 'by_author');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

-- The names that erasing replaces.
SET @change = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE erasure ADD COLUMN name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL')
  FROM information_schema.columns WHERE table_schema = DATABASE()
  AND table_name = 'erasure' AND column_name = 'name');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
