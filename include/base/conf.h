#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stdbool.h>

#include "base/log.h"

/* The largest pool. */
#define WORKERS_MAX 512

/* The largest FILES_MAX: nginx/server.conf.in lets no larger bodies pass. */
#define FILES_MAX_MOST (25L * 1024 * 1024)

/* The configuration. Each value comes from the environment, else from the
 * KEY=value file that DOCKET_CONF names, else from the defaults. Strings live
 * as long as the process; an optional one is NULL when unset or empty. */
struct conf {
	const char *state; /* STATE */
	bool is_pooled;	   /* set by the program: pools of a known size run it,
			    * not the web server */
	long workers;	   /* WORKERS, of app and of write */
	long
	    linear_workers; /* LINEAR_WORKERS, the pool that waits for Linear */
	const char *db_socket;	  /* DB_SOCKET, or */
	const char *db_host;	  /* DB_HOST and */
	long db_port;		  /* DB_PORT */
	const char *db_user;	  /* DB_USER */
	const char *db_password;  /* DB_PASSWORD */
	const char *db_name;	  /* DB_NAME */
	const char *db_tls_ca;	  /* DB_TLS_CA, a file; NULL: TCP without TLS */
	const char *public_url;	  /* PUBLIC_URL, without trailing slashes */
	const char *cors_origins; /* CORS_ORIGINS, comma-separated */
	long token_ttl_hours;	  /* TOKEN_TTL_HOURS */
	const char *linear_api_key;   /* LINEAR_API_KEY; NULL: no Linear */
	const char *linear_api_url;   /* LINEAR_API_URL */
	const char *linear_files_url; /* LINEAR_FILES_URL: the files in
					 Linear's texts are below it */
	const char
	    *linear_webhook_secret; /* LINEAR_WEBHOOK_SECRET, comma-separated */
	const char
	    *linear_teams;   /* LINEAR_TEAMS, ids, comma-separated; "*": all */
	long linear_wait_ms; /* LINEAR_WAIT_MS; 0: never wait */
	long linear_reconcile_s;    /* LINEAR_RECONCILE_S */
	const char *smtp_url;	    /* SMTP_URL; NULL: no mail */
	const char *mail_from;	    /* MAIL_FROM, a bare address */
	const char *mail_in_domain; /* MAIL_IN_DOMAIN; NULL: no mail comes in */
	const char *mail_in_secret; /* MAIL_IN_SECRET, comma-separated */
	const char *mail_authserv;  /* MAIL_AUTHSERV; NULL: none is believed */
	long mail_burst_s;	    /* MAIL_BURST_S */
	long mail_digest_s;	    /* MAIL_DIGEST_S */
	bool signup;		    /* SIGNUP=on */
	long reopen_days;	    /* REOPEN_DAYS */
	long raises_per_hour; /* RAISES_PER_HOUR; 0 here and below: no limit */
	long comments_per_hour;	       /* COMMENTS_PER_HOUR */
	long unproved_raises_per_hour; /* UNPROVED_RAISES_PER_HOUR */
	const char *files_dir;	       /* FILES_DIR, or STATE/files */
	long files_max;		       /* FILES_MAX: bytes of a file */
	long files_quota;	/* FILES_QUOTA: bytes of an organization */
	const char *files_deny; /* FILES_DENY: types, comma-separated */
	long uploads_per_hour;	/* UPLOADS_PER_HOUR */
	const char
	    *clamd_socket;   /* CLAMD_SOCKET; NULL: files are not scanned */
	bool clamd_required; /* CLAMD_REQUIRED=on */
	long login_interval; /* LOGIN_RATE: microseconds between two */
	const char *tls_ca;  /* TLS_CA, a file; NULL: that of the system */
	enum log_level log_level; /* LOG_LEVEL */
	char sync_socket[108];	  /* STATE/run/sync.sock, of docket-sync */
	char auth_generation_file[108]; /* STATE/run/stamp: auth_generation.h */
	char share_file[108];		/* STATE/run/share: share.h */
	char login_file[108];		/* STATE/run/logins: rate.h */
	char high_water_file[108];	/* STATE/high-water: high_water.h */
	char files_own[108]; /* STATE/files: unless FILES_DIR is set */
};

/* Reads the whole configuration. Returns false if a value is wrong or the file
 * cannot be read; `why` (of size n) then names the cause in one line. */
bool conf_load(struct conf *c, char *why, unsigned long n);

/* The file of an installed system. */
#define CONF_INSTALLED "/etc/docket/docket.env"

/* Its STATE, which the units set for the services. */
#define STATE_INSTALLED "/var/lib/docket"

/* Its files, which nginx can read. */
#define FILES_INSTALLED "/var/lib/docket-files"

/* The file that DOCKET_CONF names, else that of an installed system. */
const char *conf_file(void);

/* Whether DOCKET_CONF names a file. */
bool conf_names_file(void);

/* Uses the file of an installed system, if there is one, when neither the
 * environment names a file nor a database. Call before conf_load. */
void conf_use_installed(void);

/* Calls take() for each setting of a file, in order; its texts last until it
 * returns. Blank lines and # comments are skipped, one pair of quotes around a
 * value is removed, and everything else is taken as it is: backslashes, too.
 * Returns false if the file cannot be read; `why` (of size n) then names the
 * cause. */
typedef void conf_take(void *arg, const char *name, const char *value);
bool conf_file_read(const char *path, conf_take *take, void *arg, char *why,
		    unsigned long n);

/* Whether there is a setting of this name, of any program. */
bool conf_has(const char *name);

/* Whether a comma-separated list has the word; case is ignored. */
bool conf_lists(const char *list, const char *word);

#endif
