"""Charts as ECharts options without functions; the page's script formats, colours and draws them.

What the script needs beyond an option lies under its key "fiel": how values are written (`format`),
which way the values run (`across` for bars that lie), and `shape` of series that ECharts does not
have: spans (of a waterfall) and whiskers (an estimate with its interval). Amounts are texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fiel.domain.program import Program
from fiel.insights.reporting.report import Kind

type Number = int | float | Decimal | None
type Value = str | Number
type Option = dict[str, object]

_GRID = {"left": 4, "right": 12, "top": 36, "bottom": 4}
_MOST_NAMED = 12
_ROW, _ABOVE = 30, 70  # pixels of a lying bar, and of what stands around them


@dataclass(frozen=True, slots=True)
class Measure:
    """How the values of a chart are written."""

    kind: Kind
    currency: str = ""

    @classmethod
    def of(cls, kind: Kind, program: Program) -> Measure:
        """The measure of a column's kind."""
        return cls(kind, program.currency.code if kind is Kind.MONEY else "")

    @property
    def told(self) -> dict[str, str]:
        """It as the script reads it."""
        return {"kind": self.kind.value, "currency": self.currency}


@dataclass(frozen=True, slots=True)
class Series:
    """A row of values under one name; `stack` names those that stand on each other."""

    name: str
    values: Sequence[Value]
    stack: str = ""
    is_line: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A step of a waterfall: from where to where, and by how much; `is_whole` stands alone."""

    name: str
    start: Value
    end: Value
    change: Value
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and the interval around it."""

    name: str
    low: Value
    value: Value
    high: Value


def over_time(names: Sequence[str], series: Sequence[Series], measure: Measure) -> Option:
    """Lines or bars over periods."""
    told = [
        {
            "name": each.name,
            "type": "line" if each.is_line else "bar",
            "data": list(each.values),
            **({"stack": each.stack} if each.stack else {}),
            **({"symbolSize": 7, "lineStyle": {"width": 2.5}} if each.is_line else {}),
            **({} if each.is_line else {"barMaxWidth": 44}),
        }
        for each in series
    ]
    return {
        "grid": _GRID if len(series) > 1 else {**_GRID, "top": 16},
        "tooltip": {"trigger": "axis"},
        "legend": {"show": len(series) > 1, "top": 0, "left": 0, "type": "scroll"},
        "xAxis": {"type": "category", "data": list(names)},
        # Bars begin at nothing; lines show how a figure moves.
        "yAxis": {
            "type": "value",
            "scale": all(each.is_line for each in series),
            **_whole(measure, series),
        },
        "series": told,
        "fiel": {"format": measure.told},
    }


def _whole(measure: Measure, series: Sequence[Series]) -> Option:
    """What is counted has no fifths: its axis goes from one whole number to another."""
    if measure.kind in (Kind.COUNT, Kind.POINTS):
        return {"minInterval": 1}
    if measure.kind is not Kind.NUMBER:
        return {}
    values = [value for each in series for value in each.values if value is not None]
    return {"minInterval": 1} if all(isinstance(value, int) for value in values) else {}


def lying_bars(names: Sequence[str], series: Sequence[Series], measure: Measure) -> Option:
    """Bars beside names, the first on top."""
    told = [
        {
            "name": each.name,
            "type": "bar",
            "data": list(each.values),
            "barMaxWidth": 22,
            **({"stack": each.stack} if each.stack else {}),
        }
        for each in series
    ]
    return {
        "grid": _GRID if len(series) > 1 else {**_GRID, "top": 8},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "legend": {"show": len(series) > 1, "top": 0, "left": 0, "type": "scroll"},
        "xAxis": {"type": "value", **_whole(measure, series)},
        "yAxis": {"type": "category", "data": list(names), "inverse": True},
        "series": told,
        "fiel": {
            "format": measure.told,
            "across": True,
            "height": _ABOVE + _ROW * len(names) * max(1, _beside(series)),
        },
    }


def heat_map(
    across: Sequence[str],
    down: Sequence[str],
    cells: Sequence[tuple[int, int, Value]],
    measure: Measure,
) -> Option:
    """Values where two names meet, the higher the stronger."""
    told = [list(cell) for cell in cells if cell[2] is not None]
    highest = max((float(str(cell[2])) for cell in told), default=0.0)
    return {
        "grid": {**_GRID, "top": 4, "bottom": 76},
        "tooltip": {"trigger": "item"},
        "xAxis": {"type": "category", "data": list(across), "splitArea": {"show": True}},
        "yAxis": {"type": "category", "data": list(down), "inverse": True},
        "visualMap": {
            "min": 0,
            "max": highest or 1,
            "calculable": True,
            "orient": "horizontal",
            "left": "center",
            "bottom": 0,
            "itemHeight": 160,
        },
        "series": [
            {
                "type": "heatmap",
                "data": told,
                "label": {"show": True},
                "emphasis": {"itemStyle": {"borderWidth": 2}},
            }
        ],
        "fiel": {"format": measure.told, "height": _ABOVE + 44 + _ROW * len(down)},
    }


