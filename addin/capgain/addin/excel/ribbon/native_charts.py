"""Native charts put into an open workbook: COM on Windows, Apple events on a Mac."""

from __future__ import annotations

from typing import Any

from capgain.addin.excel.ribbon.native import ON_MAC, range_named
from capgain.workbook.sheets import Chart, Series, position

XL_CHARTS = {"column": 51, "bar": 57, "line": 4, "doughnut": -4120}
XL_STACKED = {"column": 52, "bar": 58}
XL_LINE_WITH_MARKERS = 65
XL_DASH = 4
XL_LEGEND = {"bottom": -4107, "right": -4152, "top": -4160}
XL_LABELS_LOW = -4134
XL_CATEGORIES, XL_VALUES = 1, 2
XL_MOVES_AND_KEEPS_ITS_SIZE = 2
MAC_CHARTS = {"column": "column_clustered", "bar": "bar_clustered", "line": "line_chart", "doughnut": "doughnut"}
POINTS_PER_PIXEL = 0.75


def add_chart(sheet: Any, chart: Chart) -> None:
    """A native chart with its series, titles and alternative text; a Mac gets its first series."""
    row, column = position(chart.at)
    corner = sheet.range((row, column))
    across, down = (pixels * POINTS_PER_PIXEL for pixels in chart.offset)
    size = chart.width * POINTS_PER_PIXEL, chart.height * POINTS_PER_PIXEL
    made = sheet.charts.add(corner.left + across, corner.top + down, *size)
    if ON_MAC:
        made.chart_type = MAC_CHARTS[chart.kind]
        made.set_source_data(range_named(corner, chart.series[0].values))
        return
    holder, native = made.api
    native.ChartType = XL_STACKED[chart.kind] if chart.is_stacked else XL_CHARTS[chart.kind]
    while native.SeriesCollection().Count:
        native.SeriesCollection(1).Delete()
    for series in chart.series:
        _colour_parts(_add_series(native, series), chart)
    for series in chart.lines:
        added = _add_series(native, series)
        added.ChartType = XL_LINE_WITH_MARKERS
        added.Format.Line.ForeColor.RGB = _rgb(series.colour)
        added.Format.Line.DashStyle = XL_DASH
    native.HasTitle = bool(chart.title)
    if chart.title:
        native.ChartTitle.Text = chart.title
    native.HasLegend = bool(chart.legend)
    if chart.legend:
        native.Legend.Position = XL_LEGEND[chart.legend]
    if chart.kind != "doughnut":
        _axes(native, chart)
    holder.Placement = XL_MOVES_AND_KEEPS_ITS_SIZE
    holder.ShapeRange.AlternativeText = chart.description


def _add_series(native: Any, series: Series) -> Any:
    added = native.SeriesCollection().NewSeries()
    if series.name:
        added.Name = series.name
    added.XValues, added.Values = series.categories, series.values
    if series.colour:
        added.Format.Fill.ForeColor.RGB = _rgb(series.colour)
    return added


def _colour_parts(added: Any, chart: Chart) -> None:
    for place, colour in enumerate(chart.parts, start=1):
        added.Points(place).Format.Fill.ForeColor.RGB = _rgb(colour)
    if chart.kind == "doughnut":
        added.HasDataLabels = True
        added.DataLabels().ShowPercentage, added.DataLabels().ShowValue = True, False
    if chart.data_labels:
        added.HasDataLabels = True
        added.DataLabels().NumberFormat = chart.data_labels


def _axes(native: Any, chart: Chart) -> None:
    categories = native.Axes(XL_CATEGORIES)
    categories.TickLabelPosition = XL_LABELS_LOW
    if chart.label_format:
        categories.TickLabels.NumberFormat = chart.label_format
    if chart.is_downward:
        categories.ReversePlotOrder = True
    if chart.has_value_axis:
        native.Axes(XL_VALUES).TickLabels.NumberFormat = chart.number_format
    else:
        native.Axes(XL_VALUES).Delete()


def _rgb(colour: str) -> int:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (0, 2, 4))
    return red + green * 256 + blue * 65536
