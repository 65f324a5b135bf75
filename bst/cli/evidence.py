"""`bst evidence`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from bst.cli import options

if TYPE_CHECKING:
    from rich.console import RenderableType

    from domain.views import Evidence, MetricView


@click.command(
    epilog=options.examples(
        "bst evidence claims", 'bst evidence claims "hours of work per claim"', "bst evidence claims --json"
    )
)
@options.team
@click.argument("metric", required=False)
@options.as_json
def command(team: str, metric: str | None, *, as_json: bool) -> None:
    """Show the numbers behind the gate: charts, sentences, diagnostics.

    Of all metrics, or of one METRIC: its chart, one sentence that says what the newest numbers say, and what
    that should be read with: the chart and its constants, gaps, memory, skewness, ties, cases; capability;
    changes of level that are proposed; and, of the support layer, how it moves with the outcome. The support
    layer is shown and never decides.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show, show_json

    found = ask(lambda journeys: journeys.evidence(team))
    chosen = [view for view in found.metrics if metric is None or view.name.casefold() == metric.casefold()]
    if not chosen:
        known = ", ".join(view.name for view in found.metrics)
        raise click.UsageError(f"There is no metric {metric!r}: the charter has {known}.")
    if as_json:
        show_json(found.model_copy(update={"metrics": tuple(chosen)}))
        return
    show(*(part for view in chosen for part in _page(view, found)))


def _page(view: "MetricView", found: "Evidence") -> Iterator["RenderableType"]:
    from bst.cli.printing import text
    from domain.chart import metric_chart

    owner = f", {view.function}" if view.function else ""
    yield text(f"{view.name} ({view.layer}{owner})", "bold")
    yield text(metric_chart(view, found.calendar))
    if view.trouble:
        yield text(f"The source fails: {view.trouble}", "yellow")
    yield text(view.told)
    for line in view.details:
        yield text(f"  {line}", "dim")
    for first, phase in view.phases.items():
        yield text(f"  limits frozen anew from {first}, proposed by {phase.by}: {phase.cause}", "dim")
    yield text("")
