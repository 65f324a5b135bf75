"""The words that the outcome's lint knows, and how it finds them in a sentence.

The lists are our own, and short on purpose: each entry is something that
people really write into goals and that two readers would understand
differently. A word that can be counted in one industry (`availability` of
beds, `response time` of ambulances) is not on them alone.
"""

import re
from functools import cache

# Words without a measure of their own: whoever uses one still has to say what would be seen.
VAGUE = frozenset({
    "agile", "agility", "align", "aligned", "alignment", "appropriate", "best", "best-in-class",
    "better", "business value", "capability", "capable", "collaboration", "collaborative",
    "competitive", "competitiveness", "cutting-edge", "data-driven", "digital", "digitalisation",
    "digitalization", "dynamic", "easy", "effective", "effectiveness", "efficiency", "efficient",
    "empower", "empowered", "enable", "enablement", "engagement", "enhance", "enhanced", "excellence",
    "excellent", "experience", "faster", "flexibility", "flexible", "future-proof", "greater",
    "holistic", "improve", "improved", "improvement", "improving", "innovation", "innovative",
    "leverage", "maturity", "maximise", "maximize", "minimise", "minimize", "modern", "next-generation",
    "nimble", "nimbleness", "optimal", "optimise", "optimize", "optimized", "productivity", "quality",
    "readiness", "resilience", "resilient", "responsive", "responsiveness", "robust", "scalability",
    "scalable", "seamless", "simpler", "smart", "state-of-the-art", "strategic", "streamline",
    "streamlined", "strengthen", "synergies", "synergy", "transform", "transformation", "user-friendly",
    "world-class",
})  # fmt: skip
# They promise more or less of something: fine as soon as the sentence says how much.
COMPARATIVE = frozenset({
    "best", "better", "easy", "enhance", "enhanced", "faster", "greater", "improve", "improved",
    "improvement", "improving", "maximise", "maximize", "minimise", "minimize", "optimal", "optimise",
    "optimize", "optimized", "simpler", "strengthen",
})  # fmt: skip
# Part of names that can be counted: quality complaints, digital orders, smart meters.
COUNTABLE = frozenset({"best", "digital", "easy", "experience", "innovation", "modern", "quality", "smart"})
# Verbs of handing something over: done when it is delivered, whether or not anybody is better off.
OUTPUT_VERBS = frozenset({
    "adopt", "automate", "build", "complete", "consolidate", "create", "deliver", "deploy", "design",
    "develop", "digitise", "digitize", "establish", "execute", "finish", "go live", "implement",
    "install", "integrate", "introduce", "launch", "migrate", "modernise", "modernize", "release",
    "replace", "roll out", "set up", "ship", "upgrade",
})  # fmt: skip
# Things that somebody builds or buys: one way to the outcome, not the outcome.
SOLUTIONS = frozenset({
    "ai", "api", "app", "application", "blockchain", "bot", "chatbot", "cloud", "crm", "dashboard",
    "data lake", "data warehouse", "database", "erp", "framework", "machine learning", "microservices",
    "platform", "portal", "rpa", "salesforce", "sap", "servicenow", "software", "tool", "tooling",
    "website", "workflow engine",
})  # fmt: skip
# What one function sees of its own work; its place is a metric of layer `support`.
FUNCTION_METRICS = frozenset({
    "api calls", "api latency", "backlog size", "bug count", "bugs", "burndown", "campaigns sent",
    "change failure rate", "code coverage", "commits", "cpu", "cycle time of changes", "defect density",
    "deployment frequency", "deployments", "emails sent", "error budget", "incident tickets",
    "it availability", "it incidents", "lead time for changes", "lines of code", "logins",
    "mean time to repair", "mean time to restore", "mttr", "network latency", "number of tickets",
    "open tickets", "page load", "page views", "patches installed", "posts published",
    "projects completed", "pull requests", "response time of the api", "service desk tickets", "sla",
    "slas", "slo", "sprint", "sprints", "story points", "support tickets", "system availability",
    "test coverage", "ticket backlog", "ticket volume", "tickets closed", "tickets per",
    "tickets resolved", "training hours", "uptime", "velocity", "workshops held",
})  # fmt: skip
# A function's metric only when nothing else is said: `tickets sold` are something else.
FUNCTION_METRICS_ALONE = frozenset({
    "availability", "backlog", "incidents", "latency", "response time", "throughput", "tickets",
    "utilisation", "utilization",
})  # fmt: skip
# A number that somebody gives, where others are counted.
SCORES = frozenset({
    "grade", "index", "mark", "marks", "maturity", "points", "rating", "score", "scores", "stars",
})  # fmt: skip
# Marks of a team that marks itself, in a metric's name ...
OWN = frozenset({"internal", "our", "ours", "own", "team", "team's"})
# ... and there or in the name of a file or a table.
SELF_ASSESSED = frozenset({
    "assessment", "health check", "maturity", "readiness", "retro", "retrospective", "self",
    "self-assessed", "self-assessment", "self-rated",
})  # fmt: skip
# Beneficiaries that are the team itself, or nobody in particular.
NOBODY = frozenset({
    "all", "business", "company", "everybody", "everyone", "it", "it department", "organisation",
    "organization", "our company", "our organisation", "our organization", "our team", "ourselves",
    "stakeholder", "stakeholders", "team", "the business", "the company", "the organisation",
    "the organization", "the team", "this team", "us", "we", "whole company",
})  # fmt: skip
# Capitals that need no glossary: everyone reads them, or they are units.
KNOWN_ACRONYMS = frozenset({
    "AM", "CHF", "CO2", "EU", "EUR", "GBP", "ID", "II", "III", "IT", "IV", "JPY", "OK", "PDF", "PM", "TV",
    "UK", "UN", "US", "USA", "USD", "UTC", "VAT",
})  # fmt: skip