def waterfall(steps: Sequence[Span], measure: Measure) -> Option:
    """From a beginning to an end, step by step."""
    return {
        "grid": {**_GRID, "top": 24},
        "tooltip": {"trigger": "item"},
        "xAxis": {
            "type": "category",
            "data": [step.name for step in steps],
            "axisLabel": {
                "interval": 0,
                "hideOverlap": False,
                "width": 90,
                "overflow": "break",
                "lineHeight": 14,
            },
        },
        "yAxis": {"type": "value", "scale": False},
        "series": [
            {
                "type": "custom",
                "data": [
                    [place, step.start, step.end, step.change, int(step.is_whole)]
                    for place, step in enumerate(steps)
                ],
                "encode": {"x": 0, "y": [1, 2]},
            }
        ],
        "fiel": {"format": measure.told, "shape": "span"},
    }


def intervals(rows: Sequence[Interval], measure: Measure) -> Option:
    """Estimates with their intervals beside names; zero is a line."""
    return {
        "grid": {**_GRID, "top": 8},
        "tooltip": {"trigger": "item"},
        "xAxis": {"type": "value"},
        "yAxis": {"type": "category", "data": [row.name for row in rows], "inverse": True},
        "series": [
            {
                "type": "custom",
                "data": [[row.value, place, row.low, row.high] for place, row in enumerate(rows)],
                "encode": {"x": [0, 2, 3], "y": 1},
            }
        ],
        "fiel": {
            "format": measure.told,
            "shape": "whisker",
            "across": True,
            "height": _ABOVE + 14 * len(rows) + _ROW * len(rows),
        },
    }


def funnel(steps: Sequence[tuple[str, Value]], measure: Measure) -> Option:
    """Fewer and fewer of the same."""
    return {
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "funnel",
                "left": "4%",
                "right": "4%",
                "top": 8,
                "bottom": 8,
                "minSize": "12%",
                "sort": "none",
                "gap": 3,
                "data": [{"name": name, "value": value} for name, value in steps],
            }
        ],
        "fiel": {"format": measure.told, "height": _ABOVE + 56 * len(steps)},
    }


def points_in_a_plane(
    points: Sequence[tuple[str, float, float]], *, across: str, up: str
) -> Option:
    """Named points; the axes say what they are."""
    return {
        "grid": {**_GRID, "top": 30, "bottom": 30},
        "tooltip": {"trigger": "item"},
        "xAxis": {"type": "value", "name": across, "nameLocation": "middle", "scale": True},
        "yAxis": {"type": "value", "name": up, "scale": True},
        "series": [
            {
                "type": "scatter",
                "symbolSize": 12,
                "data": [{"name": name, "value": [x, y]} for name, x, y in points],
                "label": {
                    "show": len(points) <= _MOST_NAMED,
                    "formatter": "{b}",
                    "position": "top",
                },
            }
        ],
        "fiel": {"format": Measure(Kind.NUMBER).told},
    }


def spark(values: Sequence[Value]) -> Option:
    """A small line without axes."""
    last = len(values) - 1
    return {
        "grid": {"left": 3, "right": 5, "top": 5, "bottom": 3},
        "xAxis": {"type": "category", "show": False, "boundaryGap": False},
        "yAxis": {"type": "value", "show": False, "scale": True},
        "series": [
            {
                "type": "line",
                "data": [
                    {"value": value, "symbolSize": 6 if place == last else 0}
                    for place, value in enumerate(values)
                ],
                "lineStyle": {"width": 2},
                "areaStyle": {"opacity": 0.12},
                "silent": True,
            }
        ],
        "fiel": {"format": {"kind": "number", "currency": ""}, "height": 48, "spark": True},
    }


def marked(option: Option, lines: Sequence[tuple[str, Value]]) -> Option:
    """The chart with lines across it: a target, what was usual."""
    told = [{"name": name, "yAxis": value} for name, value in lines if value is not None]
    series = option["series"]
    assert isinstance(series, list), "a chart has series"
    if told and series:
        series[0]["markLine"] = {
            "symbol": "none",
            "data": told,
            "label": {"formatter": "{b}", "position": "insideEndTop"},
            "lineStyle": {"type": "dashed", "width": 1.5},
        }
    return option


def _beside(series: Sequence[Series]) -> int:
    """How many bars stand beside each other under one name."""
    return len({each.stack or each.name for each in series})
