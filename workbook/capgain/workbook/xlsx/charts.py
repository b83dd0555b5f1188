"""Native charts in a file, through XlsxWriter."""

from __future__ import annotations

from typing import Any

from capgain.workbook.sheets import FONT, Chart, Series

GRID, FRAME, AXIS = "#E7E6E6", "#D9D9D9", "#A6A6A6"
SMALL = {"name": FONT, "size": 8, "color": "#404040"}
TITLE = {"name": FONT, "size": 10, "bold": True, "color": "#1F3864"}
GAP = {"bar": 45, "column": 70}
HOLE = 52
"""percent of a doughnut"""

DARKEST = 140
"""Brightness of a part, of 255, from which on its label is dark."""

MOVES_AND_KEEPS_ITS_SIZE = 2
"""XlsxWriter's number for it"""


def add_chart(workbook: Any, target: Any, chart: Chart) -> None:
    """Put a chart on a worksheet."""
    made = workbook.add_chart({"type": chart.kind, **({"subtype": "stacked"} if chart.is_stacked else {})})
    for series in chart.series:
        made.add_series(_series(chart, series))
    if chart.lines:
        over = workbook.add_chart({"type": "line"})
        for series in chart.lines:
            over.add_series(_line(series))
        made.combine(over)
    made.set_title({"name": chart.title, "name_font": TITLE, "overlay": False} if chart.title else {"none": True})
    made.set_legend({"position": chart.legend, "font": SMALL} if chart.legend else {"none": True})
    made.set_chartarea({"border": {"color": FRAME}})
    made.set_size({"width": chart.width, "height": chart.height})
    if chart.kind == "doughnut":
        made.set_hole_size(HOLE)
    else:
        _axes(made, chart)
    across, down = chart.offset
    place = {"description": chart.description, "x_offset": across, "y_offset": down}
    target.insert_chart(chart.at, made, place | {"object_position": MOVES_AND_KEEPS_ITS_SIZE})


def _series(chart: Chart, series: Series) -> dict[str, Any]:
    found: dict[str, Any] = {"categories": series.categories, "values": series.values}
    if series.name:
        found["name"] = series.name
    if series.colour:
        colour = f"#{series.colour}"
        found |= {"fill": {"color": colour}, "line": {"color": colour, "width": 2.25}}
        if chart.kind != "line":
            found["border"] = {"none": True}
            found.pop("line")
    if chart.kind in GAP:
        found["gap"] = GAP[chart.kind]
    if chart.kind == "doughnut":
        found["points"] = [{"fill": {"color": f"#{colour}"}} for colour in chart.parts]
        own = [{"font": {"name": FONT, "size": 8, "bold": True, "color": _readable(colour)}} for colour in chart.parts]
        found["data_labels"] = {"percentage": True, "num_format": chart.data_labels, "custom": own}
    elif chart.data_labels:
        found["data_labels"] = {"value": True, "num_format": chart.data_labels, "font": SMALL}
    return found


def _readable(fill: str) -> str:
    red, green, blue = (int(fill[place : place + 2], 16) for place in (0, 2, 4))
    return "#1F3864" if 0.299 * red + 0.587 * green + 0.114 * blue > DARKEST else "#FFFFFF"


def _line(series: Series) -> dict[str, Any]:
    colour = f"#{series.colour}"
    return {
        "name": series.name,
        "categories": series.categories,
        "values": series.values,
        "line": {"color": colour, "width": 2.25, "dash_type": "dash"},
        "marker": {"type": "circle", "size": 6, "fill": {"color": colour}, "border": {"color": colour}},
    }


def _axes(made: Any, chart: Chart) -> None:
    """The axis of categories, which is y in a bar chart, and that of values."""
    labels: dict[str, Any] = {"label_position": "low", "num_font": SMALL, "line": {"color": AXIS}}
    labels["major_tick_mark"] = "none"
    if chart.label_format:
        labels |= {"num_format": chart.label_format, "text_axis": True}
    if chart.is_downward:
        labels["reverse"] = True
    values: dict[str, Any] = {"num_font": SMALL, "num_format": chart.number_format, "line": {"none": True}}
    values["major_gridlines"] = {"visible": chart.has_value_axis, "line": {"color": GRID}}
    if chart.is_downward:
        values["label_position"] = "high"
    if not chart.has_value_axis:
        values |= {"visible": False}
    if chart.kind == "bar":
        made.set_y_axis(labels)
        made.set_x_axis(values)
    else:
        made.set_x_axis(labels)
        made.set_y_axis(values)
