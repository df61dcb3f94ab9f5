#!/bin/bash
# Tests mails, from a change in Docket to the mailbox: who gets them, how many, what
# they say, and what happens if the mail server does not accept them. tests/run sets
# SCRATCH and PORT; without it there are defaults.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit

# shellcheck source=/dev/null
. tests/lib/shell.sh
# It has a mail server of its own.
if [[ ! ${DOCKETCTL:-} ]]; then
	port=${PORT:-28200}
	export PORT=$port SIMULATOR=off SIGNUP=on
	export RAISES_PER_HOUR=0 COMMENTS_PER_HOUR=0 UNPROVED_RAISES_PER_HOUR=0
	export MAIL_BURST_S=2 MAIL_DIGEST_S=4 SMTP_PORT=$((port + 3)) HTTP_PORT=$((port + 2))
	# the login is never asked for, and must not be seen anywhere
	export SMTP_URL=smtp://docket:secret-word@127.0.0.1:$SMTP_PORT
fi
in_own_instance mail "$0"

mails=$STATE/caught
mailbox=
trap 'box_off' EXIT

box_on() {
	/usr/bin/python3 -B tests/mail/mailbox.py --dir "$mails" \
		--smtp-port "$SMTP_PORT" --http-port "$HTTP_PORT" >/dev/null &
	mailbox=$!
	within 10 curl -fs "http://127.0.0.1:$HTTP_PORT/"
}
box_off() {
	[[ $mailbox ]] || return
	kill -KILL "$mailbox"
	wait "$mailbox" 2>/dev/null
	mailbox=
}

raise() { # token, title
	call "$1" POST /client/issues/raise/ \
		"{\"organization\":1,\"title\":$2,\"description\":\"It is.\"}" | js it.issue.id
}
reply() { # token, issue, text
	call "$1" POST "/issues/$2/add_comment/" "{\"content\":\"$3\"}" >/dev/null
}

