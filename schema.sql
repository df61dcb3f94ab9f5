-- Docket: the whole schema.
--
-- `docketctl migrate` makes every database that of this file: it runs the
-- definitions, which change nothing that exists, then the migrations at the end that
-- the database does not have yet. MariaDB >= 10.6 or MySQL >= 8.0.29.
--
-- Times are UTC with microseconds. Text is utf8mb4. Text that people type is
-- compared without case and accents, text that programs make by bytes. Usernames
-- and addresses are compared by bytes, except for the case of A to Z. The library
-- reads and writes ENUM columns by number (1 = the first name), in the order of
-- the C enum that is named beside the column.

-- A tenant: a company that customers raise issues about.
CREATE TABLE IF NOT EXISTS organization (
  id             BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name           VARCHAR(255) NOT NULL,
  slug           VARCHAR(80) NOT NULL,            -- lower-case word for URLs
  is_active      BOOLEAN NOT NULL DEFAULT TRUE,   -- FALSE: it takes no new issues
  is_listed      BOOLEAN NOT NULL DEFAULT TRUE,   -- FALSE: lists show it only to people who have an issue or an order there
  staff_may_raise BOOLEAN NOT NULL DEFAULT FALSE, -- staff may raise issues for its customers
  time_zone      VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'UTC', -- of its days, see base/time_zone.h
  mail_in        ENUM('off','known','anyone') NOT NULL DEFAULT 'off', -- enum mail_in_mode, organization.h: who raises issues by a mail to its addresses
  mail_in_since  DATETIME(6) NULL,                -- when that was switched on: older mails raise none
  linear_team_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL, -- the Linear team that it is linked to; one organization for each team
  linear_team_name VARCHAR(255) NULL,             -- as it was in Linear when the team was linked
  linear_watermark DATETIME(6) NULL,              -- sync/reconcile.c has seen all changes in Linear up to this time
  created_at     DATETIME(6) NOT NULL,
  updated_at     DATETIME(6) NOT NULL,
  UNIQUE KEY (slug),
  UNIQUE KEY (linear_team_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- A login.
CREATE TABLE IF NOT EXISTS user (
  id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  username      VARCHAR(150) NOT NULL,
  email         VARCHAR(254) NOT NULL,            -- in the form of address_read(), address.h
  email_verified BOOLEAN NOT NULL DEFAULT FALSE,  -- the person has used a link that was mailed there
  first_name    VARCHAR(80) NOT NULL DEFAULT '',
  last_name     VARCHAR(80) NOT NULL DEFAULT '',
  password_hash VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '', -- Argon2id in libsodium's string form; '' = no password yet
  is_active     BOOLEAN NOT NULL DEFAULT TRUE,
  wants_mail    BOOLEAN NOT NULL DEFAULT TRUE,    -- notifications by e-mail; the portal shows them anyway
  last_login_at DATETIME(6) NULL,
  created_at    DATETIME(6) NOT NULL,
  username_key  VARCHAR(150) COLLATE utf8mb4_bin GENERATED ALWAYS AS ( -- for lookups and uniqueness: account_key(), address.h
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
  proved_email  VARCHAR(254) COLLATE utf8mb4_bin GENERATED ALWAYS AS (IF(email_verified, email_key, NULL)) VIRTUAL, -- at most one account can have proved an address
  UNIQUE KEY username_key (username_key),
  UNIQUE KEY proved_email (proved_email),
  KEY email_key (email_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Users whose mails came back: they get no notifications by mail until they confirm an
-- address, or switch mail on again. (Table user cannot get a column while others
-- write to it: it has indexed virtual columns.)
CREATE TABLE IF NOT EXISTS mail_bounce (
  user_id    BIGINT NOT NULL PRIMARY KEY,
  bounced_at DATETIME(6) NOT NULL,                -- the first time
  FOREIGN KEY (user_id) REFERENCES user (id) ON DELETE CASCADE
) ENGINE=InnoDB;

-- What a user may act as. The API's employee_id is the id of a staff profile.
CREATE TABLE IF NOT EXISTS profile (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id         BIGINT NOT NULL,
  kind            ENUM('customer','employee','vendor') NOT NULL, -- enum role, actor.h
  organization_id BIGINT NULL,                    -- of staff; a customer has none
  is_primary      BOOLEAN NOT NULL DEFAULT FALSE, -- chosen at login; the lowest id breaks ties
  is_active       BOOLEAN NOT NULL DEFAULT TRUE,
  notifications_read_to BIGINT NOT NULL DEFAULT 0, -- every notification up to this id is read
  created_at      DATETIME(6) NOT NULL,
  UNIQUE KEY (user_id, organization_id),
  KEY (organization_id, is_active),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Customer records: a user as one organization sees them. Created with the first
-- issue that the user raises there.
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

-- A supplier of an organization, which issues may name.
CREATE TABLE IF NOT EXISTS vendor (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  name            VARCHAR(255) NOT NULL,
  email           VARCHAR(254) NOT NULL DEFAULT '',
  created_at      DATETIME(6) NOT NULL,
  name_key        VARCHAR(255) COLLATE utf8mb4_bin GENERATED ALWAYS AS (LOWER(name)) VIRTUAL, -- for uniqueness: differs for Müller and Muller, equal for Müller and MÜLLER
  KEY by_name (organization_id, name),
  UNIQUE KEY name_key (organization_id, name_key),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- A purchase by a customer: the API's order (ORDER is a word of SQL).
CREATE TABLE IF NOT EXISTS purchase (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  user_id         BIGINT NOT NULL,                -- the buyer
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

-- The words by which staff, suppliers, orders and customers are found, see
-- desk/directory.h.
CREATE TABLE IF NOT EXISTS directory_word (
  organization_id BIGINT NOT NULL,
  kind            ENUM('staff','supplier','order','customer') NOT NULL, -- enum directory_kind, directory.h
  word            VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, -- folded, see base/unicode.h
  entry_id        BIGINT NOT NULL,                -- of profile, vendor, purchase or customer
  PRIMARY KEY (organization_id, kind, word, entry_id),
  KEY of_entry (kind, entry_id, word)
) ENGINE=InnoDB;

-- Tokens: 256 random bits, of which only the hash is stored.
CREATE TABLE IF NOT EXISTS token (
  id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id      BIGINT NOT NULL,
  profile_id   BIGINT NULL,                       -- the profile it acts as (select_role changes a session's)
  hash         BINARY(32) NOT NULL,               -- BLAKE2b-256 of the token's text
  kind         ENUM('session','personal','password') NOT NULL, -- enum token_kind, token.h; password: a one-time link that sets a password
  name         VARCHAR(100) NOT NULL DEFAULT '',  -- of a personal token
  created_at   DATETIME(6) NOT NULL,
  expires_at   DATETIME(6) NOT NULL,
  last_used_at DATETIME(6) NULL,                  -- within 5 minutes
  address      VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NULL, -- of the client that used it last
  UNIQUE KEY (hash),
  KEY of_kind (user_id, kind, id),
  KEY (expires_at),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (profile_id) REFERENCES profile (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Who did what to an account or to the access to an organization, from where and
-- when. Entries are kept for 400 days. Without foreign keys, so that adding an
-- entry waits for no lock.
CREATE TABLE IF NOT EXISTS security_log (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  event           ENUM('login','login_failed','locked','logout','signed_up','reset_asked','reset_done','password_changed','email_change_asked','email_changed','email_proved','role_invited','role_accepted','role_declined','role_activated','role_deactivated','role_changed','token_made','token_ended','session_ended','team_tied','team_untied','issues_exported','person_exported','person_erased','account_activated','account_deactivated') NOT NULL, -- enum security_event, security_log.h
  actor_id        BIGINT NULL,                    -- user who did it; NULL: unknown, or docketctl
  user_id         BIGINT NULL,                    -- the account that it concerns
  organization_id BIGINT NULL,                    -- the organization whose owners see it
  address         VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NULL, -- of the client; NULL: not by a request
  details         VARCHAR(255) NULL,              -- a name or a role; never a secret
  created_at      DATETIME(6) NOT NULL,
  KEY (organization_id, id),
  KEY (user_id, id),
  KEY (created_at),
  KEY (user_id, event, created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Counts of wrong passwords, see lockout.h.
CREATE TABLE IF NOT EXISTS login_guard (
  account      BINARY(32) NOT NULL PRIMARY KEY,   -- BLAKE2b-256 of the account or name, and of the client address
  failures     INT NOT NULL,                      -- since window_start
  window_start DATETIME(6) NOT NULL,
  locked_until DATETIME(6) NULL,
  KEY (window_start)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- Networks from which a user has logged in: a lock for wrong passwords from
-- anywhere does not apply to these.
CREATE TABLE IF NOT EXISTS login_network (
  user_id BIGINT NOT NULL,
  network VARBINARY(8) NOT NULL,                  -- IPv4 address, or the /64 of an IPv6 one
  seen_at DATETIME(6) NOT NULL,
  PRIMARY KEY (user_id, network),
  KEY (seen_at)
) ENGINE=InnoDB;

-- Addresses that accounts have to prove, see email_proof.h.
CREATE TABLE IF NOT EXISTS email_proof (
  user_id    BIGINT NOT NULL PRIMARY KEY,
  email      VARCHAR(254) NOT NULL,               -- in the form of address_read()
  hash       BINARY(32) NULL,                     -- BLAKE2b-256 of the link's token; NULL: no link yet
  created_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  KEY (expires_at),
  FOREIGN KEY (user_id) REFERENCES user (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Open invitations to the staff of an organization, see invitation.h.
CREATE TABLE IF NOT EXISTS invitation (
  id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  profile_id BIGINT NOT NULL,                     -- the invited profile, in a login that has the address and no password
  created_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  UNIQUE KEY (profile_id),
  FOREIGN KEY (profile_id) REFERENCES profile (id)
) ENGINE=InnoDB;

-- People who were erased, and how far their names have been replaced.
CREATE TABLE IF NOT EXISTS erasure (
  user_id    BIGINT NOT NULL PRIMARY KEY,
  behind_id  BIGINT NOT NULL DEFAULT 0,           -- comments, history and notifications up to this id are done
  created_at DATETIME(6) NOT NULL,
  done_at    DATETIME(6) NULL,
  name       VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL, -- full name before, to be replaced where the history has no id beside it; NULL once done
  KEY (done_at, user_id)
) ENGINE=InnoDB;

-- The last issue number of each organization and year (UTC).
CREATE TABLE IF NOT EXISTS issue_number (
  organization_id BIGINT NOT NULL,
  year            SMALLINT NOT NULL,
  last            INT NOT NULL,
  PRIMARY KEY (organization_id, year)
) ENGINE=InnoDB;

-- An issue. desk/issue*.c write what people change, sync/ the columns linear_*.
CREATE TABLE IF NOT EXISTS issue (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  issue_number    VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- ISS-YYYY-NNNN
  title           MEDIUMTEXT NOT NULL,            -- at most 255 characters; text from Linear may be longer
  description     MEDIUMTEXT NOT NULL,            -- at most 20,000 characters; the same
  status          ENUM('open','in_progress','resolved','closed') NOT NULL DEFAULT 'open', -- enum status, issue.h
  priority        ENUM('low','medium','high','urgent') NOT NULL DEFAULT 'medium', -- enum priority, issue.h
  category        ENUM('general','delivery','quality','billing','communication','technical','other') NOT NULL DEFAULT 'general', -- enum category, issue.h
  vendor_id       BIGINT NULL,
  order_id        BIGINT NULL,
  assigned_to     BIGINT NULL,                    -- a staff profile of the organization
  is_client_issue BOOLEAN NOT NULL,               -- raised by a customer, not imported from Linear
  customer_id     BIGINT NULL,                    -- the customer record of who raised it
  raised_by       BIGINT NULL,                    -- their user: their own list spans organizations
  created_by      BIGINT NULL,                    -- user: raised_by, or the employee who raised it for them; NULL: Linear
  first_answered_at DATETIME(6) NULL,             -- the first public comment by staff or from Linear
  resolved_at     DATETIME(6) NULL,               -- kept when the issue is closed; cleared when it is reopened
  resolved_by     BIGINT NULL,                    -- staff profile; NULL with resolved_at set: Linear
  resolution_notes TEXT NULL,
  version         INT NOT NULL DEFAULT 1,         -- incremented by every change that If-Match has to detect
  linear_id       CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL, -- UUID that is chosen here, before the issue is sent
  linear_identifier VARCHAR(32) NULL,             -- TOO-123
  linear_url      VARCHAR(500) NULL,
  linear_state    VARCHAR(100) NULL,              -- the name of its workflow state in Linear, as last received
  linear_team_id  CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL, -- the team that it is in; moving it in Linear changes this
  synced_to_linear BOOLEAN NOT NULL DEFAULT FALSE, -- the issue exists in Linear
  sync_state      ENUM('off','pending','synced','failed') NOT NULL DEFAULT 'off', -- enum sync_state, issue.h
  last_synced_at  DATETIME(6) NULL,
  created_at      DATETIME(6) NOT NULL,
  updated_at      DATETIME(6) NOT NULL,
  deleted_at      DATETIME(6) NULL,               -- soft delete: hidden from everybody; the number is not used again
  is_withdrawn    BOOLEAN NOT NULL DEFAULT FALSE, -- withdrawn by its customer, and hidden from them alone
  attachment_count INT NOT NULL DEFAULT 0,        -- at least as many as it has, with deleted ones that a reply in Linear still shows; 0: none, so that nothing reads table attachment
  UNIQUE KEY (organization_id, issue_number),
  UNIQUE KEY (linear_id),
  KEY by_created  (organization_id, created_at),
  KEY by_updated  (organization_id, updated_at),
  KEY by_status   (organization_id, status, created_at, id, priority, category, is_client_issue, deleted_at), -- it tells all that lists are mostly narrowed by
  KEY by_priority (organization_id, priority, created_at),
  KEY by_category (organization_id, category, created_at),
  KEY by_assignee (assigned_to, organization_id, created_at),
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

-- How many issues there are of each kind, so that no list or statistic counts
-- rows. Updated in the transaction that changes an issue. scope_id is an
-- organization (scopes organization, unassigned, status, total), a customer record
-- (customer; withdrawn: those that customers themselves do not see) or a staff
-- profile (assignee). Scopes status and total are sums over an organization, for
-- each status and for all; their other dimensions have the first value. Scope
-- revision counts no issues: see enum count_scope.
CREATE TABLE IF NOT EXISTS issue_count (
  scope           ENUM('organization','unassigned','assignee','customer','status','total','withdrawn','revision') NOT NULL, -- enum count_scope, issue_count.h
  scope_id        BIGINT NOT NULL,
  status          ENUM('open','in_progress','resolved','closed') NOT NULL,
  priority        ENUM('low','medium','high','urgent') NOT NULL,
  category        ENUM('general','delivery','quality','billing','communication','technical','other') NOT NULL,
  is_client_issue BOOLEAN NOT NULL,
  synced          BOOLEAN NOT NULL,
  n               INT NOT NULL,
  PRIMARY KEY (scope, scope_id, status, priority, category, is_client_issue, synced)
) ENGINE=InnoDB;

-- How new the issues of an organization are up to the end of each range of ids, so
-- that the newest of many can be found by their ids; see issue_age.h. Organization 0
-- has a row for each range that is noted. What is noted never changes.
CREATE TABLE IF NOT EXISTS issue_age (
  organization_id BIGINT NOT NULL,
  id_range        BIGINT NOT NULL,                -- id / 256
  newest          DATETIME(6) NOT NULL,           -- the greatest created_at of this range and those before it
  PRIMARY KEY (organization_id, id_range)
) ENGINE=InnoDB;

-- How many issues were raised and resolved in each quarter of an hour (UTC), for
-- dashboards, which show the days of the organization's time zone.
CREATE TABLE IF NOT EXISTS trend_day (
  organization_id BIGINT NOT NULL,
  day             DATE NOT NULL,
  quarter         TINYINT NOT NULL DEFAULT 48,    -- 0 to 95; an older version only knew the day
  raised          INT NOT NULL DEFAULT 0,
  resolved        INT NOT NULL DEFAULT 0,
  PRIMARY KEY (organization_id, day, quarter)
) ENGINE=InnoDB;

-- How long first answers and resolutions took: a histogram for each day (UTC), so that
-- a median needs few rows however many issues there are.
CREATE TABLE IF NOT EXISTS trend_duration (
  organization_id BIGINT NOT NULL,
  day             DATE NOT NULL,
  kind            ENUM('answer','resolution') NOT NULL, -- enum trend_kind, trend_cell.h
  bucket          SMALLINT NOT NULL,              -- floor(8 log2(1 + seconds)): exact to 9 %
  n               INT NOT NULL,
  PRIMARY KEY (organization_id, day, kind, bucket)
) ENGINE=InnoDB;

-- The search index: the words of an issue's number, title, description and
-- comments, and of its customer's name and address, for search by prefix.
CREATE TABLE IF NOT EXISTS search_word (
  organization_id BIGINT NOT NULL,
  word            VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, -- folded, see base/unicode.h
  issue_id        BIGINT NOT NULL,
  staff_only      BOOLEAN NOT NULL,               -- from an internal comment, or the customer's name or address
  comment_id      BIGINT NOT NULL,                -- the comment that it comes from; 0: the issue itself
  PRIMARY KEY (organization_id, word, issue_id, staff_only, comment_id),
  KEY (issue_id)
) ENGINE=InnoDB;

-- Issues that are to be indexed again in the background: the words that an older
-- version has indexed, by which they are found until then, or their number alone.
-- Empty when that is done.
CREATE TABLE IF NOT EXISTS issue_word (
  organization_id BIGINT NOT NULL,
  word            VARCHAR(40) NOT NULL,           -- the collation ignores case and accents
  issue_id        BIGINT NOT NULL,
  PRIMARY KEY (organization_id, word, issue_id),
  KEY (issue_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- A comment on an issue. Written by desk/comment_row.c alone.
CREATE TABLE IF NOT EXISTS comment (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  issue_id        BIGINT NOT NULL,
  author_id       BIGINT NULL,                    -- user; NULL: somebody in Linear
  author_name     VARCHAR(255) NOT NULL,          -- at that time
  author_kind     ENUM('customer','staff','linear') NOT NULL, -- enum author_kind, actor.h
  content         MEDIUMTEXT NOT NULL,            -- at most 10,000 characters; text from Linear may be longer
  is_internal     BOOLEAN NOT NULL,               -- for staff only; never sent to Linear
  linear_id       CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL, -- of a public one; chosen here, or by Linear where it was written there
  synced_to_linear BOOLEAN NOT NULL DEFAULT FALSE,
  got_hash        BINARY(32) NULL,                -- BLAKE2b-256 of its text in Linear, as last received
  linear_updated_at DATETIME(6) NULL,             -- by Linear's clock; older payloads are stale
  created_at      DATETIME(6) NOT NULL,
  updated_at      DATETIME(6) NOT NULL,
  deleted_at      DATETIME(6) NULL,
  linear_dirty    BOOLEAN NOT NULL DEFAULT FALSE, -- edited or withdrawn here, and not sent to Linear yet
  by_mail         BOOLEAN NOT NULL DEFAULT FALSE, -- the author sent it by e-mail
  UNIQUE KEY (linear_id),
  KEY (issue_id, id),
  KEY by_author (author_id, id),
  FOREIGN KEY (issue_id) REFERENCES issue (id)    -- and so the organization, which is the issue's
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- The content of files on the disk, FILES_DIR/<organization>/<first two characters
-- of sha256>/<sha256>: the same content once in an organization. Written by
-- desk/stored_file.c. A row is only committed when its file is there.
CREATE TABLE IF NOT EXISTS stored_file (
  organization_id BIGINT NOT NULL,                -- 0: of uploads that are not bound to an issue yet
  sha256          CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  size            BIGINT NOT NULL,
  uses            INT NOT NULL,                   -- how often it was stored; 0: a file without a row, found on the disk
  created_at      DATETIME(6) NOT NULL,
  deleting_at     DATETIME(6) NULL,               -- nothing uses it: the sweep is to remove it
  PRIMARY KEY (organization_id, sha256),
  KEY (deleting_at)
) ENGINE=InnoDB;

-- How many bytes the files of an organization have: the sum over its rows of
-- stored_file.
CREATE TABLE IF NOT EXISTS file_usage (
  organization_id BIGINT NOT NULL PRIMARY KEY,
  bytes           BIGINT NOT NULL
) ENGINE=InnoDB;

-- A file of an issue. Written by desk/attachment_row.c alone.
CREATE TABLE IF NOT EXISTS attachment (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,                -- 0: an upload that is not bound to an issue yet
  issue_id        BIGINT NULL,                    -- NULL: the same
  comment_id      BIGINT NULL,                    -- NULL: of the issue itself
  user_id         BIGINT NULL,                    -- who uploaded it; NULL: somebody in Linear
  uploader_name   VARCHAR(255) NOT NULL,          -- at that time
  uploader_kind   ENUM('customer','staff','linear') NOT NULL, -- enum author_kind, actor.h
  source          ENUM('upload','mail','linear') NOT NULL, -- enum attachment_source, attachment.h
  filename        VARCHAR(255) NOT NULL,          -- without path and control characters, see files/name.h
  content_type    VARCHAR(127) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  size            BIGINT NOT NULL,
  sha256          CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL, -- of the content, which is in stored_file; NULL: it is not here yet
  is_internal     BOOLEAN NOT NULL,               -- for staff only; never sent to Linear
  state           ENUM('checking','ready','infected','unchecked','gone') NOT NULL, -- enum attachment_state, attachment.h
  width           INT NULL,                       -- of a picture, in pixels; NULL: not known, or none
  height          INT NULL,
  linear_asset_url VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin NULL, -- where Linear has it; of a file that Linear did not take, its URL here
  linear_asset_hash BINARY(32) NULL,              -- BLAKE2b-256 of issue_id, comment_id and the URL: one row for each; NULL also after it was removed in Linear
  sent_to_linear  BOOLEAN NOT NULL DEFAULT FALSE, -- a reply in Linear shows it
  created_at      DATETIME(6) NOT NULL,
  deleted_at      DATETIME(6) NULL,               -- hidden from everybody
  remove_at       DATETIME(6) NULL,               -- then the row and, if nothing else uses it, the content are removed; NULL: never
  UNIQUE KEY (linear_asset_hash),
  KEY (issue_id, id),
  KEY by_content (organization_id, sha256),
  KEY by_user (user_id, id),
  KEY by_comment (comment_id),
  KEY by_state (state, id),
  KEY (remove_at),
  FOREIGN KEY (issue_id) REFERENCES issue (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- The history of an issue; entries are only added. The values are for staff;
-- customers are shown present texts only (activity.h).
CREATE TABLE IF NOT EXISTS activity (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  issue_id        BIGINT NOT NULL,
  actor_id        BIGINT NULL,                    -- user; NULL: somebody in Linear, or Docket itself
  actor_name      VARCHAR(255) NOT NULL,
  actor_kind      ENUM('customer','staff','linear') NOT NULL, -- enum author_kind, actor.h
  field           VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- what changed: created, status, title, comment, ...
  old_value       MEDIUMTEXT NULL,
  new_value       MEDIUMTEXT NULL,
  is_public       BOOLEAN NOT NULL,               -- the customer may see it
  created_at      DATETIME(6) NOT NULL,
  comment_id      BIGINT NULL,                    -- the comment that it is about
  told_profile_id BIGINT NULL,                    -- of assigned_to: the staff profile that is notified; NULL: nobody
  by_mail         BOOLEAN NOT NULL DEFAULT FALSE, -- the actor did it by e-mail
  file_user_id    BIGINT NULL,                    -- the customer who uploaded the file that the entry names
  KEY (issue_id, id),
  FOREIGN KEY (issue_id) REFERENCES issue (id)    -- and so the organization, which is the issue's
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- A notification to one person, or one row for the whole staff of an organization.
CREATE TABLE IF NOT EXISTS notification (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id         BIGINT NULL,                    -- the reader; or
  organization_id BIGINT NULL,                    -- all its staff, except the one who did it
  issue_id        BIGINT NOT NULL,
  comment_id      BIGINT NULL,                    -- of a reply
  kind            ENUM('raised','replied','status','resolved','reopened','assigned','attached','infected') NOT NULL, -- enum notice, notification.h
  status          ENUM('open','in_progress','resolved','closed') NULL, -- the issue's, after the change
  actor_id        BIGINT NULL,
  actor_name      VARCHAR(255) NOT NULL,
  created_at      DATETIME(6) NOT NULL,
  mail_state      ENUM('none','due','done','held') NOT NULL DEFAULT 'none', -- done: all its readers who want mail have it in a mail_job; held: as mail_job.state
  mail_due_at     DATETIME(6) NULL,               -- later notifications of the issue until then go into the same mail
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

-- Counters of unread notifications, see lib/desk/notification_count.c. Unread are, for
-- a profile, staff of its organization minus its seen, plus its own.
CREATE TABLE IF NOT EXISTS notification_count (
  scope    ENUM('staff','seen','own') NOT NULL,   -- for an organization's staff; of these, read or caused by a profile; unread, for it alone
  scope_id BIGINT NOT NULL,                       -- the organization, or the profile
  n        INT NOT NULL,
  PRIMARY KEY (scope, scope_id)
) ENGINE=InnoDB;

-- The queue of mails, each to one person. The text is written when a mail is
-- sent, so that the queue holds no tokens and no outdated text.
CREATE TABLE IF NOT EXISTS mail_job (
  id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id     BIGINT NULL,                        -- NULL: an invitation, a test, or (void) a reset for an address that nobody has
  kind        ENUM('password_reset','notices','confirm_address','invitation','address_changed','password_changed','digest','raised_by_mail','test') NOT NULL, -- enum mail_kind, account_mail.h
  issue_id    BIGINT NULL,                        -- of notices: the issue; mail_notice has the notifications
  address     VARCHAR(254) NULL,                  -- NULL: the address that the account has when it is sent
  organization_id BIGINT NULL,                    -- of an invitation: the inviting one; of a test: the one that asked for it
  about_id    BIGINT NULL,                        -- what the link is about, by kind
  more        INT NOT NULL DEFAULT 0,             -- of a digest: how many more notifications it mentions
  state       ENUM('due','sent','dead','void','held') NOT NULL DEFAULT 'due', -- dead: refused permanently; void: there was nothing left to send; held: it may have been sent before a restore
  due_at      DATETIME(6) NOT NULL,               -- not before
  attempts    INT NOT NULL DEFAULT 0,             -- failed ones
  lease_owner VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL, -- the docket-sync that sends it
  lease_until DATETIME(6) NULL,                   -- and until when
  error       VARCHAR(500) NULL,                  -- the mail server's own words
  created_at  DATETIME(6) NOT NULL,
  sent_at     DATETIME(6) NULL,
  KEY (state, due_at),
  KEY by_state (user_id, state, kind),
  KEY by_kind (user_id, kind, created_at),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (issue_id) REFERENCES issue (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Which mail tells a person about a notification; one for each.
CREATE TABLE IF NOT EXISTS mail_notice (
  notification_id BIGINT NOT NULL,
  user_id         BIGINT NOT NULL,
  mail_id         BIGINT NOT NULL,
  PRIMARY KEY (notification_id, user_id),
  KEY (mail_id),
  FOREIGN KEY (mail_id) REFERENCES mail_job (id)
) ENGINE=InnoDB;

-- Counts for the limits on mails, see account_mail.c. Rows are deleted after an
-- hour without a mail.
CREATE TABLE IF NOT EXISTS mail_share (
  subject BINARY(32) NOT NULL PRIMARY KEY,        -- BLAKE2b-256 of the address, account or organization, and of the kind
  sent    INT NOT NULL,                           -- since the last hour without a mail
  last_at DATETIME(6) NOT NULL,
  KEY (last_at)
) ENGINE=InnoDB;

-- Mails that came in. The door (mail/door.h) stores them; docket-sync parses and
-- applies them, each once. Rows are deleted after 90 days, see mail_in.h.
CREATE TABLE IF NOT EXISTS mail_in (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  received_at     DATETIME(6) NOT NULL,
  recipient       VARCHAR(254) NOT NULL,          -- of the envelope, in lower case
  sender          VARCHAR(254) NULL,              -- of the envelope; '': nobody, as of bounces; NULL: not known
  message_hash    BINARY(32) NOT NULL,            -- of its Message-ID and body; without a Message-ID, of all of it
  size            INT NOT NULL,                   -- in bytes
  state           ENUM('new','done','held','auto','bounce','refused','failed','discarded') NOT NULL DEFAULT 'new', -- enum mail_in_state, mail_in.h
  reason          VARCHAR(255) NULL,              -- why, a sentence for staff
  deed            ENUM('comment','reopening','issue','bounce') NULL, -- enum mail_in_deed, mail_in.h: what it did
  organization_id BIGINT NULL,                    -- whose staff see it; NULL: nobody's
  issue_id        BIGINT NULL,                    -- that it is about, or has raised
  comment_id      BIGINT NULL,                    -- that it became
  user_id         BIGINT NULL,                    -- who acts by it; of a held reply, the receiver of the mail that it answers
  from_address    VARCHAR(254) NULL,              -- from here on, what it says
  from_name       VARCHAR(255) NULL,
  subject         VARCHAR(1000) NULL,
  content         MEDIUMTEXT NULL,                -- without what it quotes
  whole           MEDIUMTEXT NULL,                -- with it; NULL: the same
  attempts        INT NOT NULL DEFAULT 0,         -- to parse it, that failed
  run_at          DATETIME(6) NOT NULL,           -- not before
  lease_owner     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL, -- the docket-sync that works on it
  lease_until     DATETIME(6) NULL,               -- and until when
  decided_at      DATETIME(6) NULL,               -- when it got its state
  decided_by      BIGINT NULL,                    -- user: of the staff; NULL: Docket
  UNIQUE KEY (message_hash, recipient),
  KEY (state, run_at),
  KEY by_organization (organization_id, id),
  KEY by_state (organization_id, state, id),
  KEY by_time (organization_id, received_at),
  KEY by_user (user_id, received_at),
  KEY by_issue (issue_id, received_at),
  KEY by_recipient (recipient, received_at),
  KEY (received_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The bytes of those mails, in parts: so none of them exceeds what servers take
-- in a packet, or in their log.
CREATE TABLE IF NOT EXISTS mail_in_part (
  mail_id BIGINT NOT NULL,
  place   INT NOT NULL,                           -- 0, 1, 2, …
  data    MEDIUMBLOB NOT NULL,
  PRIMARY KEY (mail_id, place),
  FOREIGN KEY (mail_id) REFERENCES mail_in (id)
) ENGINE=InnoDB;

-- Further addresses of organizations: mail to them raises issues, as to
-- slug@MAIL_IN_DOMAIN.
CREATE TABLE IF NOT EXISTS mail_address (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  address         VARCHAR(254) NOT NULL,          -- in the form of address_read(), in lower case
  created_at      DATETIME(6) NOT NULL,
  UNIQUE KEY (address),
  KEY (organization_id, id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Handovers in progress: staff who left, and whose open issues go to others or to
-- nobody, see handover.h.
CREATE TABLE IF NOT EXISTS handover (
  profile_id      BIGINT NOT NULL PRIMARY KEY,    -- of who left
  organization_id BIGINT NOT NULL,
  successor_id    BIGINT NULL,                    -- a staff profile; NULL: to nobody
  actor_id        BIGINT NULL,                    -- user who did it; NULL: Docket, or docketctl
  actor_name      VARCHAR(255) NOT NULL,
  behind_at       DATETIME(6) NULL,               -- the issues up to this created_at
  behind_id       BIGINT NOT NULL DEFAULT 0,      -- and id are done
  created_at      DATETIME(6) NOT NULL,
  FOREIGN KEY (profile_id) REFERENCES profile (id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Counts for limits by the hour, see quota.h. At most three rows for a person and
-- one for an organization, which are never deleted.
CREATE TABLE IF NOT EXISTS quota (
  kind       ENUM('raises','comments','unproved_raises','uploads') NOT NULL, -- enum quota, quota.h; raises: of older versions
  subject_id BIGINT NOT NULL,                     -- a user; of unproved_raises an organization
  used       INT NOT NULL,
  since      DATETIME(6) NOT NULL,                -- the first one that counts
  PRIMARY KEY (kind, subject_id)
) ENGINE=InnoDB;

-- First responses to requests with an Idempotency-Key, for 24 hours.
CREATE TABLE IF NOT EXISTS idempotency (
  user_id      BIGINT NOT NULL,
  key_hash     BINARY(32) NOT NULL,               -- of the key's text
  request_hash BINARY(32) NOT NULL,               -- of route, path, profile and body: another request with the same key is refused
  resource_id  BIGINT NOT NULL DEFAULT 0,         -- what the request created, from which a lost response is written again
  status       SMALLINT NOT NULL DEFAULT 0,       -- 0: the response is not stored yet
  body         MEDIUMTEXT NULL,
  created_at   DATETIME(6) NOT NULL,
  PRIMARY KEY (user_id, key_hash),
  KEY (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The snapshot of an issue: the state that Docket and Linear last agreed on, with
-- which both sides are compared to find changes. Texts are stored as hashes, of
-- what Docket sent and of what Linear returned, since Linear rewrites Markdown.
CREATE TABLE IF NOT EXISTS linear_base (
  issue_id         BIGINT NOT NULL PRIMARY KEY,
  title_sent       BINARY(32) NOT NULL,
  title_got        BINARY(32) NOT NULL,
  description_sent BINARY(32) NOT NULL,
  description_got  BINARY(32) NOT NULL,
  status           ENUM('open','in_progress','resolved','closed') NOT NULL, -- in Docket
  state_id         CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '', -- the workflow state in Linear
  state_type       VARCHAR(32) NOT NULL DEFAULT '',
  priority         ENUM('low','medium','high','urgent') NOT NULL,
  linear_priority  TINYINT NOT NULL DEFAULT 0,    -- 0 none, 1 urgent .. 4 low
  assigned_to      BIGINT NULL,                   -- in Docket
  assignee_id      CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL, -- the user in Linear
  linear_updated_at DATETIME(6) NULL,             -- by Linear's clock, of the payload that was last applied
  linear_description MEDIUMTEXT NULL,             -- Linear's text, where it differs from what the customer wrote
  attachment_hash  BINARY(32) NULL,               -- of the attachment that links back to Docket, as last sent
  thread_id        CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL, -- the root comment of the customer's thread; id chosen here
  thread_open      BOOLEAN NOT NULL DEFAULT FALSE, -- the root comment exists in Linear
  archived         BOOLEAN NOT NULL DEFAULT FALSE, -- archived in Linear: it must be restored before it can be changed
  gone_at          DATETIME(6) NULL,              -- deleted in Linear: unlinked, and not created again
  warning          VARCHAR(500) NULL,             -- what staff should know, e.g. a state of unknown type
  files_id         CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL, -- the reply with the files of the issue itself; id chosen here
  files_open       BOOLEAN NOT NULL DEFAULT FALSE, -- that reply exists in Linear
  FOREIGN KEY (issue_id) REFERENCES issue (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Pending writes: values that were sent to Linear, maybe without a response. When
-- a payload from Linear contains such a value, it is Docket's own write and not an
-- edit by somebody in Linear, however late it comes.
CREATE TABLE IF NOT EXISTS linear_flight (
  issue_id BIGINT NOT NULL,
  field    ENUM('title','description','status','priority','assigned_to') NOT NULL, -- enum sync_field, sync/snapshot.h
  hash     BINARY(32) NOT NULL,                   -- of the value; for a description, of its letters and digits
  sent_at  DATETIME(6) NOT NULL,
  PRIMARY KEY (issue_id, field, hash, sent_at),
  KEY (sent_at)
) ENGINE=InnoDB;

-- Files in Linear that are to be fetched: attachments of source 'linear' without
-- their content, see sync/download.h. Rows are deleted once the file is here, or
-- given up.
CREATE TABLE IF NOT EXISTS linear_download (
  attachment_id BIGINT NOT NULL PRIMARY KEY,
  attempts      INT NOT NULL DEFAULT 0,           -- that failed
  run_at        DATETIME(6) NOT NULL,             -- when it is due
  lease_owner   VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  lease_until   DATETIME(6) NULL,
  KEY (run_at),
  KEY (lease_owner)
) ENGINE=InnoDB;

-- The outbox, written in the transaction of every change: "this issue has history
-- from which nothing was derived yet". One row for each issue, however often it
-- changes, and none once the search index, notifications, trend and the job for
-- Linear have followed; see lib/events/derive.c.
CREATE TABLE IF NOT EXISTS outbox (
  issue_id    BIGINT NOT NULL PRIMARY KEY,
  seen_id     BIGINT NOT NULL,                    -- the history up to this id is worked off
  since       DATETIME(6) NOT NULL,               -- the oldest change that is not
  lease_owner VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL, -- the docket-sync that works it off, where many wait
  lease_until DATETIME(6) NULL,                   -- and until when
  organization_id BIGINT NOT NULL DEFAULT 0,      -- of the issue: organizations take turns; 0: written by an older version
  KEY by_turn (organization_id, since)
) ENGINE=InnoDB;

-- Consumers that failed for an issue, and how far each is there. The other
-- consumers, and other issues, go on.
CREATE TABLE IF NOT EXISTS outbox_failure (
  issue_id        BIGINT NOT NULL,
  consumer        VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- its name, lib/events/consumers.c
  organization_id BIGINT NOT NULL,
  seen_id         BIGINT NOT NULL,                -- the history up to this id is worked off
  state           ENUM('ready','dead') NOT NULL DEFAULT 'ready', -- dead: waits for a person or a change
  attempts        INT NOT NULL DEFAULT 1,         -- failed ones
  run_at          DATETIME(6) NOT NULL,           -- not before
  error_text      VARCHAR(1000) NULL,             -- the database's own words
  since           DATETIME(6) NOT NULL,           -- the first failure
  PRIMARY KEY (issue_id, consumer),
  KEY (state, run_at),
  KEY (organization_id, state)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- The queue of issues that may differ from Linear. One row for each issue, however
-- often it changes; docket-sync finds out the difference.
CREATE TABLE IF NOT EXISTS sync_job (
  issue_id        BIGINT NOT NULL PRIMARY KEY,
  organization_id BIGINT NOT NULL,
  generation      INT NOT NULL DEFAULT 1,         -- incremented by every change: a finished job is deleted only if it has not changed
  state           ENUM('ready','dead') NOT NULL DEFAULT 'ready', -- dead: waits for a person or a change; tried once a day unless Linear refused it
  attempts        INT NOT NULL DEFAULT 0,         -- failed ones, not counting outages
  run_at          DATETIME(6) NOT NULL,           -- not before
  lease_owner     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL, -- the docket-sync that works on it
  lease_until     DATETIME(6) NULL,               -- and until when it may
  wants_refetch   BOOLEAN NOT NULL DEFAULT FALSE, -- read the issue from Linear first: it may have changed there
  background      BOOLEAN NOT NULL DEFAULT FALSE, -- low priority: waits while the budget of requests is short
  error_code      VARCHAR(64) NULL,
  error_text      VARCHAR(1000) NULL,             -- Linear's own words
  dirty_since     DATETIME(6) NOT NULL,           -- the oldest change that is not in Linear
  KEY (state, background, run_at),
  KEY by_turn (organization_id, state, background, run_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Webhook deliveries from Linear, stored before the response is sent.
CREATE TABLE IF NOT EXISTS webhook_delivery (
  id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  delivery     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- header Linear-Delivery
  body_hash    BINARY(32) NOT NULL,
  body         MEDIUMBLOB NOT NULL,
  action       VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- create, update, remove
  entity_id    VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- of the object that it is about
  is_fresh     BOOLEAN NOT NULL,                  -- arrived within 60 s of its timestamp; else the object is read from Linear
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

-- State that all processes share, by name: why the sync is paused and until when,
-- when the last webhook came, when one was missing, when reconcile last ran,
-- whether a migration wants counters and trend to be counted again, which words of
-- table directory_word are to be written again, the
-- keys that sign links and addresses in mails, and the row that is locked while notifications are
-- gathered into mails. See db/shared_state.h.
CREATE TABLE IF NOT EXISTS sync_fact (
  name       VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  value      VARCHAR(1000) NOT NULL,
  until      DATETIME(6) NULL,
  updated_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Which of the migrations below the database has. `docketctl migrate` adds a row
-- for each; a new database has them all.
CREATE TABLE IF NOT EXISTS schema_version (
  version    INT NOT NULL PRIMARY KEY,            -- the number of the migration
  name       VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL, -- what it is for
  applied_at DATETIME(6) NOT NULL
) ENGINE=InnoDB;

-- Migrations, for databases that exist. `CREATE TABLE IF NOT EXISTS` adds missing
-- tables, and changes none that exists. So each later change is in two places: in
-- the definition above, for new databases, and in a migration below. To add one,
-- write it at the end, below a line with the next number:
--
--   -- Migration 42: what it is for
--   ALTER TABLE issue ADD COLUMN color VARCHAR(20) NULL AFTER title, ALGORITHM = INSTANT;
--
-- Workers of the version before keep running while and after it runs, and nothing
-- may wait for it:
--   * A column is added or dropped with ALGORITHM = INSTANT, in its place among the
--     others; so is a value appended to an ENUM. A new column has a default, and a
--     column is dropped one version after the last program that names it.
--   * A key is added or dropped with ALGORITHM = INPLACE, LOCK = NONE. Where that is
--     impossible the server refuses; it never copies a table.
--   * Rows are changed in batches: `BETWEEN @first AND @last /* of TABLE */` runs the
--     statement for a thousand ids of the table after another. A migration without
--     ALTER and batches is one transaction, and so runs exactly once.
--   * A new table needs no migration.
--   * Missing tables are made first, as they are now. So a value that is appended to an
--     ENUM is also appended in earlier migrations that modify the same column.
-- If docketctl is killed in the middle, the next run begins the migration again: a
-- column or key that exists already, or is gone already, is no error; a batch must
-- change nothing when it runs twice. Statements are for MariaDB and MySQL.
--
-- Databases that are older than the table schema_version run all migrations from
-- the first. So those up to 38 also change nothing where they were made already.

-- Migration 1: the workflow state in Linear
ALTER TABLE issue ADD COLUMN linear_state VARCHAR(100) NULL AFTER linear_url, ALGORITHM = INSTANT;

-- Migration 2: the first answer
ALTER TABLE issue ADD COLUMN first_answered_at DATETIME(6) NULL AFTER created_by, ALGORITHM = INSTANT;

-- Migration 3: pending writes instead of a hash of a comment
ALTER TABLE comment DROP COLUMN sent_hash, ALGORITHM = INSTANT;

-- Migration 4: archived in Linear
ALTER TABLE linear_base ADD COLUMN archived BOOLEAN NOT NULL DEFAULT FALSE AFTER thread_open, ALGORITHM = INSTANT;

-- Migration 5: jobs of low priority
ALTER TABLE sync_job ADD COLUMN background BOOLEAN NOT NULL DEFAULT FALSE AFTER wants_refetch, ALGORITHM = INSTANT;

-- Migration 6: what a delivery is about
ALTER TABLE webhook_delivery ADD COLUMN action VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL AFTER body,
  ADD COLUMN entity_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL AFTER action, ALGORITHM = INSTANT;
ALTER TABLE webhook_delivery ADD KEY entity_id (entity_id), ALGORITHM = INPLACE, LOCK = NONE;

-- Migration 7: issues of a team
ALTER TABLE issue ADD KEY by_team (linear_team_id), ALGORITHM = INPLACE, LOCK = NONE;

-- Migration 8: mails about notifications
-- The server checks no existing row of a new foreign key: the column is new, and empty.
SET SESSION foreign_key_checks = 0;
ALTER TABLE mail_job ADD COLUMN issue_id BIGINT NULL AFTER kind, ADD KEY issue_id (issue_id),
  ADD CONSTRAINT mail_job_ibfk_2 FOREIGN KEY (issue_id) REFERENCES issue (id), ALGORITHM = INPLACE, LOCK = NONE;
SET SESSION foreign_key_checks = 1;
ALTER TABLE mail_job MODIFY state ENUM('due','sent','dead','void','held') NOT NULL DEFAULT 'due', ALGORITHM = INSTANT;
ALTER TABLE mail_job ADD COLUMN lease_owner VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL AFTER attempts,
  ADD COLUMN lease_until DATETIME(6) NULL AFTER lease_owner, ALGORITHM = INSTANT;
ALTER TABLE mail_job ADD COLUMN sent_at DATETIME(6) NULL AFTER created_at, ALGORITHM = INSTANT;

-- Migration 9: mails about notifications have a queue of their own
-- No mail was sent by the old columns.
ALTER TABLE notification DROP COLUMN mail_attempts, DROP COLUMN mail_error, DROP KEY mail_state,
  DROP COLUMN mail_state, DROP COLUMN mail_due_at,
  ADD COLUMN mail_state ENUM('none','due','done') NOT NULL DEFAULT 'none', ADD COLUMN mail_due_at DATETIME(6) NULL,
  ADD KEY mail_state (mail_state, mail_due_at), ALGORITHM = INPLACE, LOCK = NONE;

-- Migration 10: counters by status, in total, and of withdrawn issues
ALTER TABLE issue_count MODIFY
  scope ENUM('organization','unassigned','assignee','customer','status','total','withdrawn','revision') NOT NULL,
  ALGORITHM = INSTANT;

-- Migration 11: the first sums over organizations
-- The differences of one snapshot are added, so that what is counted meanwhile stays.
INSERT INTO issue_count (scope, scope_id, status, priority, category, is_client_issue, synced, n)
SELECT sums.scope, sums.scope_id, sums.status, 'low', 'general', FALSE, FALSE, SUM(sums.by_n) AS by_n
FROM (SELECT 'status' AS scope, scope_id, status, n AS by_n FROM issue_count WHERE scope = 'organization'
  UNION ALL SELECT 'total', scope_id, 'open', n FROM issue_count WHERE scope = 'organization'
  UNION ALL SELECT scope, scope_id, status, -n FROM issue_count WHERE scope IN ('status', 'total')) sums
GROUP BY sums.scope, sums.scope_id, sums.status HAVING SUM(sums.by_n) <> 0
ON DUPLICATE KEY UPDATE n = issue_count.n + VALUES(n);
-- Older workers that still run do not keep these sums: docket-sync counts again.
INSERT IGNORE INTO sync_fact (name, value, until, updated_at) VALUES ('recount', '', NULL, UTC_TIMESTAMP(6));

-- Migration 12: the same value may be sent to Linear several times
SET @change = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE linear_flight DROP PRIMARY KEY, ADD PRIMARY KEY (issue_id, field, hash, sent_at),
    ALGORITHM = INPLACE, LOCK = NONE')
  FROM information_schema.statistics WHERE table_schema = DATABASE()
  AND table_name = 'linear_flight' AND index_name = 'PRIMARY' AND column_name = 'sent_at');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

-- Migration 13: the comment that an entry of the history is about
-- It is unknown for older entries, so customers are shown no text in them.
ALTER TABLE activity ADD COLUMN comment_id BIGINT NULL, ALGORITHM = INSTANT;

-- Migration 14: texts from Linear of any length
-- No server changes these types in place.
ALTER TABLE issue MODIFY title MEDIUMTEXT NOT NULL /* copies */;
ALTER TABLE comment MODIFY content MEDIUMTEXT NOT NULL /* copies */;

-- Migration 15: mails about accounts
ALTER TABLE mail_job MODIFY kind
  ENUM('password_reset','notices','confirm_address','invitation','address_changed','password_changed','digest','raised_by_mail','test') NOT NULL,
  ALGORITHM = INSTANT;
ALTER TABLE mail_job MODIFY user_id BIGINT NULL, ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE mail_job ADD COLUMN address VARCHAR(254) NULL AFTER issue_id,
  ADD COLUMN organization_id BIGINT NULL AFTER address, ADD COLUMN about_id BIGINT NULL AFTER organization_id,
  ALGORITHM = INSTANT;

-- Migration 16: withdrawn issues
ALTER TABLE issue ADD COLUMN is_withdrawn BOOLEAN NOT NULL DEFAULT FALSE, ALGORITHM = INSTANT;

-- Migration 17: addresses that are proved
ALTER TABLE user ADD COLUMN email_verified BOOLEAN NOT NULL DEFAULT FALSE AFTER email, ALGORITHM = INSTANT;

-- Migration 18: staff with a password have proved their address
-- That is decided once: the column proved_email, which comes next, shows that it was.
SET @change = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'user' AND column_name = 'proved_email') = 0,
  'UPDATE user u SET u.email_verified = TRUE WHERE CHAR_LENGTH(u.password_hash) > 0
   AND EXISTS (SELECT 1 FROM profile p WHERE p.user_id = u.id AND p.organization_id IS NOT NULL)', 'DO 0');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

-- Migration 19: what usernames and addresses are compared by
-- Exactly, except for the case of A to Z.
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
    'VARCHAR(254) COLLATE utf8mb4_bin GENERATED ALWAYS AS (IF(email_verified, email_key, NULL)) VIRTUAL, ',
    'ALGORITHM = INSTANT'), 'DO 0');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
ALTER TABLE user ADD UNIQUE KEY username_key (username_key), ADD UNIQUE KEY proved_email (proved_email),
  ADD KEY email_key (email_key), ALGORITHM = INPLACE, LOCK = NONE;

-- Migration 20: several accounts may name an address that none has proved
ALTER TABLE user DROP KEY username, DROP KEY email, ALGORITHM = INPLACE, LOCK = NONE;

-- Migration 21: comments that were edited or withdrawn here
ALTER TABLE comment ADD COLUMN linear_dirty BOOLEAN NOT NULL DEFAULT FALSE, ALGORITHM = INSTANT;

-- Migration 22: old counts of wrong passwords
ALTER TABLE login_guard ADD KEY window_start (window_start), ALGORITHM = INPLACE, LOCK = NONE;

-- Migration 23: jobs by the organization's turn
ALTER TABLE sync_job ADD KEY by_turn (organization_id, state, background, run_at), DROP KEY organization_id,
  ALGORITHM = INPLACE, LOCK = NONE;

-- Migration 24: names of suppliers are compared exactly, except for case
ALTER TABLE vendor ADD COLUMN name_key VARCHAR(255) COLLATE utf8mb4_bin
  GENERATED ALWAYS AS (LOWER(name)) VIRTUAL, ALGORITHM = INSTANT;
ALTER TABLE vendor ADD KEY by_name (organization_id, name), ADD UNIQUE KEY name_key (organization_id, name_key),
  DROP KEY organization_id, ALGORITHM = INPLACE, LOCK = NONE;

-- Migration 25: numbers of orders as well
ALTER TABLE purchase ADD COLUMN number_key VARCHAR(50) COLLATE utf8mb4_bin
  GENERATED ALWAYS AS (LOWER(order_number)) VIRTUAL, ALGORITHM = INSTANT;
ALTER TABLE purchase ADD KEY of_organization (organization_id),
  ADD UNIQUE KEY number_key (organization_id, number_key), DROP KEY organization_id,
  ALGORITHM = INPLACE, LOCK = NONE;

-- Migration 26: when and from where tokens were last used, and lists of one kind
ALTER TABLE token ADD COLUMN last_used_at DATETIME(6) NULL,
  ADD COLUMN address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NULL, ALGORITHM = INSTANT;
ALTER TABLE token ADD KEY of_kind (user_id, kind, id), DROP KEY user_id, ALGORITHM = INPLACE, LOCK = NONE;

-- Migration 27: a personal token is bound to a profile; older ones to the primary one
UPDATE token SET profile_id = (SELECT p.id FROM profile p WHERE p.user_id = token.user_id
  AND p.is_active ORDER BY p.is_primary DESC, p.id LIMIT 1)
WHERE kind = 'personal' AND profile_id IS NULL AND id BETWEEN @first AND @last /* of token */;

-- Migration 28: digests of notifications
ALTER TABLE mail_job ADD COLUMN more INT NOT NULL DEFAULT 0 AFTER about_id, ALGORITHM = INSTANT;
ALTER TABLE mail_job ADD KEY by_state (user_id, state, kind), ADD KEY by_kind (user_id, kind, created_at),
  DROP KEY user_id, ALGORITHM = INPLACE, LOCK = NONE;

-- Migration 29: staff who left before handovers existed
INSERT IGNORE INTO handover (profile_id, organization_id, actor_name, created_at)
SELECT p.id, p.organization_id, 'Docket', UTC_TIMESTAMP(6)
FROM profile p JOIN user u ON u.id = p.user_id
WHERE p.organization_id IS NOT NULL AND NOT (p.is_active AND u.is_active)
  AND EXISTS (SELECT 1 FROM issue_count k WHERE k.scope = 'assignee' AND k.scope_id = p.id
    AND k.status IN ('open', 'in_progress') AND k.n > 0);

-- Migration 30: whether outsiders find an organization in lists
ALTER TABLE organization ADD COLUMN is_listed BOOLEAN NOT NULL DEFAULT TRUE AFTER is_active, ALGORITHM = INSTANT;

-- Migration 31: whether staff may raise issues for customers
ALTER TABLE organization ADD COLUMN staff_may_raise BOOLEAN NOT NULL DEFAULT FALSE AFTER is_listed,
  ALGORITHM = INSTANT;

-- Migration 32: a person's comments, for an export of their data and for erasing them
ALTER TABLE comment ADD KEY by_author (author_id, id), ALGORITHM = INPLACE, LOCK = NONE;

-- Migration 33: the names that erasing replaces
ALTER TABLE erasure ADD COLUMN name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  ALGORITHM = INSTANT;

-- Migration 34: issues without a word in the search index
-- docket-sync indexes those in issue_word.
INSERT IGNORE INTO issue_word (organization_id, word, issue_id)
SELECT i.organization_id, LOWER(i.issue_number), i.id FROM issue i
WHERE i.deleted_at IS NULL AND i.id BETWEEN @first AND @last /* of issue */
  AND NOT EXISTS (SELECT 1 FROM search_word w WHERE w.issue_id = i.id)
  AND NOT EXISTS (SELECT 1 FROM issue_word w WHERE w.issue_id = i.id);

-- Migration 35: an index of status that holds other criteria, too
SET @change = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE issue DROP KEY by_status, ADD KEY by_status
    (organization_id, status, created_at, id, priority, category, is_client_issue, deleted_at),
    ALGORITHM = INPLACE, LOCK = NONE')
  FROM information_schema.statistics WHERE table_schema = DATABASE()
  AND table_name = 'issue' AND index_name = 'by_status' AND column_name = 'priority');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

-- Migration 36: an index of assignees that the foreign key uses as well
SET @change = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE issue DROP KEY by_assignee, ADD KEY by_assignee (assigned_to, organization_id, created_at),
    ALGORITHM = INPLACE, LOCK = NONE')
  FROM information_schema.statistics WHERE table_schema = DATABASE()
  AND table_name = 'issue' AND index_name = 'by_assignee' AND column_name = 'assigned_to' AND seq_in_index = 1);
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
-- The server had made an index for it, named as its column.
ALTER TABLE issue DROP KEY assigned_to, ALGORITHM = INPLACE, LOCK = NONE;

-- Migration 37: the queue for Linear by priority
SET @change = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE sync_job DROP KEY state, ADD KEY state (state, background, run_at), ALGORITHM = INPLACE, LOCK = NONE')
  FROM information_schema.statistics WHERE table_schema = DATABASE()
  AND table_name = 'sync_job' AND index_name = 'state' AND column_name = 'background');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

-- Migration 38: who is notified of an assignment
ALTER TABLE activity ADD COLUMN told_profile_id BIGINT NULL, ALGORITHM = INSTANT;

-- Migration 39: mails that are held after a restore
ALTER TABLE mail_job MODIFY state ENUM('due','sent','dead','void','held') NOT NULL DEFAULT 'due', ALGORITHM = INSTANT;

-- Migration 40: notifications that are held after a restore
ALTER TABLE notification MODIFY mail_state ENUM('none','due','done','held') NOT NULL DEFAULT 'none', ALGORITHM = INSTANT;

-- Migration 41: how many files an issue has
ALTER TABLE issue ADD COLUMN attachment_count INT NOT NULL DEFAULT 0, ALGORITHM = INSTANT;

-- Migration 42: a limit on uploads
ALTER TABLE quota MODIFY kind ENUM('raises','comments','unproved_raises','uploads') NOT NULL, ALGORITHM = INSTANT;

-- Migration 43: the reply in Linear with the files of an issue
ALTER TABLE linear_base ADD COLUMN files_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN files_open BOOLEAN NOT NULL DEFAULT FALSE, ALGORITHM = INSTANT;

-- Migration 44: the outbox by the organization's turn
ALTER TABLE outbox ADD COLUMN organization_id BIGINT NOT NULL DEFAULT 0, ALGORITHM = INSTANT;
ALTER TABLE outbox ADD KEY by_turn (organization_id, since), ALGORITHM = INPLACE, LOCK = NONE;

-- Migration 45: revisions of lists
ALTER TABLE issue_count MODIFY
  scope ENUM('organization','unassigned','assignee','customer','status','total','withdrawn','revision') NOT NULL,
  ALGORITHM = INSTANT;

-- Migration 46: workers of older versions count no revisions
-- Nothing is concluded from them for an hour, until those workers have been replaced.
INSERT INTO issue_count (scope, scope_id, status, priority, category, is_client_issue, synced, n)
VALUES ('revision', 0, 'open', 'low', 'delivery', FALSE, FALSE, UNIX_TIMESTAMP() DIV 60 + 60)
ON DUPLICATE KEY UPDATE n = VALUES(n);

-- Migration 47: the time zone of an organization
ALTER TABLE organization ADD COLUMN time_zone VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin
  NOT NULL DEFAULT 'UTC' AFTER staff_may_raise, ALGORITHM = INSTANT;

-- Migration 48: the trend by quarters of an hour
ALTER TABLE trend_day ADD COLUMN quarter TINYINT NOT NULL DEFAULT 48 AFTER day, ALGORITHM = INSTANT;
ALTER TABLE trend_day DROP PRIMARY KEY, ADD PRIMARY KEY (organization_id, day, quarter),
  ALGORITHM = INPLACE, LOCK = NONE;

-- Migration 49: count what the trend of an older version knew by the day alone
INSERT IGNORE INTO sync_fact (name, value, until, updated_at) VALUES ('recount', '', NULL, UTC_TIMESTAMP(6));

-- Migration 50: the words of staff, suppliers, orders and customers
-- docket-sync writes those of the ones that exist.
INSERT IGNORE INTO sync_fact (name, value, until, updated_at) VALUES ('directory', '1.0', NULL, UTC_TIMESTAMP(6));

-- Migration 51: issues by mail
ALTER TABLE organization ADD COLUMN mail_in ENUM('off','known','anyone') NOT NULL DEFAULT 'off' AFTER time_zone,
  ADD COLUMN mail_in_since DATETIME(6) NULL AFTER mail_in, ALGORITHM = INSTANT;

-- Migration 52: comments that came by mail
ALTER TABLE comment ADD COLUMN by_mail BOOLEAN NOT NULL DEFAULT FALSE, ALGORITHM = INSTANT;

-- Migration 53: what else came by mail
ALTER TABLE activity ADD COLUMN by_mail BOOLEAN NOT NULL DEFAULT FALSE, ALGORITHM = INSTANT;

-- Migration 54: a first mail from an unknown person
ALTER TABLE mail_job MODIFY kind
  ENUM('password_reset','notices','confirm_address','invitation','address_changed','password_changed','digest','raised_by_mail','test') NOT NULL,
  ALGORITHM = INSTANT;

-- Migration 55: notifications of files
ALTER TABLE notification MODIFY
  kind ENUM('raised','replied','status','resolved','reopened','assigned','attached','infected') NOT NULL,
  ALGORITHM = INSTANT;

-- Migration 56: whose file an entry of the history names
ALTER TABLE activity ADD COLUMN file_user_id BIGINT NULL, ALGORITHM = INSTANT;

-- Migration 57: history and comments have the organization of their issue
-- A foreign key of their own adds nothing to the issue's, and no statement uses the key.
ALTER TABLE activity DROP FOREIGN KEY activity_ibfk_2, DROP KEY organization_id, ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE comment DROP FOREIGN KEY comment_ibfk_2, DROP KEY organization_id, ALGORITHM = INPLACE, LOCK = NONE;

-- Migration 58: tests of the mail to an organization
ALTER TABLE mail_job MODIFY kind
  ENUM('password_reset','notices','confirm_address','invitation','address_changed','password_changed','digest','raised_by_mail','test') NOT NULL,
  ALGORITHM = INSTANT;

-- Migration 59: counters of unread notifications
-- The differences of one snapshot are added, so that what is counted meanwhile stays.
INSERT INTO notification_count (scope, scope_id, n)
SELECT k.scope, k.scope_id, SUM(k.n) AS by_n FROM (
  SELECT 'staff' AS scope, organization_id AS scope_id, COUNT(*) AS n FROM notification
  WHERE organization_id IS NOT NULL GROUP BY organization_id
  UNION ALL SELECT 'seen', p.id, (SELECT COUNT(*) FROM notification n WHERE n.organization_id = p.organization_id
    AND n.id <= p.notifications_read_to) FROM profile p WHERE p.organization_id IS NOT NULL
  UNION ALL SELECT 'seen', p.id, COUNT(*) FROM notification n JOIN profile p ON p.user_id = n.actor_id
    AND p.organization_id = n.organization_id WHERE n.id > p.notifications_read_to GROUP BY p.id
  UNION ALL SELECT 'seen', p.id, COUNT(*) FROM notification_read r JOIN profile p ON p.id = r.profile_id
    JOIN notification n ON n.id = r.notification_id AND n.organization_id = p.organization_id
    WHERE n.id > p.notifications_read_to AND NOT n.actor_id <=> p.user_id GROUP BY p.id
  UNION ALL SELECT 'own', p.id, COUNT(*) FROM profile p JOIN notification n ON n.user_id = p.user_id
    JOIN issue i ON i.id = n.issue_id AND (p.organization_id = i.organization_id
      OR (p.organization_id IS NULL AND i.raised_by = p.user_id))
    WHERE n.id > p.notifications_read_to AND NOT EXISTS (SELECT 1 FROM notification_read r
      WHERE r.profile_id = p.id AND r.notification_id = n.id) GROUP BY p.id
  UNION ALL SELECT scope, scope_id, -n FROM notification_count) k
GROUP BY k.scope, k.scope_id HAVING SUM(k.n) <> 0
ON DUPLICATE KEY UPDATE n = notification_count.n + VALUES(n);
-- Older processes that still run do not keep them: docket-sync counts again.
INSERT IGNORE INTO sync_fact (name, value, until, updated_at) VALUES ('recount', '', NULL, UTC_TIMESTAMP(6));
