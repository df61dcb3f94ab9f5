#!/usr/bin/python3
"""A mailbox that receives every mail, for development and tests.

It accepts mails by SMTP for any address, stores each as a file (the newest
thousand), and shows them over HTTP:

    /            the list, newest first
    /NAME        one mail, for people
    /NAME.eml    the same as it was received
    /NAME/reply  POST: answers it, as its receiver (fields: text)
    /mails.json  all of them, decoded, for tests: oldest first; ?to=ADDRESS

An answer is delivered to Docket, whose URL is --door, over HTTP, signed with the first
secret of MAIL_IN_SECRET. Mails that can be answered (they have a Reply-To) get a form.
Mails to addresses under MAIL_IN_DOMAIN are delivered there, too, as a mail server does.

It refuses mails to addresses that begin with "refuse" (550, for good) or
"later" (451, temporarily), so that both can be tested.
"""

import argparse
import asyncio
import email
import email.message
import email.policy
import email.utils
import hashlib
import hmac
import html
import http.server
import itertools
import json
import os
import pathlib
import signal
import time
import urllib.error
import urllib.parse
import urllib.request

from aiosmtpd.controller import Controller

KEEP = 1000
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<style>body{{font-family:sans-serif;max-width:60em;margin:1em auto;
padding:0 1em}}td,th{{text-align:left;padding:.2em 1em .2em 0;
vertical-align:top}}pre{{white-space:pre-wrap}}iframe{{width:100%;height:30em;
border:1px solid #888;background:#fff}}</style></head>
<body><h1>{title}</h1>
{body}
</body></html>
"""


class Mails:
    """The files of a directory."""

    def __init__(self, directory):
        self.directory = directory
        self.numbers = itertools.count()

    def add(self, content):
        name = f"{time.time_ns()}-{next(self.numbers)}"
        new = self.directory / f"{name}.new"
        new.write_bytes(content)
        new.rename(self.directory / f"{name}.eml")
        for old in self.names()[:-KEEP]:
            (self.directory / f"{old}.eml").unlink(missing_ok=True)

    def names(self):
        """Oldest first."""
        return sorted(p.stem for p in self.directory.glob("*.eml"))

    def raw(self, name):
        try:
            return (self.directory / f"{name}.eml").read_bytes()
        except OSError:
            return None

    def read(self, name):
        """One mail, decoded as a mail program would."""
        message = email.message_from_bytes(
            self.raw(name) or b"", policy=email.policy.default
        )
        parts = {"plain": "", "html": ""}
        for part in message.walk():
            if part.get_content_maintype() == "text":
                text = part.get_content().replace("\r\n", "\n")
                parts[part.get_content_subtype()] = text
        return {
            "name": name,
            "from": str(message["From"] or ""),
            "to": str(message["To"] or ""),
            "subject": str(message["Subject"] or ""),
            "date": str(message["Date"] or ""),
            "headers": [[key, str(value)] for key, value in message.items()],
            "recipient": str(message["X-Recipient"] or ""),
            "text": parts["plain"],
            "html": parts["html"],
        }


class Door:
    """Where Docket takes mails in."""

    def __init__(self, url):
        self.url = url
        self.secret = os.environ.get("MAIL_IN_SECRET", "").split(",")[0]

    def is_open(self):
        return bool(self.url and self.secret)

    def deliver(self, recipient, sender, raw):
        """None, or why Docket does not take it."""
        at = str(int(time.time()))
        signed = f"{at}\n{recipient}\n{sender}\n".encode() + raw
        query = urllib.parse.urlencode({"recipient": recipient, "sender": sender})
        request = urllib.request.Request(
            f"{self.url}/api/mail/inbound/?{query}",
            data=raw,
            headers={
                "Content-Type": "message/rfc822",
                "X-Mail-Timestamp": at,
                "X-Mail-Signature": hmac.new(
                    self.secret.encode(), signed, hashlib.sha256
                ).hexdigest(),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=20):
                return None
        except urllib.error.HTTPError as e:
            return json.loads(e.read()).get("error", str(e))
        except OSError as e:
            return str(e)


def write_answer(mail, text):
    """What a mail program makes of an answer: with what it answers below it."""
    headers = dict(reversed(mail["headers"]))
    answer = email.message.EmailMessage(policy=email.policy.SMTP)
    answer["From"] = mail["recipient"]
    answer["To"] = headers["Reply-To"]
    subject = mail["subject"]
    answer["Subject"] = subject if subject.startswith("Re: ") else f"Re: {subject}"
    answer["Date"] = email.utils.formatdate()
    answer["Message-ID"] = email.utils.make_msgid(domain="mailbox.localhost")
    answer["In-Reply-To"] = headers["Message-ID"]
    references = [headers.get("References", ""), headers["Message-ID"]]
    answer["References"] = " ".join(filter(None, references))
    name = email.utils.parseaddr(mail["from"])[0]
    quoted = "\n".join(f"> {line}".rstrip() for line in mail["text"].splitlines())
    answer.set_content(f"{text}\n\nOn {mail['date']}, {name} wrote:\n{quoted}\n")
    return email.utils.parseaddr(headers["Reply-To"])[1], answer.as_bytes()


class Catcher:
    """What aiosmtpd asks of us."""

    def __init__(self, mails, door):
        self.mails = mails
        self.door = door

    def takes(self, address):
        domain = os.environ.get("MAIL_IN_DOMAIN", "")
        return domain and self.door.is_open() and address.endswith(f"@{domain}")

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refuse"):
            return f"550 5.1.1 <{address}> is not known here"
        if address.startswith("later"):
            return f"451 4.2.1 <{address}> cannot take mail now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        head = f"X-Sender: {envelope.mail_from}\r\n"
        head += "".join(f"X-Recipient: {to}\r\n" for to in envelope.rcpt_tos)
        self.mails.add(head.encode() + envelope.content)
        for to in filter(self.takes, envelope.rcpt_tos):
            wrong = await asyncio.to_thread(
                self.door.deliver, to, envelope.mail_from or "", envelope.content
            )
            if wrong:
                return f"550 {wrong}"
        return "250 OK"


def list_page(mails):
    rows = []
    for name in reversed(mails.names()):
        mail = mails.read(name)
        rows.append(
            "<tr><td><a href='/{}'>{}</a><td>{}<td>{}".format(
                name,
                *(html.escape(mail[k]) or "–" for k in ("subject", "to", "date")),
            )
        )
    body = "<table><tr><th>Subject<th>To<th>Date" + "\n".join(rows) + "</table>"
    return PAGE.format(title="Mailbox", body=body if rows else "<p>No mail yet.</p>")


REPLY_FORM = """<h2>Reply</h2><form method='post' action='/{name}/reply'>
<p><textarea name='text' rows='6' cols='72' aria-label='Your answer' required></textarea>
<p><button>Send the answer to Docket</button></form>"""


def mail_page(mail, can_answer):
    form = REPLY_FORM.format(name=mail["name"]) if can_answer else ""
    head = "".join(
        f"<tr><th>{html.escape(k)}<td>{html.escape(v)}" for k, v in mail["headers"]
    )
    return PAGE.format(
        title=html.escape(mail["subject"]),
        body=f"<p><a href='/'>All mails</a> · <a href='/{mail['name']}.eml'>as it"
        f" came</a></p><table>{head}</table>"
        f"<iframe sandbox='allow-popups' title='As HTML' "
        f'srcdoc="{html.escape(mail["html"])}"></iframe>'
        f"<h2>As text</h2><pre>{html.escape(mail['text'])}</pre>{form}",
    )


class Handler(http.server.BaseHTTPRequestHandler):
    mails = None
    door = None

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        name = url.path.strip("/")
        if name == "":
            return self.answer("text/html", list_page(self.mails))
        if name == "mails.json":
            to = urllib.parse.parse_qs(url.query).get("to", [""])[0]
            mails = [self.mails.read(n) for n in self.mails.names()]
            mails = [m for m in mails if to in ("", m["recipient"])]
            return self.answer("application/json", json.dumps(mails))
        stem = name.removesuffix(".eml")
        if not stem.replace("-", "").isdigit() or not self.mails.raw(stem):
            return self.send_error(404)
        if name != stem:
            return self.answer("text/plain", self.mails.raw(stem).decode("latin-1"))
        mail = self.mails.read(stem)
        return self.answer("text/html", mail_page(mail, self.can_answer(mail)))

    def can_answer(self, mail):
        return self.door.is_open() and "Reply-To" in dict(mail["headers"])

    def do_POST(self):
        name, _, action = self.path.strip("/").partition("/")
        if action != "reply" or not name.replace("-", "").isdigit():
            return self.send_error(404)
        if self.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            return self.send_error(403)
        if not self.mails.raw(name) or not self.can_answer(self.mails.read(name)):
            return self.send_error(404)
        mail = self.mails.read(name)
        form = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        text = urllib.parse.parse_qs(form).get("text", [""])[0].replace("\r\n", "\n")
        recipient, raw = write_answer(mail, text)
        wrong = self.door.deliver(recipient, mail["recipient"], raw)
        result = html.escape(wrong) if wrong else "Docket has your answer."
        return self.answer(
            "text/html",
            PAGE.format(
                title="Not sent" if wrong else "Sent",
                body=f"<p>{result}</p><p><a href='/{name}'>Back to the mail</a>",
            ),
        )

    def answer(self, kind, text):
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """No word about each request."""


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--dir", type=pathlib.Path, required=True)
    parser.add_argument("--door", help="the URL of the Docket that gets answers")
    args = parser.parse_args()
    os.umask(0o077)
    args.dir.mkdir(parents=True, exist_ok=True)
    for leftover in args.dir.glob("*.new"):
        leftover.unlink()
    Handler.mails = Mails(args.dir)
    Handler.door = Door(args.door)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))
    web = http.server.ThreadingHTTPServer(("127.0.0.1", args.http_port), Handler)
    Controller(
        Catcher(Handler.mails, Handler.door), hostname="127.0.0.1", port=args.smtp_port
    ).start()
    web.serve_forever()


if __name__ == "__main__":
    main()
