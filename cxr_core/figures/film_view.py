"""The film as a zoomable figure, with a saliency layer over it."""

import base64
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Picture:
    """A picture as a browser takes it: a PNG data URI, with its extent in pixels."""

    uri: str
    height: int
    width: int

    @classmethod
    def of(cls, pixels: np.ndarray) -> "Picture":
        """Encode a uint8 picture, grey (h, w), RGB (h, w, 3) or RGBA (h, w, 4)."""
        uri = "data:image/png;base64," + base64.b64encode(png_bytes(pixels)).decode()
        return cls(uri, *pixels.shape[:2])


def png_bytes(picture: np.ndarray) -> bytes:
    """Encode a uint8 picture, grey (h, w), RGB (h, w, 3) or RGBA (h, w, 4), as a PNG file."""
    if picture.ndim == 3:
        picture = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR if picture.shape[2] == 3 else cv2.COLOR_RGBA2BGRA)
    return cv2.imencode(".png", picture)[1].tobytes()


def film_figure(grey: Picture, layer: Picture | None, height: int, width: int, opacity: float, view: str) -> go.Figure:
    """Lay a saliency layer over a film in one figure: the wheel zooms, dragging pans, a double click fits.

    Parameters
    ----------
    grey : Picture
        The film as displayed.
    layer : Picture or None
        The colour layer, of the same aspect ratio; None shows the bare film.
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
    for picture, alpha in ((grey, 1.0), (layer, opacity)):
        if picture is not None:
            dx, dy = width / picture.width, height / picture.height
            figure.add_image(source=picture.uri, x0=dx / 2, y0=dy / 2, dx=dx, dy=dy, opacity=alpha, zsmooth="fast", hoverinfo="skip")
    axis = {"visible": False, "constrain": "domain"}
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