# Mails to an address about a text (of the subject or the body).
got() { # address, text
	curl -fs "http://127.0.0.1:$HTTP_PORT/mails.json?to=$1" |
		js "it.filter(m => (m.subject + m.text).includes(\`${2:-}\`)).length"
}
has() { # number, address, text
	local n
	n=$(got "$2" "${3:-}")
	[[ $n == "$1" ]] || { echo "$n mails to $2 with ${3:-}"; return 1; }
}
# How many different mails: one that was on its way when the daemon was killed may
# come twice, under one Message-ID.
different() { # address, text
	curl -fs "http://127.0.0.1:$HTTP_PORT/mails.json?to=$1" | js "
		const id = (m) => m.headers.find((h) => h[0] === 'Message-ID')[1];
		new Set(it.filter((m) => m.subject.includes('$2')).map(id)).size"
}
# The last one to an address holds what the expression over `m` says.
last() { # address, expression
	local out
	out=$(curl -fs "http://127.0.0.1:$HTTP_PORT/mails.json?to=$1" | js "
		const m = it[it.length - 1];
		const header = (n) => (m.headers.find(h => h[0] === n) || [])[1];
		$2")
	[[ $out == true ]] || { echo "$out"; return 1; }
}
header_of() { # address, name
	curl -fs "http://127.0.0.1:$HTTP_PORT/mails.json?to=$1" |
		js "it[it.length - 1].headers.find(h => h[0] === '$2')[1]"
}
waiting() {
	sql "SELECT (SELECT COUNT(*) FROM outbox)
		+ (SELECT COUNT(*) FROM notification WHERE mail_state = 'due')
		+ (SELECT COUNT(*) FROM mail_job WHERE state = 'due')"
}
# Nothing is under way any more; and it did not take long.
nothing_waits() { [[ $(waiting) == 0 ]]; }
settled() { within "${1:-20}" nothing_waits; }

# An hour later: who had many mails gets single ones again.
calm() { sql 'UPDATE mail_job SET created_at = created_at - INTERVAL 1 HOUR'; }
# Somebody's address is proved, without the mail for that.
prove() {
	sql "UPDATE user SET email_verified = TRUE WHERE username = '$1';
		UPDATE mail_job m JOIN user u ON u.id = m.user_id
		SET m.state = 'void', m.lease_owner = NULL
		WHERE m.kind = 'confirm_address' AND u.username = '$1'"
}

box_on || exit
alice=$(login alice) sahel=$(login sahel) erin=$(login erin)
check 'no mail is due about the demo data' test "$(waiting)" = 0

# --- who is told, and what ------------------------------------------------

title='Grüße "株式会社" الطلب 👍 <b>&amp; =?UTF-8?B?eA==?= und noch viel mehr, damit es nicht in eine Zeile passt'
issue=$(raise "$alice" "$(node -p 'JSON.stringify(process.argv[1])' "$title")")
number=$(call "$alice" GET "/issues/$issue/" | js it.issue_number)
check 'mails about a new issue are sent' settled
check 'a new issue is mailed to the owner' has 1 sahel@example.com "$number"
check 'a new issue is mailed to the employee' has 1 erin@example.com "$number"
check 'a new issue is not mailed to the customer who raised it' has 0 alice@example.com
check 'a new issue is not mailed to staff of other organizations' has 0 omar@example.com
# shellcheck disable=SC2016 # JavaScript
check 'the subject has the number and the title as typed' last sahel@example.com \
	"m.subject === \`[$number] $title\` || m.subject"
check 'the HTML escapes the title' last sahel@example.com \
	'm.html.includes("&lt;b&gt;&amp;amp; =?UTF-8?B?eA==?= und") && !m.html.includes("<b>")'

reply "$sahel" "$issue" "We look.\\n.\\nRCPT TO:<x@y.z>\\n<script>alert(1)</script>"
check 'mails about a reply are sent' settled
check 'a reply is one mail to the customer' has 1 alice@example.com
check 'the mail has the text of the reply' last alice@example.com \
	'm.text.includes("    .\n    RCPT TO:<x@y.z>\n    <script>") || m.text'
check 'the HTML has no script' last alice@example.com \
	'm.html.includes("&lt;script&gt;") && !m.html.includes("<script")'
check 'the sender has the name of the organization' last alice@example.com \
	'm.from === "Demo Company <docket@localhost>" || m.from'
check 'the mail has one recipient' last alice@example.com \
	'm.headers.filter(h => h[0] === "X-Recipient").length === 1'
check 'the mail has text and HTML as alternatives' last alice@example.com \
	'header("Content-Type").startsWith("multipart/alternative")'
check 'the mail says that a program generated it' last alice@example.com \
	'header("Auto-Submitted") === "auto-generated"'
check 'the mail belongs to the thread of the issue' last alice@example.com \
	"header('In-Reply-To') === '<issue-$issue@localhost>' &&
	header('References') === header('In-Reply-To') &&
	header('Message-ID').startsWith('<issue-$issue-')"
check 'the mail has a link to the issue' last alice@example.com \
	"m.text.includes('$PUBLIC_URL/issues/$issue/')"
check 'the author of a reply gets no mail about it' has 1 sahel@example.com
check 'other staff get no mail about a reply' has 1 erin@example.com

# --- a burst --------------------------------------------------------------

# However slow this machine is, the daemon sees them within that time.
kill -STOP "$(<"$STATE/run/sync.pid")"
reply "$erin" "$issue" 'First part.'
call "$sahel" POST "/issues/$issue/add_comment/" \
	'{"content":"What nobody outside may read","internal":true}' >/dev/null
call "$sahel" PATCH "/issues/$issue/" '{"status":"in_progress"}' >/dev/null
call "$erin" POST "/issues/$issue/resolve/" '{"resolution_notes":"A new part"}' >/dev/null
kill -CONT "$(<"$STATE/run/sync.pid")"
check 'mails about several events within MAIL_BURST_S are sent' settled
check 'several events within MAIL_BURST_S are one mail' has 2 alice@example.com
check 'the mail has all of these events' last alice@example.com \
	'/First part\.[^]*In Progress\.[^]*resolved the issue\.[^]*A new part/.test(m.text) || m.text'
check 'each mail has its own Message-ID' test "$(curl -fs "http://127.0.0.1:$HTTP_PORT/mails.json" |
	js 'new Set(it.map(m => m.headers.find(h => h[0] === "Message-ID")[1])).size === it.length')" = true
