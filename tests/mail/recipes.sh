#!/bin/bash
# Tests the README's two ways of bringing mails in: Postfix, by a pipe, and getmail, from
# a mailbox (here of Dovecot). Their settings are the README's own lines. tests/run sets
# SCRATCH and PORT; without it there are defaults.
#
# Both servers run with directories and ports of this test, and take nothing from /etc.
# They have to be started by root, as other users than root run docketctl.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit

# shellcheck source=/dev/null
. tests/lib/shell.sh
if ((EUID != 0)); then
	echo 'recipes: left out, because Postfix and Dovecot must be started by root'
	exit 0
fi
for program in postfix dovecot getmail; do
	command -v $program >/dev/null || { echo "recipes: left out, because $program is missing"; exit 0; }
done
if [[ ! ${DOCKETCTL:-} ]]; then
	port=${PORT:-28300}
	export PORT=$port SIMULATOR=off MAIL_BURST_S=1 MAIL_IN_DOMAIN=issues.example.com
fi
in_own_instance recipes "$0"

# Everything of the two servers, and a docketctl that nobody (the user) may run.
public=$(mktemp -d "${TMPDIR:-/tmp}/docket-recipes.XXXXXX")
chmod 755 "$public"
smtp_port=$((PORT + 10)) imap_port=$((PORT + 11))
trap 'stop_servers' EXIT
stop_servers() {
	[[ ! -e $public/postfix/main.cf ]] || postfix -c "$public/postfix" stop >/dev/null 2>&1
	[[ ! -e $public/dovecot/dovecot.conf ]] || doveadm -c "$public/dovecot/dovecot.conf" stop >/dev/null 2>&1
	rm -rf "$public"
}

# The lines of the README between a pair of fences that begins with this comment, with
# the paths of this test.
recipe() { # its first line
	awk -v first="$1" '$0 == first { on = 1 } on && /^```/ { exit } on' README.md |
		sed -e "s|/usr/bin/docketctl|$public/docketctl|" -e "s|user=docket |user=nobody |" \
			-e "s|imap.example.com|127.0.0.1|" -e "s|MultidropIMAPSSLRetriever|MultidropIMAPRetriever|" \
			-e "s|/etc/docket/imap-password|$public/password|"
}

settings_for_nobody() {
	local name
	cp "$DOCKETCTL" "$public/docketctl.bin"
	ln "$DB_SOCKET" "$public/db.sock"
	for name in DB_USER DB_PASSWORD DB_NAME MAIL_IN_DOMAIN; do
		printf '%s=%s\n' "$name" "${!name}"
	done >"$public/docket.env"
	printf 'DB_SOCKET=%s\nSTATE=%s\n' "$public/db.sock" "$public/state" >>"$public/docket.env"
	install -d -o nobody "$public/state" "$public/state/run"
	cat >"$public/docketctl" <<-END
	#!/bin/sh
	exec env -i DOCKET_CONF=$public/docket.env PATH=/usr/bin:/bin ASAN_OPTIONS=detect_leaks=0 \\
		$public/docketctl.bin "\$@"
	END
	chown nobody "$public/docket.env"
	chmod 755 "$public/docketctl"
}

start_postfix() {
	local d=$public/postfix
	mkdir -p "$d"
	install -d "$d/spool"
	install -d -o postfix "$d/data"
	{
		cat <<-END
		compatibility_level = 3.6
		queue_directory = $d/spool
		data_directory = $d/data
		maillog_file = $d/log
		maillog_file_prefixes = $d
		inet_interfaces = 127.0.0.1
		inet_protocols = ipv4
		myhostname = mx.example.com
		mydestination =
		alias_maps =
		alias_database =
		minimal_backoff_time = 1s
		maximal_backoff_time = 2s
		queue_run_delay = 1s
		default_transport = discard
		END
		recipe '# /etc/postfix/main.cf'
	} >"$d/main.cf"
	{
		printf '%s inet n - n - - smtpd\n' "127.0.0.1:$smtp_port"
		cat <<-'END'
		cleanup unix n - n - 0 cleanup
		qmgr unix n - n 300 1 qmgr
		rewrite unix - - n - - trivial-rewrite
		bounce unix - - n - 0 bounce
		defer unix - - n - 0 bounce
		trace unix - - n - 0 bounce
		proxymap unix - - n - - proxymap
		anvil unix - - n - 1 anvil
		retry unix - - n - - error
		error unix - - n - - error
		discard unix - - n - - discard
		postlog unix-dgram n - n - 1 postlogd
		END
		recipe '# /etc/postfix/master.cf'
	} >"$d/master.cf"
	postfix -c "$d" start >"$d/start" 2>&1 || { cat "$d/start"; return 1; }
}

start_dovecot() {
	local d=$public/dovecot
	install -d -o nobody "$d" "$d/mail" "$d/mail"/{cur,new,tmp}
	echo secret >"$public/password"
	cat >"$d/dovecot.conf" <<-END
	base_dir = $d/run
	log_path = $d/log
	protocols = imap
	listen = 127.0.0.1
	ssl = no
	disable_plaintext_auth = no
	first_valid_uid = 1
	mail_location = maildir:$d/mail
	service imap-login {
	  inet_listener imap {
	    port = $imap_port
	  }
	  inet_listener imaps {
	    port = 0
	  }
	}
	passdb {
	  driver = static
	  args = password=secret
	}
	userdb {
	  driver = static
	  args = uid=nobody gid=nogroup home=$d
	}
	END
	dovecot -c "$d/dovecot.conf" 2>"$d/start" || { cat "$d/start"; return 1; }
}

