"""The page on which people answer without an account: `bst serve`.

app.py      what is answered to which request; no cookie, no log of requests, nothing to cache
pages.py    the pages, in HTML that needs no script
serving.py  how it is served
"""