internal_hidden() { ! grep -rls 'nobody outside' "$mails"; }
check 'no mail has an internal note' internal_hidden

reply "$alice" "$issue" 'Thanks, but no.'
check "mails about the customer's reply are sent" settled
check "staff get a mail about the customer's reply" has 2 sahel@example.com
check 'the customer gets no mail about their own reply' has 2 alice@example.com
call "$sahel" POST "/issues/$issue/assign/" '{"employee_id":6}' >/dev/null 2>&1
erin_profile=$(call "$erin" GET /auth/role-selection/current_role/ | js it.profile.id)
call "$sahel" POST "/issues/$issue/assign/" "{\"employee_id\":$erin_profile}" >/dev/null
check 'mails about an assignment are sent' settled
check 'the assignee gets a mail about the assignment' last erin@example.com \
	'm.text.includes("assigned the issue to you")'
check 'other staff get no mail about the assignment' has 2 sahel@example.com

# --- no more of them ------------------------------------------------------

link=$(header_of alice@example.com List-Unsubscribe | tr -d '<>')
check 'the mail offers one-click unsubscribing' test \
	"$(header_of alice@example.com List-Unsubscribe-Post)" = List-Unsubscribe=One-Click
check 'an unsubscribe link with a wrong signature is 400' test "$(status_of "${link%?}x")" = 400
check 'an unsubscribe link for another user is 400' test "$(status_of -X POST "${link/u=*&t/u=1&t}")" = 400
check 'GET of the unsubscribe link shows a form' says '<form method="post">' curl -fs "$link"
wants() { [[ $(call "$alice" GET /users/me/ | js it.wants_mail) == "$1" ]]; }
check 'GET of the unsubscribe link changes nothing' wants true
check 'POST to the unsubscribe link is 200' test "$(status_of -d List-Unsubscribe=One-Click "$link")" = 200
check 'POST to the unsubscribe link stops the mails' wants false
reply "$sahel" "$issue" 'Unheard.'
check 'mails about a reply to an unsubscribed customer are done' settled
check 'an unsubscribed customer gets no mail' has 0 alice@example.com Unheard.
call "$alice" PATCH /users/me/ '{"wants_mail":true}' >/dev/null

# --- the mail server is away ----------------------------------------------

box_off
reply "$sahel" "$issue" 'While you were out.'
check 'the log has an entry that the mail server is down' within 15 grep -q mail_server_away "$STATE/log/sync.log"
check 'while the mail server is down, the mail waits' test "$(waiting)" = 1
kill -KILL "$(<"$STATE/run/sync.pid")"
reply "$sahel" "$issue" 'And once more.'
sleep 3
box_on
check 'the mail is sent once the mail server is up again' settled 30
check 'the reply from the beginning of the outage is mailed once' has 1 alice@example.com 'While you were out.'
check 'the reply from the end of the outage is mailed once' has 1 alice@example.com 'And once more.'
check 'the log has an entry about the sent mail' within 5 grep -q mail_sent "$STATE/log/sync.log"

calm
# Killed again and again.
for i in {1..6}; do raise "$alice" "\"Torment $i\"" >/dev/null; done
for i in {1..6}; do
	kill -KILL "$(<"$STATE/run/sync.pid")" 2>/dev/null
	sleep 0.7
done
check 'all mails are sent although the daemon is killed repeatedly' settled 40
once_each() {
	local i
	for i in {1..6}; do [[ $(different sahel@example.com "Torment $i") == 1 ]] || { echo "$i"; return 1; }; done
}
check 'each issue is mailed once although the daemon is killed repeatedly' once_each

calm

# --- several daemons ------------------------------------------------------

for i in {1..8}; do raise "$alice" "\"Crowd $i\"" >/dev/null; done
sleep 2.1
for i in 1 2 3; do "${DOCKETCTL%/*}/docket-sync" --once 2>>"$STATE/log/sync.log" & done
wait %2 %3 %4 2>/dev/null
check 'several daemons send all mails' settled
crowd() {
	local i
	for i in {1..8}; do
		has 1 sahel@example.com "Crowd $i" && has 1 erin@example.com "Crowd $i" || return 1
	done
}
check 'several daemons send each mail once' crowd

calm

# --- refusals -------------------------------------------------------------

