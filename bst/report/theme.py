"""Colours by meaning, in light and in dark, and the style of the charts.

Blue is an improvement and orange a concern, as in "Making Data Count", because people who confuse red and
green tell these two apart; no colour speaks alone, each has a shape. The tones are darker than the NHS's on
white, and lighter on black, so that each stands out by 3 to 1 at least, and text by 4.5 to 1 (WCAG 2.2).
"""

from typing import Final

FONTS: Final = (
    '"Source Sans 3", "Source Sans Pro", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", '
    "Arial, sans-serif"
)

LIGHT: Final = {
    "paper": "#ffffff",
    "page": "#f6f7f9",
    "ink": "#1b2430",
    "soft": "#546173",
    "rule": "#d9dee6",
    "grid": "#e8ebf0",
    "common": "#5b6878",
    "better": "#0067b1",
    "worse": "#b74000",
    "neutral": "#6b3fb5",
    "target": "#a3123f",
    "promise": "#7a5800",
    "frozen": "#e9f1f8",
    "forming": "#8a94a3",
    "stability": "#3f6ea3",
    "optimization": "#1f7a6d",
    "innovation": "#7a4fa3",
    "completed": "#2d6a36",
    "dissolved": "#6a6f78",
    "onstage": "#ffffff",
    "support": "#f1efe9",
    "accent": "#0b5cad",
}
DARK: Final = {
    "paper": "#161b22",
    "page": "#0e1217",
    "ink": "#e7ebf0",
    "soft": "#a4afbd",
    "rule": "#333c48",
    "grid": "#262e38",
    "common": "#a9b4c2",
    "better": "#5bb3f5",
    "worse": "#ff9a57",
    "neutral": "#c3a5ff",
    "target": "#ff86a6",
    "promise": "#e0b64f",
    "frozen": "#1c2a3a",
    "forming": "#8d97a5",
    "stability": "#7fb0e6",
    "optimization": "#5fc4b3",
    "innovation": "#c39be8",
    "completed": "#7fc98b",
    "dissolved": "#a0a6b0",
    "onstage": "#10151b",
    "support": "#201f1b",
    "accent": "#7db8f5",
}

# Of the charts alone: what a page and a picture that stands by itself share. {name} is a colour.
_CHARTS: Final = """\
.chart{font-family:{FONTS};font-size:13px;fill:{ink}}
.chart text{fill:{ink}}
.chart .soft{fill:{soft}}
.chart .small{font-size:11.5px}
.chart .strong{font-weight:600}
.chart .paper{fill:{paper};stroke:none}
.chart .grid{stroke:{grid};stroke-width:1}
.chart .axis{stroke:{rule};stroke-width:1}
.chart .series{fill:none;stroke:{common};stroke-width:1.25;stroke-linejoin:round}
.chart .centre{fill:none;stroke:{ink};stroke-width:1.5}
.chart .limit{fill:none;stroke:{soft};stroke-width:1.25;stroke-dasharray:6 4}
.chart .target{fill:none;stroke:{target};stroke-width:1.75;stroke-dasharray:2 3}
.chart .promise{fill:none;stroke:{promise};stroke-width:1.5;stroke-dasharray:9 3 2 3}
.chart text.target{fill:{target};stroke:none}
.chart text.promise{fill:{promise};stroke:none}
.chart .frozen{fill:{frozen};stroke:none}
.chart .bracket{fill:none;stroke:{soft};stroke-width:1}
.chart .break{stroke:{ink};stroke-width:1;stroke-dasharray:1 3}
.chart .bar{fill:{common};fill-opacity:.35;stroke:none}
.chart .common{fill:{common};stroke:none}
.chart .better{fill:{better};stroke:{paper};stroke-width:1}
.chart .worse{fill:none;stroke:{worse};stroke-width:2.6;stroke-linecap:round}
.chart .neutral{fill:{neutral};stroke:{paper};stroke-width:1}
.chart .explained{fill:{paper};stroke:{soft};stroke-width:1.75}
.chart .ring{fill:none;stroke-width:2.5}
.chart .sign{fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.chart .ring-disc{fill:{paper};stroke-width:1.5}
.chart .better-fill{fill:{better};stroke:none}
.chart .worse-fill{fill:{worse};stroke:none}
.chart .common-fill{fill:{common};stroke:none}
.chart .neutral-fill{fill:{neutral};stroke:none}
.chart .now{font-size:16px}
.chart .title{font-size:17px;font-weight:600}
.chart .thin{stroke-width:1;stroke-dasharray:3 2}
.chart .better-line{stroke:{better}}
.chart .worse-line{stroke:{worse}}
.chart .common-line{stroke:{common}}
.chart .neutral-line{stroke:{neutral}}
.chart path.better-line,.chart path.worse-line,.chart path.common-line,.chart path.neutral-line{fill:none}
.chart .thick{stroke-width:2.5}
.chart .mark{fill:{ink};stroke:none}
.chart .mark-line{fill:none;stroke:{ink};stroke-width:1.75}
.chart .accent{fill:{accent};stroke:none}
.chart .accent-line{fill:none;stroke:{accent};stroke-width:6;stroke-linecap:round}
.chart .rail{fill:none;stroke:{rule};stroke-width:6;stroke-linecap:round}
.chart .forming{fill:{forming}}
.chart .stability{fill:{stability}}
.chart .optimization{fill:{optimization}}
.chart .innovation{fill:{innovation}}
.chart .completed{fill:{completed}}
.chart .dissolved{fill:{dissolved}}
.chart text.onstage{fill:{onstage};font-weight:600}
"""


def chart_style(colours: dict[str, str]) -> str:
    """Return the charts' style in these colours."""
    style = _CHARTS.replace("{FONTS}", FONTS)
    for name, colour in colours.items():
        style = style.replace(f"{{{name}}}", colour)
    return style


def alone_style() -> str:
    """Return the style of a picture that stands by itself: as light or dark as its reader likes it."""
    return f"{chart_style(LIGHT)}@media (prefers-color-scheme:dark){{\n{chart_style(DARK)}}}\n"


def page_colours() -> str:
    """Return the colours as variables of a page, light unless its reader likes it dark; on paper, light."""
    light, dark = ("".join(f"--{name}:{colour};" for name, colour in c.items()) for c in (LIGHT, DARK))
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def page_charts() -> str:
    """Return the charts' style with the page's variables for colours."""
    return chart_style({name: f"var(--{name})" for name in LIGHT})
