"""The film as a zoomable figure, with a saliency layer over it."""

import base64

import cv2
import numpy as np
import plotly.graph_objects as go

LAYER_SIDE = 512
"""Longest side, in pixels, at which a saliency layer is sent: it has no finer detail, and the browser stretches it."""

VIEWER_CONFIG = {
    "scrollZoom": True,
    "doubleClick": "reset",
    "displaylogo": False,
    "displayModeBar": "hover",
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "toImage"],
}


def png_uri(picture: np.ndarray) -> str:
    """Encode a uint8 picture, grey (h, w), RGB (h, w, 3) or RGBA (h, w, 4), as a PNG data URI."""
    return "data:image/png;base64," + base64.b64encode(png_bytes(picture)).decode()


def png_bytes(picture: np.ndarray) -> bytes:
    """Encode a uint8 picture, grey (h, w), RGB (h, w, 3) or RGBA (h, w, 4), as a PNG file."""
    if picture.ndim == 3:
        picture = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR if picture.shape[2] == 3 else cv2.COLOR_RGBA2BGRA)
    return cv2.imencode(".png", picture)[1].tobytes()


def film_figure(film_uri: str, layer_uri: str | None, height: int, width: int, opacity: float, view: str) -> go.Figure:
    """Lay a saliency layer over a film in one figure: the wheel zooms, dragging pans, a double click fits.

    Parameters
    ----------
    film_uri : str
        PNG data URI of the film as displayed.
    layer_uri : str or None
        PNG data URI of the RGBA layer, of the same aspect ratio; None shows the bare film.
    height, width : int
        The film's own extent in pixels, which becomes the figure's axes.
    opacity : float
        Of the layer, in [0, 1].
    view : str
        Names the film: while it stays the same, the reader's zoom stays too.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = go.Figure()
    extent = {"xref": "x", "yref": "y", "x": 0, "y": 0, "sizex": width, "sizey": height, "sizing": "stretch", "yanchor": "top"}
    figure.add_layout_image(source=film_uri, layer="below", **extent)
    if layer_uri is not None:
        figure.add_layout_image(source=layer_uri, opacity=opacity, layer="below", **extent)
    # Layout images need a trace to give the axes life; this one is never seen.
    figure.add_scatter(x=[0, width], y=[0, height], mode="markers", marker_opacity=0, hoverinfo="skip", showlegend=False)
    axis = {"visible": False, "fixedrange": False, "constrain": "range"}
    figure.update_xaxes(range=[0, width], **axis)
    figure.update_yaxes(range=[height, 0], scaleanchor="x", **axis)
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor="black",
        plot_bgcolor="black",
        dragmode="pan",
        uirevision=view,
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": "#8b949e", "activecolor": "#ffffff"},
    )
    return figure