sign_up() { # name; the token
	call '' POST /users/ "{\"username\":\"$1\",\"email\":\"$1@example.com\",\"password\":\"test123456\"}" >/dev/null
	login "$1"
}
refuse=$(sign_up refuse1) later=$(sign_up later1)
prove refuse1
prove later1
bad=$(raise "$refuse" '"Refused"') slow=$(raise "$later" '"Delayed"')
reply "$sahel" "$bad" 'To nobody.'
reply "$sahel" "$slow" 'To somebody later.'
dead() { "$DOCKETCTL" mail list --dead --json | js "$1" | grep -qx true; }
check 'a refused mail is a dead letter' within 15 dead 'it.length === 1'
check 'the dead letter has the words of the mail server' dead 'it[0].to === "refuse1@example.com" && /^550 5\.1\.1 .* is not known here$/.test(it[0].error)'
delayed() {
	"$DOCKETCTL" mail list --json | js 'it.some(m => m.to === "later1@example.com" && m.attempts > 0 && m.error.startsWith("451"))' |
		grep -qx true
}
check 'a deferred mail is tried again' within 15 delayed
reply "$sahel" "$issue" 'Nobody is held up.'
check 'other mails are not delayed by a deferred one' within 15 has 1 alice@example.com 'Nobody is held up.'
sql "UPDATE user SET email = CONCAT('x', email) WHERE username IN ('refuse1', 'later1')"
check 'mail retry --all retries a dead letter' "$DOCKETCTL" mail retry --all
check 'the retried dead letter arrives' within 15 has 1 xrefuse1@example.com 'To nobody.'
check 'the deferred mail arrives' within 40 has 1 xlater1@example.com 'To somebody later.'

# --- who was invited and has not come yet ----------------------------------

olga='{"email":"olga@example.com","first_name":"Olga"}'
invited=$(call "$sahel" POST /employees/ "$olga")
call "$sahel" POST "/issues/$issue/assign/" "{\"employee_id\":$(js it.employee.id <<<"$invited")}" >/dev/null
check 'mails about an assignment to an invited person are sent' settled
check 'an invited person gets the invitation' has 1 olga@example.com 'invites you'
check 'an invited person gets no other mail before they set a password' has 1 olga@example.com
invitation=$(curl -fs "http://127.0.0.1:$HTTP_PORT/mails.json?to=olga@example.com" |
	js "it.pop().text.match(/set-password\/#(\S+)/)[1]")
call '' POST /auth/password-reset/confirm/ \
	"{\"token\":\"$invitation\",\"new_password\":\"test123456\"}" >/dev/null
reply "$alice" "$issue" 'To all of you.'
check 'mails about a reply are sent after the invited person has set a password' settled
check 'the invited person gets mails once they have set a password' has 1 olga@example.com 'To all of you.'

# --- nobody's words before their address is proved --------------------------

calm
eve=$(sign_up eve)
sql "UPDATE user SET first_name = 'Evil' WHERE username = 'eve'"
hers=$(raise "$eve" '"Evil title"')
her_number=$(call "$eve" GET "/issues/$hers/" | js it.issue_number)
reply "$eve" "$hers" 'Evil words'
check 'mails about an issue of an unconfirmed customer are sent' settled
check "a mail about an unconfirmed customer's issue has only the number as its subject" last sahel@example.com "m.subject === '[$her_number]' || m.subject"
check "a mail about an unconfirmed customer's issue has a link to it" last sahel@example.com "m.text.includes('$PUBLIC_URL/issues/$hers/')"
reply "$sahel" "$hers" 'An answer.'
check 'mails about a reply to an unconfirmed customer are done' settled
check 'an unconfirmed address gets no mail about a reply' has 0 eve@example.com 'An answer.'
not_evil() { ! grep -rli 'evil' "$mails"; }
check 'no mail has words of an unconfirmed customer' not_evil
prove eve
reply "$eve" "$hers" 'Known by now'
check 'mails about a reply of the customer are sent after they have confirmed their address' settled
check 'mails have the words of a customer with a confirmed address' last sahel@example.com \
	"m.subject === '[$her_number] Evil title' && m.text.includes('Known by now')"

# --- what is written when it is sent -----------------------------------------

