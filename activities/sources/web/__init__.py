"""Requests to web servers for any kind of source: guarded, bounded, tried again where that helps.

session.py   a session with one server: `opened`, then `get` and `post`
place.py     the address, headers and login, with `${NAME}` filled in
tls.py       whom the worker trusts, and how it shows who it is
dial.py      from a host's name to the addresses that may be connected to
answer.py    an answer, whole and unpacked within its size limit, as JSON or text
redirect.py  where a redirect may lead
retry.py     when a request is made again, and after how long
faults.py    what can go wrong, in words that repeat nothing of what was sent
paging.py    an answer that comes in pages, followed to its end

    with opened(source.url, allowance, auth=source.auth, headers=source.headers, tls=source.tls) as session:
        for page in pages(session, Step(), rows_of, following):
            ...

A failure is a `SourceFailed`; `session.fail(code, sentence)` makes one that says where. Secrets in a further
template (a parameter, a body) are filled in with `secrets.fill` from `allowance.environment`.
"""

from activities.sources.web.answer import Answer
from activities.sources.web.paging import Page, Step, next_link, pages
from activities.sources.web.session import Session, opened

__all__ = ["Answer", "Page", "Session", "Step", "next_link", "opened", "pages"]
