"""The parser's complaints in words that say the way out."""

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError


def unreadable(text: str, error: ReaderError) -> tuple[int, int, str]:
    """Return line, column and sentence for a character that YAML does not allow."""
    before = text[: error.position]
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return line, column, "an invisible control character: delete it and type the text again"


def broken(error: MarkedYAMLError) -> tuple[int, int, str]:
    """Return line, column and sentence for broken YAML."""
    problem = str(error.problem or error.context or "it cannot be read")
    mark = error.problem_mark or error.context_mark
    if "quoted scalar" in str(error.context) and error.context_mark is not None:
        mark = error.context_mark
        message = "the quote that opens here is not closed on its line: close it"
    elif "found character" in problem and "\\t" in problem:
        message = "a tab: YAML is indented with spaces; replace the tab"
    elif "found character" in problem:
        char = problem.split("'")[1] if problem.count("'") > 1 else "it"
        message = f'a text cannot begin with `{char}`: put it in quotes, e.g. "{char}"'
    elif "mapping values are not allowed" in problem:
        message = (
            "a colon that no key can have here: put a text with a colon in quotes, write `key: value` "
            "with a space, and align the keys of one mapping"
        )
    elif "could not find expected ':'" in problem:
        message = (
            "a line without `key: value`: give it a colon and a space, or indent it if it goes on a text"
        )
    elif "expected ',' or" in problem:
        message = (
            "the brackets are not closed, or a comma is missing: check `[`, `]`, `{`, `}` here and above"
        )
    elif "expected <block end>" in problem:
        message = "the indentation does not fit the lines above: align it with the keys of the same mapping"
    else:
        message = f"this is no YAML: {problem}"
    if mark is None:
        return 1, 1, message
    return mark.line + 1, mark.column + 1, message
