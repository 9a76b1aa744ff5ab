"""Charts as PNG, SVG and PDF; drawn off screen, so a worker may do it."""

from collections.abc import Sequence
from io import BytesIO, StringIO

from leanlab.analyses.declare import Chart
from leanlab.figures.theme import PRINT, Theme

SIZE = (9.0, 5.4)  # inches
PRINTED = (7.6, 4.5)  # near the width of a page, so that the letters stay as large as the text's


def png(
    chart: Chart, *, theme: Theme = PRINT, size: tuple[float, float] = SIZE, dpi: int = 150
) -> bytes:
    """Draw the chart as PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, dpi=dpi)
    FigureCanvasAgg(figure)
    chart.draw(figure, theme)
    out = BytesIO()
    figure.savefig(out, format="png", facecolor=figure.get_facecolor())
    return out.getvalue()


def svg(chart: Chart, *, theme: Theme = PRINT, size: tuple[float, float] = PRINTED) -> str:
    """Draw the chart as SVG with real text and no date, so that equal charts are equal files."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=size)
    FigureCanvasSVG(figure)
    chart.draw(figure, theme)
    out = StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None}, facecolor=figure.get_facecolor())
    return out.getvalue()


def pdf(
    charts: Sequence[Chart], *, theme: Theme = PRINT, size: tuple[float, float] = SIZE
) -> bytes:
    """Draw the charts as PDF, one page each, with real text and no date."""
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    out = BytesIO()
    about = {"Title": charts[0].title, "Creator": "LeanLab", "CreationDate": None}
    with PdfPages(out, metadata=about) as pages:
        for chart in charts:
            figure = Figure(figsize=size)
            chart.draw(figure, theme)
            pages.savefig(figure, facecolor=figure.get_facecolor())
    return out.getvalue()
