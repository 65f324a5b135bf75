"""The charts of a report: the same pictures as were looked at, and what they must never do."""

import struct
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from bst.report.alone import chart_alone
from bst.report.history import history
from bst.report.plot import DRAWN_AT_MOST, _limits, plot_of
from bst.report.png import ZOOM, png
from bst.report.text import clean, cut, decimals_for, plain, reading, ticks, width_of
from bst.report.theme import DARK, LIGHT
from bst.report.timescale import time_ticks
from domain.errors import BadInput
from domain.measurement import Observation
from domain.periods import Cadence, Calendar, parse_label
from evidence.limits import limits_at as evidence_limits_at
from tests.golden.draw import FOLDER, drawn
from tests.reported import begun, claims, claims_rows

NAMES = ["outcome", "shares", "rebased", "rare", "no-limits", "narrow", "band", "band-narrow", "progress"]
SVG = "{http://www.w3.org/2000/svg}"


def test_every_picture_is_compared() -> None:
    assert sorted(drawn()) == sorted(NAMES) == sorted(path.stem for path in FOLDER.glob("*.svg"))


@pytest.mark.parametrize("name", NAMES)
def test_pictures_are_those_that_were_looked_at(name: str) -> None:
    stored = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    assert drawn()[name] == stored, "if it is meant: python -m tests.golden.draw, and look at tests/golden"


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_says_what_it_shows(name: str) -> None:
    picture = ET.fromstring(drawn()[name])
    assert picture.get("role") == "img"
    title, description = (picture.find(f"{SVG}{part}") for part in ("title", "desc"))
    assert title is not None
    assert description is not None
    assert picture.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text
    assert description.text


Box = tuple[str, float, float, float, float]


def words_of(element: ET.Element, dx: float = 0.0, dy: float = 0.0) -> Iterator[Box]:
    """Yield each text with the box that it takes, by the width of its letters: left, right, top, bottom."""
    right, down = _moved(element)
    dx, dy = dx + right, dy + down
    for child in element:
        yield from words_of(child, dx, dy)
    if element.tag == f"{SVG}text":
        text = element.text or ""
        size = 11.5 if "small" in str(element.get("class")) else 13.0
        # Most fonts are a tenth narrower than what room is kept for.
        width = width_of(text, size) * 0.9
        x, y = float(str(element.get("x"))) + dx, float(str(element.get("y"))) + dy
        left = {"end": x - width, "middle": x - width / 2}.get(str(element.get("text-anchor")), x)
        yield text, left, left + width, y - size * 0.75, y


def _moved(element: ET.Element) -> tuple[float, float]:
    move = element.get("transform", "translate(0 0)").removeprefix("translate(").removesuffix(")")
    right, down = move.split()
    return float(right), float(down)


@pytest.mark.parametrize("name", NAMES)
def test_no_words_lie_on_others_or_outside(name: str) -> None:
    picture = ET.fromstring(drawn()[name])
    width = float(str(picture.get("width")))
    boxes = list(words_of(picture))
    assert boxes
    for n, (text, left, right, top, bottom) in enumerate(boxes):
        assert left >= -12, text
        assert right <= width + 4, text
        for other, left2, right2, top2, bottom2 in boxes[n + 1 :]:
            apart = right <= left2 or right2 <= left or bottom <= top2 or bottom2 <= top
            assert apart, f"{text!r} lies on {other!r}"


def test_a_png_is_the_picture_twice_as_large_and_the_same_each_time() -> None:
    svg = drawn()["shares"]
    picture = ET.fromstring(svg)
    data = png(svg)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    sides = [float(str(picture.get(side))) * ZOOM for side in ("width", "height")]
    assert struct.unpack(">II", data[16:24]) == pytest.approx(sides, abs=1)
    assert png(svg) == data
    assert png(drawn()["outcome"]) != data


def test_limits_are_drawn_where_the_evidence_has_them() -> None:
    found = history("claims", claims_rows())
    plot = plot_of(found.tracks[1], found)
    assert plot is not None
    cases = {dot.period: dot.cases for dot in plot.dots}
    for stretch, phase in zip(plot.stretches, found.tracks[1].phases, strict=True):
        for bound in stretch:
            low, centre, high = evidence_limits_at(_limits(phase.limits), cases[bound.period])
            assert (bound.low, bound.centre, bound.high) == pytest.approx((max(low, 0), centre, high))