# --- mails ------------------------------------------------------------------

mail_from() { # sender, recipient, text
	printf 'From: %s\nTo: %s\nSubject: Re: hello\nDate: %s\nMessage-ID: <%s@mail.example.com>\n\n%s\n' \
		"$1" "$2" "$(date -R)" "$RANDOM$RANDOM$RANDOM" "$3"
}
send() { # sender, recipient, text; by SMTP
	curl -sS -m 60 --url "smtp://127.0.0.1:$smtp_port" --mail-from "$1" --mail-rcpt "$2" \
		-T <(mail_from "$1" "$2" "$3" | sed 's/$/\r/')
}
put_into_mailbox() { # sender, recipient, text
	local name
	name=$(date +%s).$RANDOM.mx
	{
		printf 'Return-Path: <%s>\nDelivered-To: %s\n' "$1" "$2"
		mail_from "$1" "$2" "$3"
	} >"$public/dovecot/mail/tmp/$name"
	chown nobody "$public/dovecot/mail/tmp/$name"
	mv "$public/dovecot/mail/tmp/$name" "$public/dovecot/mail/new/$name"
}
fetch() {
	install -d -m 700 -o nobody "$public/getmail"
	recipe '# /etc/docket/getmailrc' | sed "/^server = /a port = $imap_port" >"$public/getmail/getmailrc"
	timeout 60 setpriv --reuid=nobody --regid=nogroup --clear-groups \
		getmail --getmaildir "$public/getmail" --rcfile getmailrc 2>&1
}
mailbox_has() { # number
	lines "$1" find "$public/dovecot/mail"/{new,cur} -type f || { find "$public/dovecot/mail" -type f; false; }
}
comments_with() { # number, text
	local n
	n=$(call "$sahel" GET "/issues/$issue/" | js "it.comments.filter((c) => c.content === '$2').length")
	[[ $n == "$1" ]] || { echo "$n comments '$2'"; return 1; }
}
logged() { grep -qE "$1" "$public/postfix/log" || { tail -n 20 "$public/postfix/log"; return 1; }; }

# --- a reply that is mailed to a customer ---------------------------------------

alice=$(login alice) sahel=$(login sahel)
issue=$(call "$alice" POST /client/issues/raise/ \
	'{"organization":1,"title":"Two boxes","description":"They are missing."}' | js it.issue.id)
call "$sahel" POST "/issues/$issue/add_comment/" '{"content":"Which ones?"}' >/dev/null
reply_to() {
	curl -fs "$MAILBOX_URL/mails.json?to=alice@example.com" | js "it
		.filter((m) => m.text.includes('Which ones?'))
		.flatMap((m) => m.headers.filter(([name]) => name === 'Reply-To'))
		.map(([, value]) => value.match(/reply\\+[^>]*/)[0])[0]"
}
is_mailed() { [[ $(reply_to) == reply+* ]]; }
check 'the reply is mailed to the customer, with an address for answers' within 20 is_mailed
address=$(reply_to)

settings_for_nobody
check 'Postfix starts' start_postfix
check 'Dovecot starts' start_dovecot
check 'Postfix listens' within 10 send alice@example.com "$address" 'By Postfix.'

# --- Postfix --------------------------------------------------------------------

check 'an answer that Postfix received is a comment' within 20 comments_with 1 'By Postfix.'
check 'Postfix takes a mail for an unknown address' send alice@example.com nobody@issues.example.com Lost.
check 'and returns it: there is no such address' within 15 logged 'nobody@issues.*dsn=5\.1\.1, status=bounced'
mv "$public/db.sock" "$public/db.away"
check 'Postfix takes a mail while the database is away' send alice@example.com "$address" 'Later, by Postfix.'
check 'and keeps it' within 15 logged 'dsn=4\.3\.0, status=deferred'
mv "$public/db.away" "$public/db.sock"
check 'it arrives once the database is back' within 30 comments_with 1 'Later, by Postfix.'
send '' "$address" 'A bounce.'
reasons() { "$DOCKETCTL" mail in list --json | js "it.filter((m) => m.state === '$1').length"; }
has_reason() { [[ $(reasons "$1") == "$2" ]] || { "$DOCKETCTL" mail in list; return 1; }; }
check 'a mail without a sender does nothing' within 15 has_reason auto 1

# --- getmail ----------------------------------------------------------------------

put_into_mailbox alice@example.com "$address" 'By getmail.'
put_into_mailbox alice@example.com nobody@issues.example.com 'Lost.'
check 'getmail delivers the mails of the mailbox' says '2 messages (' fetch
check 'an answer that getmail fetched is a comment' within 20 comments_with 1 'By getmail.'
check 'the mailbox is empty: nobody has the other address' mailbox_has 0
mv "$public/db.sock" "$public/db.away"
put_into_mailbox alice@example.com "$address" 'Later, by getmail.'
check 'while the database is away, getmail says so' says 'Delivery error' fetch
check 'and leaves the mail in the mailbox' mailbox_has 1
mv "$public/db.away" "$public/db.sock"
fetch >/dev/null
check 'it arrives once the database is back' within 20 comments_with 1 'Later, by getmail.'

report recipes