calm
comment() { # text; its id
	call "$sahel" POST "/issues/$issue/add_comment/" "{\"content\":\"$1\"}" | js it.comment.id
}
edit() { call "$sahel" PATCH "/issues/$issue/comments/$1/" "{\"content\":\"$2\"}" >/dev/null; }
withdraw() { call "$sahel" DELETE "/issues/$issue/comments/$1/" >/dev/null; }
edit "$(comment 'The first text')" 'The second text'
withdraw "$(comment 'The third text')"
check 'mails about edited and withdrawn comments are sent' settled
check 'an edited comment is mailed with its current text' has 1 alice@example.com 'The second text'
check 'the former text of an edited comment is not mailed' has 0 alice@example.com 'The first text'
check 'a withdrawn comment is not mailed' has 0 alice@example.com 'The third text'
n=$(got alice@example.com)
withdraw "$(comment 'The fourth text')"
check 'a mail that would have only a withdrawn comment is done' settled
check 'a withdrawn comment alone causes no mail' has "$n" alice@example.com

# --- a flood ---------------------------------------------------------------

calm
before=$(got sahel@example.com)
flood() { # from, to
	local i
	for ((i = $1; i <= $2; i++)); do
		raise "$alice" "\"Flood $i.\"" >/dev/null
	done
}
flood 1 130 &
for i in {1..8}; do
	kill -KILL "$(<"$STATE/run/sync.pid")" 2>/dev/null
	sleep 1
done
wait $!
check 'mails about 130 issues are sent although the daemon is killed repeatedly' settled 60
at_most() { # number, command…
	local most=$1 got
	shift
	got=$("$@")
	((got <= most)) || { echo "$got"; return 1; }
}
check '12 of 130 issues are mailed singly' test "$(different sahel@example.com '] Flood ')" = 12
check 'the other issues cause few digests' at_most 12 different sahel@example.com 'updates on your issues'
# Every issue is in a mail of its own, or in a digest, or counted in one.
told_of() { # address, what
	curl -fs "http://127.0.0.1:$HTTP_PORT/mails.json?to=$1" | js "
		let n = 0;
		const id = (m) => m.headers.find((h) => h[0] === 'Message-ID')[1];
		for (const m of new Map(it.slice($before).map((m) => [id(m), m])).values()) {
			n += /\\] Flood /.test(m.subject) ? 1 : 0;
			n += (m.text.match(/Flood \\d+\\. \\(1 update\\):/g) || []).length;
			n += Number((m.text.match(/There are (\\d+) updates? beside/) || [0, 0])[1]);
		} n" | grep -qx "$2"
}
check 'every one of the 130 issues is in a mail or a digest' told_of sahel@example.com 130
check 'a digest can be unsubscribed from' last sahel@example.com \
	'header("List-Unsubscribe").includes("/api/mail/unsubscribe/") && /updates on your issues/.test(m.subject) || m.subject'
check 'other staff get 12 single mails as well' test "$(different erin@example.com '] Flood ')" = 12

# What it costs the database does not grow with the flood.
status() { sql "SHOW GLOBAL STATUS LIKE 'Questions'" | cut -f2; }
n=$(got sahel@example.com) questions=$(status)
notices=$(sql 'SELECT COUNT(*) FROM mail_notice')
sql "INSERT INTO notification (organization_id, issue_id, kind, status, actor_name,
		created_at, mail_state, mail_due_at)
	SELECT 1, i.id, 'status', 'open', 'Flood', NOW(6), 'due', NOW(6)
	FROM issue i JOIN seq_1_to_120 WHERE i.title LIKE 'Flood %'"
check '15,000 more notifications are processed' settled 60
new_mails() { echo $(($(got sahel@example.com) - n)); }
new_notices() { sql "SELECT COUNT(*) - $notices FROM mail_notice"; }
new_questions() { echo $(($(status) - questions)); }
check '15,000 more notifications cause few digests' at_most 4 new_mails
check '15,000 more notifications cause few rows of mail_notice' at_most 600 new_notices
check '15,000 more notifications cause few statements' at_most 1500 new_questions
check 'the digest counts the updates that it does not list' last sahel@example.com \
	'/There are \d{4,5} updates beside these\./.test(m.text) || m.text'

calm
# --- passwords ------------------------------------------------------------

