"""The exchange: each function says what it needs, cannot do and can do, and the others read it."""

from collections import Counter

from domain import events as e
from domain.commands import AcknowledgePosts, PostToExchange, WithdrawPost
from domain.decisions.people import member
from domain.errors import NotUnderstood, StaleEvidence, WrongStage
from domain.finding import nearest
from domain.state import State
from domain.together.records import POST_KINDS, Exchange, Post, Sheet
from domain.wording import named
from domain.words import folded

# Posts of one kind that a function may have: enough to be honest, few enough to be read.
OF_A_KIND = 5
# All words of the exchange together (characters): it is carried from run to run, and read at one sitting.
ROOM = 6_000


def post(state: State, command: PostToExchange) -> tuple[e.Event, ...]:
    """Post for the function of the member. What it has posted already is no news."""
    by = member(state, command.by)
    function, exchange = state.charter.members[by], state.together.exchange
    known = _sheet(exchange, function).posts
    said = {(one.kind, folded(one.text)) for one in known}
    new = [
        (kind, text)
        for kind in POST_KINDS
        for text in dict.fromkeys(getattr(command, kind))
        if (kind, folded(text)) not in said
    ]
    if not new:
        return ()
    counts = Counter([one.kind for one in known] + [kind for kind, _ in new])
    full = [kind for kind in POST_KINDS if counts[kind] > OF_A_KIND]
    if full:
        raise NotUnderstood(
            f"{function} would have {counts[full[0]]} posts of the kind {full[0]}, and {OF_A_KIND} at most "
            f"are read: put two into one, or take one back with: bst exchange withdraw {state.charter.team}"
        )
    _refuse_no_room(exchange, sum(len(text) for _, text in new))
    posts = tuple(
        Post(id=f"p{number}", kind=kind, text=text, by=by)
        for number, (kind, text) in enumerate(new, exchange.posted + 1)
    )
    return (e.PostsMade(by=by, function=function, posts=posts),)


def withdraw(state: State, command: WithdrawPost) -> tuple[e.Event, ...]:
    """Take back a post of the member's own function, named by its id or its words."""
    by = member(state, command.by)
    function = state.charter.members[by]
    posts = _sheet(state.together.exchange, function).posts
    wanted = folded(command.post)
    found = next((one for one in posts if wanted in {one.id, folded(one.text)}), None)
    if found is None:
        there = "; ".join(f"{one.id} {one.text}" for one in posts) or "nothing"
        raise NotUnderstood(
            f"{function} has no post {command.post!r}, and a function takes back its own alone. "
            f"It has: {there}."
        )
    return (e.PostWithdrawn(by=by, function=function, post=found),)


def acknowledge(state: State, command: AcknowledgePosts) -> tuple[e.Event, ...]:
    """Acknowledge what others have posted, as it was read. Twice is once."""
    by, exchange = member(state, command.by), state.together.exchange
    own = state.charter.members[by]
    others = {name: sheet for name, sheet in exchange.sheets.items() if name != own and sheet.posts}
    meant = [_function(name, own, others) for name in dict.fromkeys(command.functions)] or list(others)
    if not meant:
        raise WrongStage("No other function has posted anything yet: there is nothing to acknowledge.")
    if command.exchange is not None:
        newer = [name for name in meant if others[name].version > command.exchange]
        if newer or command.exchange > exchange.version:
            raise StaleEvidence(
                f"Version {command.exchange} of the exchange was read, and the present one is "
                f"{exchange.version}"
                + (f"; {named(newer)} posted since" if newer else "")
                + ": read it again, then acknowledge."
            )
    new = tuple(name for name in meant if by not in others[name].acknowledged)
    return (e.PostsAcknowledged(by=by, functions=new, version=exchange.version),) if new else ()


def _sheet(exchange: Exchange, function: str) -> Sheet:
    return exchange.sheets.get(function, Sheet(version=exchange.version))


def _function(name: str, own: str, others: dict[str, Sheet]) -> str:
    known = {folded(function): function for function in others}
    if folded(name) in known:
        return known[folded(name)]
    if folded(name) == folded(own):
        raise NotUnderstood(f"{own} is your own function: acknowledge the posts of the others.")
    there = named(others) if others else "none yet"
    hint = nearest(name, list(others)) or "."
    raise NotUnderstood(f"No function {name!r} has posted anything{hint} Posts are there of: {there}.")


def _refuse_no_room(exchange: Exchange, more: int) -> None:
    used = sum(len(one.text) for sheet in exchange.sheets.values() for one in sheet.posts)
    if used + more > ROOM:
        raise NotUnderstood(
            f"The exchange has room for {ROOM:,} characters, and this would make {used + more:,}: say it "
            "shorter, or take back what is true no longer."
        )
