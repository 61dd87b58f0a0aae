"""Reports as mail servers write them, with a place for the Message-ID and the address."""

ID = "<r.0123456789abcdef0123456789abcdef@example.org>"
TO = "reader@example.net"

_RETURNED = """\
To: {to}
Date: Thu, 25 Feb 2027 10:00:00 +0000
Message-ID: {id}
Subject: Tomorrow, 17:00 in Berlin: evening of remembrance
Auto-Submitted: auto-generated
From: Remembrance Calendar <calendar@example.org>
"""

POSTFIX = """\
Return-Path: <>
Received: by mx.example.com (Postfix)
\tid 4C1A23; Thu, 25 Feb 2027 10:00:07 +0000 (UTC)
Date: Thu, 25 Feb 2027 10:00:07 +0000 (UTC)
From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: calendar@example.org
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4C1A22.1614247207/mx.example.com"
Message-Id: <20270225100007.4C1A23@mx.example.com>

This is a MIME-encapsulated message.

--4C1A22.1614247207/mx.example.com
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.com.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<{to}>: host mail.example.net[192.0.2.7] said: 550 5.1.1 <{to}>:
    Recipient address rejected: User unknown (in reply to RCPT TO command)

--4C1A22.1614247207/mx.example.com
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
X-Postfix-Queue-ID: 4C1A22
X-Postfix-Sender: rfc822; calendar@example.org
Arrival-Date: Thu, 25 Feb 2027 10:00:05 +0000 (UTC)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.net
Diagnostic-Code: smtp; 550 5.1.1 <{to}>: Recipient address rejected: User
    unknown

--4C1A22.1614247207/mx.example.com
Content-Description: Undelivered Message
Content-Type: message/rfc822

{returned}
Good day

--4C1A22.1614247207/mx.example.com--
"""

EXIM = """\
Return-path: <>
X-Failed-Recipients: {to}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mail.example.com>
To: calendar@example.org
References: {id}
Content-Type: multipart/report; report-type=delivery-status; boundary=1614247207-eximdsn-1804289383
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1lFDgh-0001Ab-7X@mail.example.com>

--1614247207-eximdsn-1804289383
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

  {to}
    host mail.example.net [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<{to}>:
    550 No such user here

--1614247207-eximdsn-1804289383
Content-type: message/delivery-status

Reporting-MTA: dns; mail.example.com

Action: {action}
Final-Recipient: rfc822;{to}
Status: {status}
Remote-MTA: dns; mail.example.net
Diagnostic-Code: smtp; 550 No such user here

--1614247207-eximdsn-1804289383
Content-type: text/rfc822-headers

{returned}

--1614247207-eximdsn-1804289383--
"""

EXIM_IN_WORDS = """\
Return-path: <>
X-Failed-Recipients: {to}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mail.example.com>
To: calendar@example.org
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1lFDgh-0001Ab-7X@mail.example.com>

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {to}
    SMTP error from remote mail server after RCPT TO:<{to}>:
    host mail.example.net [192.0.2.7]: 550 No such user here

------ This is a copy of the message, including all the headers. ------

{returned}
Good day
"""

EXCHANGE = """\
From: <postmaster@example.net>
To: <calendar@example.org>
Date: Thu, 25 Feb 2027 10:00:09 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
 boundary="bb1f6b9f-3a1e-4f53-9b36-1f1d0b3ddc0c"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: de-DE
Message-ID: <7c3b@AM0PR10MB1234.example.net>
In-Reply-To: {id}
References: {id}
Subject: Unzustellbar: Tomorrow, 17:00 in Berlin

--bb1f6b9f-3a1e-4f53-9b36-1f1d0b3ddc0c
Content-Type: multipart/alternative; differences=Content-Type;
 boundary="23c2"

--23c2
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: base64

RGllIE5hY2hyaWNodCBrb25udGUgbmljaHQgenVnZXN0ZWxsdCB3ZXJkZW4u

--23c2
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: base64

PHA+RGllIE5hY2hyaWNodDwvcD4=

--23c2--

--bb1f6b9f-3a1e-4f53-9b36-1f1d0b3ddc0c
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR10MB1234.example.net
Received-From-MTA: dns;mx.example.com
Arrival-Date: Thu, 25 Feb 2027 10:00:08 +0000

Final-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {to} not found by SMTP address lookup
X-Display-Name: {to}


--bb1f6b9f-3a1e-4f53-9b36-1f1d0b3ddc0c
Content-Type: message/rfc822

Received: from mx.example.com (192.0.2.9) by AM0PR10MB1234.example.net;
 Thu, 25 Feb 2027 10:00:08 +0000
{returned}
Good day

--bb1f6b9f-3a1e-4f53-9b36-1f1d0b3ddc0c--
"""