reset() { call '' POST /auth/password-reset/ "{\"email\":\"$1\"}"; }
asked=$(reset alice@example.com)
check 'a password reset has a response' says message echo "$asked"
check 'a password reset for an unknown address has the same response' test "$asked" = "$(reset nobody@example.com)"
check 'the mail with the password link is sent' settled
check 'one mail with a password link arrives' has 1 alice@example.com 'Set a new password'
check 'the mail with the password link has no unsubscribe link' last alice@example.com '!header("List-Unsubscribe")'
check 'the mail with the password link has no text of the account' last alice@example.com \
	'm.text.startsWith("Hello,\n") && !/alice/i.test(m.text + m.html) && !/alice/i.test(m.to.split("@")[0].slice(5))'
token=$(curl -fs "http://127.0.0.1:$HTTP_PORT/mails.json?to=alice@example.com" |
	js "it.pop().text.match(/set-password\/#(\S+)/)[1]")
confirm() {
	status_of -X POST "$BASE_URL/api/auth/password-reset/confirm/" -H 'Content-Type: application/json' \
		-d "{\"token\":\"$token\",\"new_password\":\"another word\"}"
}
check 'the password link sets the password' test "$(confirm)" = 200
check 'the new password works' test "$(login alice 'another word')" != undefined
check 'the password link works once' test "$(confirm)" = 400
check 'an unknown address gets no password link' has 0 nobody@example.com

# --- no mail as a weapon --------------------------------------------------

victim=victim@example.com
call '' POST /users/ "{\"username\":\"You won! https://evil.example/win\",\"first_name\":\"You won\",
	\"last_name\":\"https://evil.example/win\",\"email\":\"$victim\",\"password\":\"test123456\"}" >/dev/null
prove 'You won! https://evil.example/win'
for i in {1..16}; do again=$(reset "$victim"); done
check 'repeated password resets have the same response' test "$again" = "$asked"
check 'the mails of repeated password resets are sent' settled
check '16 password resets send one mail' has 1 "$victim" 'Set a new password'
resets() { # how many seconds after the last one, how many mails there are then
	sql "UPDATE mail_share SET last_at = NOW(6) - INTERVAL $1 SECOND"
	reset "$victim" >/dev/null
	reset "${victim^^}" >/dev/null
	settled 20 && has "$2" "$victim" 'Set a new password'
}
check 'within a minute, no second mail is sent' resets 15 1
check 'after a minute, a second mail is sent' resets 75 2
check 'within ten minutes, no third mail is sent' resets 300 2
check 'after ten minutes, a third mail is sent' resets 900 3
check 'within an hour, no fourth mail is sent' resets 2700 3
check 'after an hour, a fourth mail is sent' resets 6300 4
# Asked for again within the pause, the link that was mailed stays good.
zoe=$(sign_up zoe)
check 'the mail about a sign-up is sent' settled
check 'a sign-up mails the link that confirms the address' has 1 zoe@example.com 'Confirm your e-mail address'
call "$zoe" POST /users/me/email/ '{"email":"zoe@example.com","password":"test123456"}' >/dev/null
check 'asking for the link again within the pause is done' settled
check 'asking for the link again within the pause sends nothing' has 1 zoe@example.com 'Confirm your e-mail address'
proof=$(curl -fs "http://127.0.0.1:$HTTP_PORT/mails.json?to=zoe@example.com" |
	js "it.pop().text.match(/confirm-email\/#(\S+)/)[1]")
check 'the first link still confirms the address' test \
	"$(status_of -X POST "$BASE_URL/api/auth/confirm-email/" -H "Authorization: Token $zoe" \
		-H 'Content-Type: application/json' -d "{\"token\":\"$proof\"}")" = 200
hostile() { ! grep -rls 'evil.example' "$mails"; }
check 'no mail has text that a stranger chose' hostile

# --- what must not be seen ------------------------------------------------

hidden() {
	! grep -ls 'secret-word' "$STATE"/log/*.log /proc/[0-9]*/cmdline &&
		! grep -lsF "$token" "$STATE"/log/*.log &&
		! grep -lsF 'alice@example.com' "$STATE"/log/sync.log
}
check 'no log and no process argument has a credential' hidden

report mail
