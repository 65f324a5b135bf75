"""The statistics behind every gate: pure functions over numbers, without input, output or clock.

`series`       what counts as a series of measurements, and the two ways of refusing one
`charts`       the kinds of control chart, which fits what is measured, and their scales
`ranges`       short-term variation from moving ranges, screened or by the median on request
`limits`       control limits, frozen once and then applied to later points
`rangechart`   the chart of moving ranges that stands below an individuals chart
`signals`      which later points say that the process changed, by the two rules of a gate
`rules`        the rule sets known by name: Wheeler, Western Electric, Nelson, NHS
`runchart`     the run chart with Anhoej's rules
`icons`        variation and assurance as in "Making Data Count"
`dependence`   how much less a series with memory knows than its number of points says
`improvement`  whether one window is better than an earlier one, by how much, and what it could have seen
`scatter`      whether a later window scatters more than the baseline did
`capability`   the share of periods kept, and Cpk and Ppk where they mean something
`contribution` how a support metric moves with the outcome: shown, never gating
`changes`      where a series may have changed its level: proposals for people
`rarity`       how rarely a stable process would show what was seen
`diagnostics`  what a reader must know about a series before trusting a verdict on it
`quantise`     numbers cut to significant digits, so that records never depend on the last bits
"""
