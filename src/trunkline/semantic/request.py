"""A metric query, before it is checked."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class MetricRequest:
    """What a person asks for.

    Attributes:
        metrics: Names of metrics.
        group_by: Dimensions, entities or ``metric_time__<grain>``; a dimension may go without its
            entity where only one fits.
        where: Conditions, all of which must hold: ``country = 'CN'`` or MetricFlow's own
            ``{{ Dimension('order__country') }} = 'CN'``.
        order_by: Names out of metrics and group_by; a leading ``-`` turns the order around.
        limit: Greatest number of rows.
        start: First day of ``metric_time``.
        end: Last day of ``metric_time``.
        saved_query: Name of a saved query, in place of metrics and group_by.
    """

    metrics: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    order_by: tuple[str, ...] = ()
    limit: int | None = None
    start: date | None = None
    end: date | None = None
    saved_query: str | None = None
