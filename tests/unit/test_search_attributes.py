"""The registry of search attributes, and the flags that the embedded server gets from it."""

from temporalio.common import SearchAttributeIndexedValueType as Type
from temporalio.common import SearchAttributeKey

from workflows import search_attributes as registry


def test_the_names_and_types_that_others_rely_on() -> None:
    assert {key.name: key.indexed_value_type for key in registry.MEANINGS} == {
        "BstStage": Type.KEYWORD,
        "BstGate": Type.KEYWORD,
        "BstOutcome": Type.DOUBLE,
        "BstGap": Type.DOUBLE,
        "BstFunctions": Type.KEYWORD_LIST,
        "BstAttention": Type.KEYWORD_LIST,
        "BstNextPeriod": Type.DATETIME,
    }


def test_every_key_of_the_module_is_registered_with_a_meaning() -> None:
    keys = {value for value in vars(registry).values() if isinstance(value, SearchAttributeKey)}

    assert keys == set(registry.MEANINGS)
    assert all("\n" not in meaning and meaning for meaning in registry.MEANINGS.values())


def test_no_name_that_the_ui_hides_or_others_may_have() -> None:
    # https://github.com/temporalio/ui/issues/2577: an attribute called Status cannot be a column.
    assert all(key.name.startswith("Bst") for key in registry.MEANINGS)


def test_the_flags_of_the_embedded_server() -> None:
    flags = registry.dev_server_flags()

    assert flags[::2] == ("--search-attribute",) * len(registry.MEANINGS)
    assert flags[1::2] == (
        "BstStage=Keyword",
        "BstGate=Keyword",
        "BstOutcome=Double",
        "BstGap=Double",
        "BstFunctions=KeywordList",
        "BstAttention=KeywordList",
        "BstNextPeriod=Datetime",
    )
