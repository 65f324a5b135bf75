"""The pages, in HTML that needs no script, no picture and nothing from anywhere else."""

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from typing import Final

from activities.answers.read_backs import Read
from activities.answers.store import Asked
from domain.pulses.questions import BY_ID, CHOICES
from domain.pulses.telling import limits
from domain.wording import moment

STYLE: Final = """
:root{color-scheme:light dark}
body{font:1.05rem/1.5 system-ui,sans-serif;max-width:44rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.5rem}
h2{font-size:1.15rem}
blockquote{font-size:1.25rem;margin:1rem 0;padding-left:1rem;border-left:.3rem solid #1d5fc4}
fieldset{border:1px solid #8886;border-radius:.5rem;margin:1rem 0;padding:.75rem 1rem}
legend{font-weight:600;padding:0 .3rem}
.choices{display:flex;flex-wrap:wrap;gap:.25rem 1.2rem}
label{display:inline-block;padding:.3rem 0}
input[type=text],select{font:inherit;padding:.5rem;width:100%;max-width:24rem;box-sizing:border-box}
button{font:inherit;font-weight:600;padding:.6rem 1.4rem;border:0}
button{border-radius:.4rem;background:#1d5fc4;color:#fff}
.wrong{border-left:.3rem solid #c62828;padding:.2rem .8rem}
.code{font:1.3rem ui-monospace,monospace;overflow-wrap:anywhere}
:focus-visible{outline:3px solid #e08a00;outline-offset:2px}
"""
# With a link such as /claims#CODE: what stands after # never leaves the browser before it is sent.
SCRIPT: Final = """
const code=decodeURIComponent(location.hash.slice(1)),field=document.getElementById("code");
if(code&&field){field.value=code;history.replaceState(null,"",location.pathname)}
"""


def _source(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


# Nothing may be loaded, run or framed but what stands here, and forms go to this page alone.
POLICY: Final = (
    f"default-src 'none'; style-src {_source(STYLE)}; script-src {_source(SCRIPT)}; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def page(title: str, body: str) -> str:
    """Return a whole page."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main><script>{SCRIPT}</script></body></html>"
    )


def message(title: str, sentence: str) -> str:
    """Return a page that says one thing."""
    return page(title, f"<p>{escape(sentence)}</p>")


def questions(asked: Asked, wrong: str = "", given: Mapping[str, str] | None = None) -> str:
    """Return the statements of an open pulse, with what was wrong and what was chosen before."""
    given = given or {}
    kept = "".join(f"<li>{escape(line)}</li>" for line in limits(asked.k, len(asked.invited)))
    items = "".join(_item(number, item, given.get(item, "")) for number, item in enumerate(asked.items, 1))
    return page(
        f"Pulse p{asked.number} of {asked.team}",
        f"{_wrong(wrong)}<p>What do you think of trust and equality on your team? Open until "
        f"{moment(asked.closes_at)}.</p><h2>Before you answer</h2><ul>{kept}</ul>"
        f'<form method="post" autocomplete="off"><p><label for="code">Your code</label><br>'
        f'<input type="text" id="code" name="code" required autocapitalize="characters" spellcheck="false" '
        f'value="{escape(given.get("code", ""))}"></p>'
        f'<p><a href="/{escape(asked.team)}/code">I have no code yet</a></p>{items}'
        f'<p><button type="submit">Send</button></p></form>',
    )


def names(asked: Asked, wrong: str = "") -> str:
    """Return the page on which a member draws a code."""
    options = "".join(f"<option>{escape(name)}</option>" for name in asked.invited)
    return page(
        f"A code for pulse p{asked.number} of {asked.team}",
        f"{_wrong(wrong)}<p>Each member draws one code. It is shown once, and a lost one is not made again. "
        "That you drew a code is kept until the pulse closes; which one is not.</p>"
        '<form method="post" autocomplete="off"><p><label for="name">Your name</label><br>'
        f'<select id="name" name="name" required><option value="">Choose</option>{options}</select></p>'
        '<p><button type="submit">Draw my code</button></p></form>',
    )


def code(asked: Asked, drawn: str) -> str:
    """Return the page that shows a code, once."""
    return page(
        f"Your code for pulse p{asked.number} of {asked.team}",
        f'<p class="code">{escape(drawn)}</p><p>Write it down: it is shown only now. It is good for one '
        "answer, here or on another machine, today or another day until "
        f'{moment(asked.closes_at)}.</p><p><a href="/{escape(asked.team)}">Answer</a></p>',
    )


def read_back(read: Read, wrong: str = "", given: Mapping[str, str] | None = None) -> str:
    """Return an outcome for somebody outside the team to read, with the situations to pick from."""
    given = given or {}
    choices = "<br>".join(
        _choice("choice", str(number), situation, given.get("choice", ""))
        for number, situation in enumerate(read.situations, 1)
    )
    return page(
        "When would you call this met?",
        f"{_wrong(wrong)}<p>The team {escape(read.team)} wants to reach this:</p>"
        f"<blockquote>{escape(read.statement)}</blockquote>"
        "<p>You are not on the team, and that is why it asks you: pick what you understand, and ask nobody. "
        "There is no mark for it: where you and others pick something else than the team means, the team "
        "has to say it better. Your answer is counted by your function, without your name.</p>"
        '<form method="post" autocomplete="off"><p><label for="code">Your code</label><br>'
        '<input type="text" id="code" name="code" required autocapitalize="characters" spellcheck="false" '
        f'value="{escape(given.get("code", ""))}"></p><fieldset><legend>In which of these situations is it '
        f"met?</legend>{choices}</fieldset>"
        '<p><button type="submit">Send</button></p></form>',
    )


def _item(number: int, item: str, chosen: str) -> str:
    choices = "".join(_choice(item, str(value), words, chosen) for value, words in enumerate(CHOICES, 1))
    return (
        f"<fieldset><legend>{number}. {escape(BY_ID[item].text)}</legend>"
        f'<div class="choices">{choices}</div></fieldset>'
    )


def _choice(item: str, value: str, words: str, chosen: str) -> str:
    checked = " checked" if value == chosen else ""
    return (
        f'<label><input type="radio" name="{escape(item)}" value="{value}" required{checked}> '
        f"{escape(words)}</label>"
    )


def _wrong(sentence: str) -> str:
    return f'<p class="wrong" role="alert">{escape(sentence)}</p>' if sentence else ""
