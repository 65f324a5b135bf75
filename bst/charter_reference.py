"""The charter's reference in Markdown: every key, every code, made from the model and the rules.

The messages in it are real ones: each example is checked while the page is made.
"""

from collections.abc import Iterator
from typing import Any

from bst.charter_file import Report, check_text, print_plain
from bst.charter_rules import BASE, RULES, TODAY, Rule
from bst.charter_schema import charter_schema
from bst.yaml_text import read_yaml

_FAMILIES = {
    "Y": "The file itself",
    "S": "The charter's shape",
    "E": "The outcome: errors",
    "W": "The outcome: warnings",
    "C": "The parts against one another",
}
_START = """\
# The charter

This page is made by `bst schema --markdown`; a test keeps it true.

A charter is a YAML file (1.2: `no` and `3:30` are texts). Editors complete and check it by
`charter.schema.json`; the first line of a charter tells them where that is:

```yaml
# yaml-language-server: $schema=charter.schema.json
```

A useful charter is short. Everything else has a default:

```yaml
{base}```

`bst check FILE...` says everything that is wrong with a charter at once, with line and column. Errors
refuse it (exit code 2), warnings do not. Where a charter plays the past, `--today 2013-01-01` sets the
day that deadlines are compared with. The lint judges form; only readers can judge tangibility: ask five
people outside the team what they would see once the outcome is reached.

What a stage measures, for how long, and what the lint refuses are rules of this program, not of the
idea that it carries; the reasons are in `docs/decisions`.

## Keys

"""


def reference() -> str:
    """Return the page as it stands in `docs/charter.md`."""
    schema = charter_schema()
    parts = [_START.format(base=BASE), *_section("The charter", schema)]
    for name, part in _sections(schema):
        parts.extend(_section(name, part))
    parts.append(
        "## Codes\n\nEach example is put over the charter above (the keys of `outcome` one by one, all "
        f"others as a whole) and checked as of {TODAY}.\n\n"
    )
    for family, title in _FAMILIES.items():
        parts.append(f"### {title}\n\n")
        parts.extend(_rule(rule) for rule in RULES if rule.code[0] == family)
    return "".join(parts).rstrip() + "\n"


def example(rule: Rule, text: str) -> Report:
    """Return what the check says about one side of a rule's example."""
    return check_text(text if rule.whole else _over_base(text), "charter.yaml", TODAY)


def _over_base(text: str) -> str:
    base, over = read_yaml(BASE).data, read_yaml(text).data
    assert isinstance(base, dict)
    assert isinstance(over, dict)
    outcome = {**base["outcome"], **(over.get("outcome") or {})}
    return print_plain({**base, **over, "outcome": outcome})


def _sections(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    parts = schema["$defs"]
    for key, name in (
        ("`outcome`", "Outcome"), ("`source` of kind `files`", "FilesSource"),
        ("`source` of kind `sql`", "SqlSource"), ("`source` of kind `event_log`", "EventLogSource"),
        ("`source` of kind `http`", "HttpSource"), ("`source` of kind `prometheus`", "PrometheusSource"),
        ("`source` of kind `jira`", "JiraSource"), ("`source` of kind `servicenow`", "ServiceNowSource"),
        ("`source` of kind `github`", "GithubSource"), ("`source` of kind `gitlab`", "GitlabSource"),
        ("`source` of kind `manual`", "ManualSource"), ("`source` of kind `plugin`", "PluginSource"),
        ("`source.auth`", "Auth"), ("`source.tls`", "Tls"), ("`source.pages`", "Pages"),
        ("`metrics`", "Metric"), ("`chart`", "ChartChoice"), ("`forming`", "Forming"),
        ("`stages.stability`", "StabilityGate"), ("`stages.optimization`", "OptimizationGate"),
        ("`stages.innovation`", "InnovationGate"), ("`regression`", "Regression"),
        ("`ballots`", "BallotRules"), ("`drift`", "DriftRules"),
        ("`forming.read_back`", "ReadBack"), ("`pulse`", "PulseRules"),
    ):  # fmt: skip
        yield key, parts[name]


def _section(title: str, part: dict[str, Any]) -> Iterator[str]:
    summary = " ".join(part["description"].split())
    yield f"### {title}\n\n{summary}\n\n"
    yield from key_rows(part)
    yield "\n"


def key_rows(part: dict[str, Any], leave_out: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the table of a model's keys, a line each, from its JSON Schema."""
    yield "| key | value | default | meaning |\n| --- | --- | --- | --- |\n"
    for key, value in part["properties"].items():
        if key in leave_out:
            continue
        needed = key in part.get("required", ())
        meaning = value.get("description", "")
        if value.get("examples") and "`" not in meaning and isinstance(value["examples"][0], str | int):
            meaning += f" E.g. `{value['examples'][0]}`."
        cells = (f"`{key}`", kind_of(value), "**needed**" if needed else _default(value), meaning)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def kind_of(value: dict[str, Any]) -> str:
    """Return the kind of a value in plain words."""
    if "anyOf" in value:
        return kind_of(next(kind for kind in value["anyOf"] if kind.get("type") != "null"))
    if "const" in value or "enum" in value:
        return " or ".join(f"`{choice}`" for choice in value.get("enum", [value.get("const")]))
    match value.get("type"):
        case None:
            kind = "keys, see below"
        case "array" if value["items"].get("type") == "string":
            kind = "list of names"
        case "array" if "$ref" in value["items"]:
            kind = "list, see below"
        case "array":
            kind = "list, see [criteria](criteria.md)"
        case "object":
            kind = (
                "keys of its own" if value.get("additionalProperties") is True else "names, each with a text"
            )
        case "integer" | "number":
            kind = _bounded(value)
        case "boolean":
            kind = "`true` or `false`"
        case _:
            kind = _text(value)
    return kind


def _bounded(value: dict[str, Any]) -> str:
    kind = "whole number" if value["type"] == "integer" else "number"
    low, above = value.get("minimum"), value.get("exclusiveMinimum")
    high = value.get("maximum")
    if low is not None and high is not None:
        return f"{kind}, {low} to {high}"
    if above is not None and high is not None:
        return f"{kind}, above {above}, at most {high}"
    return f"{kind}, at least {low}" if low is not None else kind


def _text(value: dict[str, Any]) -> str:
    if value.get("format") == "date":
        return "day"
    pattern = value.get("pattern", "")
    if pattern.startswith(r"^\s*(\d"):
        return "duration"
    if pattern and "maxLength" not in value:
        return "small letters, digits, `-`"
    return f"text, at most {value['maxLength']:,}" if "maxLength" in value else "text"


def _default(value: dict[str, Any]) -> str:
    default = value.get("default")
    if default in (None, []):
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _rule(rule: Rule) -> str:
    said = [problem for problem in example(rule, rule.wrong).problems if problem.code == rule.code]
    message = f"{said[0].where}: {said[0].message}" if said[0].where else said[0].message
    return f"**{rule.code}** {rule.meaning}\n\n```yaml\n{rule.wrong.rstrip()}\n```\n\n> {message}\n\n" + (
        "" if rule.right == BASE else f"Say:\n\n```yaml\n{rule.right.rstrip()}\n```\n\n"
    )