GMAIL = """\
Return-Path: <>
Auto-Submitted: auto-replied
To: calendar@example.org
Subject: Delivery Status Notification (Failure)
X-Failed-Recipients: {to}
In-Reply-To: {id}
References: {id}
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
Message-ID: <60377a1f.1c69fb81.0b2a3.7d1f.GMR@mx.google.com>
Date: Thu, 25 Feb 2027 02:00:15 -0800 (PST)
MIME-Version: 1.0
Content-Type: multipart/report; boundary="00000000000066f4b505bc2a8b5e"; report-type=delivery-status

--00000000000066f4b505bc2a8b5e
Content-Type: multipart/related; boundary="00000000000066fb5f05bc2a8b62"

--00000000000066fb5f05bc2a8b62
Content-Type: multipart/alternative; boundary="00000000000066fb6f05bc2a8b63"

--00000000000066fb6f05bc2a8b63
Content-Type: text/plain; charset="UTF-8"

** Address not found **

Your message wasn't delivered to {to} because the address couldn't be found.
--00000000000066fb6f05bc2a8b63--
--00000000000066fb5f05bc2a8b62
Content-Type: image/png; name="icon.png"
Content-Transfer-Encoding: base64
Content-ID: <icon.png>

iVBORw0KGgo=
--00000000000066fb5f05bc2a8b62--
--00000000000066f4b505bc2a8b5e
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: Thu, 25 Feb 2027 02:00:14 -0800 (PST)
X-Original-Message-ID: {id}

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Remote-MTA: dns; gmail-smtp-in.l.google.com. (192.0.2.26, the server for the domain example.net.)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
 550-5.1.1 double-checking the recipient's email address for typos
Last-Attempt-Date: Thu, 25 Feb 2027 02:00:15 -0800 (PST)

--00000000000066f4b505bc2a8b5e
Content-Type: message/rfc822

{returned}

--00000000000066f4b505bc2a8b5e--
"""

# RFC 6533: for addresses of other scripts.
GLOBAL = POSTFIX.replace("message/delivery-status", "message/global-delivery-status").replace("rfc822;", "utf-8;")

ALL = {
    "postfix": POSTFIX,
    "exim": EXIM,
    "exim in words": EXIM_IN_WORDS,
    "exchange": EXCHANGE,
    "gmail": GMAIL,
    "global": GLOBAL,
}

HOLIDAY = """\
From: {to}
To: calendar@example.org
Subject: Automatic reply: Tomorrow, 17:00 in Berlin
Auto-Submitted: auto-replied
In-Reply-To: {id}
References: {id}
Content-Type: text/plain; charset=utf-8

I am away until 1 March. 550 5.1.1 is not what this is about.

> Message-ID: {id}
> Action: failed
> Final-Recipient: rfc822; {to}
"""


def report(
    form: str = POSTFIX,
    *,
    message_id: str = ID,
    to: str = TO,
    returned_to: str = "",
    action: str = "failed",
    status: str = "5.1.1",
) -> bytes:
    """`to` is whom the server speaks about, `returned_to` whom the letter named, where that is not the same."""
    returned = _RETURNED.replace("{to}", returned_to or to).replace("{id}", message_id)
    for name, value in {"returned": returned, "to": to, "id": message_id, "action": action, "status": status}.items():
        form = form.replace(f"{{{name}}}", value)
    return form.encode()
