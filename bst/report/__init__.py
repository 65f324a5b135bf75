"""The report of a journey, from its journal: one HTML file, single charts, and the data behind them.

What is shown
reading.py    the rows: a team's journal, or a file
history.py    a journey's whole history, folded by the rules
tracks.py     each metric with everything that was recorded of it
turning.py    the turning points, without a person in them
words.py      what the page says beside its pictures
data.py       the numbers as rows, CSV and JSON

How it is drawn
plot.py       what a control chart shows, as numbers
control.py    the control chart
panel.py      a panel of it, its size and its scale
lower.py      the panel beneath: moving ranges, or cases
band.py       the journey over time
progress.py   from the baseline to the target
icons.py      variation and assurance
marks.py      the shapes of points and turning points
timescale.py  where a time axis is marked
text.py       words and numbers, cleaned, cut and measured
svg.py        elements that the library writes and escapes
theme.py      colours by meaning, light and dark

What comes out
page.py       the report, from `templates`
alone.py      one chart as a picture of its own
png.py        pictures as PNG
"""