def test_only_what_can_be_told_apart_is_drawn_and_the_rest_is_said() -> None:
    found = history("claims", claims_rows())
    last = found.outcome.points[-1].period
    many = tuple(Observation(period=last - n, value=11.0 + n % 3) for n in range(700))[::-1]
    track = type(found.outcome)(
        **{f: getattr(found.outcome, f) for f in found.outcome.__slots__} | {"points": many}
    )
    plot = plot_of(track, found)
    assert plot is not None
    assert len(plot.dots) == DRAWN_AT_MOST
    assert plot.left_out == 700 - DRAWN_AT_MOST


def test_there_is_no_picture_of_nothing() -> None:
    found = history("claims", begun(claims()).rows)
    assert plot_of(found.outcome, found) is None
    with pytest.raises(BadInput, match="nothing has been measured"):
        chart_alone(found.outcome, found)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_colours_stand_out_enough(colours: dict[str, str]) -> None:
    paper = colours["paper"]
    for text in ("ink", "soft", "target", "promise", "better", "worse", "accent"):
        for ground in ("paper", "page", "support"):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for mark in ("common", "better", "worse", "neutral"):
        assert contrast(colours[mark], paper) >= 3, mark
    for stage in ("forming", "stability", "optimization", "innovation", "completed", "dissolved"):
        assert contrast(colours["onstage"], colours[stage]) >= 3, stage
    for stage in ("stability", "optimization", "innovation"):
        assert contrast(colours["onstage"], colours[stage]) >= 4.5, stage


def contrast(one: str, other: str) -> float:
    """Return the ratio of luminances by WCAG 2.2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 10, (0, 2, 4, 6, 8, 10)), (0.61, 0.98, (0.7, 0.8, 0.9)), (-3, 3, (-2, 0, 2)), (5, 5, (5,))],
)
def test_ticks_are_round_numbers(low: float, high: float, expected: tuple[float, ...]) -> None:
    assert ticks(low, high, 5) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("value", "unit", "measure", "expected"),
    [
        (0.8464, "share", "share", "84.6 %"),
        (11.0, "days", "duration", "11 days"),
        (0.0456, "h", "amount", "0.0456 h"),
        (1234567.0, "EUR", "amount", "1,234,567 EUR"),
        (6.25, "minutes per call", "amount", "6.25"),
        (-0.0, "x", "amount", "0 x"),
    ],
)
def test_numbers_read_as_people_write_them(value: float, unit: str, measure: str, expected: str) -> None:
    assert reading(value, unit, measure) == expected  # type: ignore[arg-type]


def test_words_are_cut_to_their_room_and_cleaned() -> None:
    assert cut("a hailstorm", 1000, 12) == "a hailstorm"
    assert cut("a hailstorm", 50, 12) == "a hail…"
    assert cut("a hailstorm", 10, 12) == ""
    assert clean("one\n two\t\u202ethree\x00\ufffe") == "one two �three��"
    assert clean("\u0646\u0645\u06cc\u200c\u062e") == "\u0646\u0645\u06cc\u200c\u062e", (
        "joiners are part of writing"
    )
    assert plain(-0.0001, 2) == "0.00"
    assert [decimals_for(step) for step in (20, 1, 0.5, 0.25, 0.01)] == [0, 0, 1, 2, 2]


@pytest.mark.parametrize(
    ("cadence", "first", "last", "expected"),
    [
        ("weekly", "2013-01-07", "2013-12-30", ["2013", "Apr", "Jul", "Oct"]),
        ("weekly", "2020-01-06", "2024-12-30", ["2020", "2021", "2022", "2023", "2024"]),
        ("monthly", "2013-01", "2013-12", ["2013", "Apr", "Jul", "Oct"]),
        ("daily", "2026-03-02", "2026-03-06", ["2 Mar 2026", "3 Mar", "4 Mar", "5 Mar", "6 Mar"]),
        ("hourly", "2026-03-02T00", "2026-03-03T23", ["2 Mar 2026", "3 Mar"]),
        ("weekly", "2026-03-02", "2026-03-09", ["2 Mar 2026", "9 Mar"]),
    ],
)
def test_the_time_axis_is_marked_where_people_count(
    cadence: Cadence, first: str, last: str, expected: list[str]
) -> None:
    calendar = Calendar(cadence)
    found = time_ticks(parse_label(first, calendar), parse_label(last, calendar), calendar, 7)
    assert [tick.words for tick in found] == expected