_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9&]{1,5}(?=s?\b)")
_IT = re.compile(r"it(?:$|[\s\-:/])|information technology\b", re.IGNORECASE)
# A text of this many words, all in capitals, is emphasis and not a row of acronyms.
_SHOUTING = 3


def found(text: str, words: frozenset[str]) -> tuple[str, ...]:
    """Return those words and phrases that stand in the text as whole words, each once, in its order."""
    return tuple(dict.fromkeys(_pattern(words).findall(_plain(text))))


def is_it(function: str) -> bool:
    """Tell whether a function is IT: `IT`, `IT operations`, `it/security`, `Information technology`."""
    return _IT.match(function.strip()) is not None


def acronyms(text: str) -> tuple[str, ...]:
    """Return the acronyms of a text that not everyone knows, each once, in the text's order."""
    if text.isupper() and len(text.split()) >= _SHOUTING:
        return ()
    return tuple(dict.fromkeys(hit for hit in _ACRONYM.findall(text) if hit not in KNOWN_ACRONYMS))


def output_verb(statement: str) -> str | None:
    """Return the verb of handing over that the statement asks for, or None.

    Only where it is asked for: at the start, after `to`, `will`, `we`, `and` or a
    comma. A parcel that is delivered in two days is an outcome.
    """
    text = _plain(statement)
    for verb in sorted(OUTPUT_VERBS):
        stem = verb.removesuffix("e")
        forms = rf"(?:{re.escape(verb)}|{re.escape(stem)}ing)" if " " not in verb else re.escape(verb)
        if re.search(rf"(?:^|[,;:]\s*|\b(?:to|will|we|and|by|then)\s+){forms}\b", text):
            return verb
    return None


def folded(text: str) -> str:
    """Return a name as people compare it: without case and with single spaces."""
    return " ".join(text.split()).casefold()


@cache
def _pattern(words: frozenset[str]) -> re.Pattern[str]:
    # The longest first, so that `business value` is one hit and not two.
    listed = "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
    return re.compile(rf"(?<![\w-])(?:{listed})(?![\w-])")


def _plain(text: str) -> str:
    return folded(text.replace("\u2019", "'").replace("\u2011", "-"))
