"""How every chart looks: its colours, which stand out from a light and a dark page alike, its text, and the browser's buttons."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from cxr_core.decision import Strategy
from cxr_core.labels import CLASS_NAMES

QUIET_COLOUR: Final = "#727a83"
"""Of diagonals, baselines and lines of chance. Like all colours here it has a contrast of at least 3 to a white and a near-black page."""

XRAY_COLOUR: Final = "#0a62b0"
PCR_COLOUR: Final = "#da7800"
"""These two differ in lightness as well as in hue."""

CLEAR: Final = "rgba(0,0,0,0)"
FONT: Final = "Source Sans, sans-serif"
"""Streamlit's own, which it serves itself."""
AXIS: Final = {"automargin": True, "zeroline": False, "gridcolor": "rgba(114,122,131,0.25)"}


@dataclass(frozen=True)
class LineStyle:
    """Colour, dash and marker of a line: any one of the three tells it from the others. Width and size of the marker are in pixels."""

    colour: str
    dash: str
    symbol: str
    width: float = 2.5
    size: int = 9

    @property
    def line(self) -> dict[str, Any]:
        """For a trace's `line`."""
        return {"color": self.colour, "dash": self.dash, "width": self.width}


ACCENT: Final = LineStyle("#2a8fb0", "solid", "circle")
SECOND: Final = LineStyle("#c8731c", "dash", "diamond")

_MORE: Final = (
    LineStyle(QUIET_COLOUR, "dot", "square"),
    LineStyle("#a855b8", "longdashdot", "triangle-up"),
    LineStyle("#1c8a67", "dashdot", "cross"),
    LineStyle("#b8475a", "longdash", "star"),
)

CLASS_STYLES: Final[Mapping[str, LineStyle]] = MappingProxyType(dict(zip(CLASS_NAMES, (ACCENT, SECOND, *_MORE), strict=False)))
"""One style a class, in the order of the classes; a class more takes the next."""

STRATEGY_STYLES: Final[Mapping[Strategy, LineStyle]] = MappingProxyType(
    {
        Strategy.NOBODY: LineStyle(QUIET_COLOUR, "dot", "x", 2.0, 11),
        Strategy.XRAY: LineStyle(XRAY_COLOUR, "solid", "circle", 3.0, 10),
        Strategy.PCR: LineStyle(PCR_COLOUR, "dash", "diamond", 3.0, 18),
        Strategy.PCR_IF_NEGATIVE: LineStyle("#9457b8", "dashdot", "triangle-up", 2.0, 11),
        Strategy.PCR_IF_POSITIVE: LineStyle("#1c8a67", "longdashdot", "triangle-down", 2.0, 11),
    }
)
"""The symbol marks where the sliders are."""

FREQUENCY_STYLES: Final[Mapping[str, LineStyle]] = MappingProxyType(
    {
        "found": LineStyle("#1c8a67", "solid", "circle", size=8),
        "missed": LineStyle("#c2334b", "solid", "x", size=8),
        "alarms": LineStyle(PCR_COLOUR, "solid", "triangle-up", size=8),
        "cleared": LineStyle(QUIET_COLOUR, "solid", "circle-open", size=5),
    }
)
"""Of patients by what a test says of them: the found, the missed, the falsely alarmed and the cleared."""


@dataclass(frozen=True)
class ChartLook:
    """What a chart takes from the page: the colours of its text and of its ground, and the text's size in pixels.

    With the page's own ground a saved picture is as legible as the page.
    """

    ink: str = QUIET_COLOUR
    ground: str = CLEAR
    text_size: int = 13

    @property
    def font(self) -> dict[str, Any]:
        """The font of all text."""
        return {"size": self.text_size, "color": self.ink, "family": FONT}

    @property
    def layout(self) -> dict[str, Any]:
        """What the layouts of all charts have. Nothing can be dragged, so that a finger on a chart scrolls the page."""
        return {
            "template": "none",
            "font": self.font,
            "paper_bgcolor": self.ground,
            "plot_bgcolor": self.ground,
            "modebar": {"bgcolor": CLEAR, "color": QUIET_COLOUR, "activecolor": QUIET_COLOUR},
            "hoverlabel": {"bgcolor": "#2b333c", "font": {**self.font, "color": "#ffffff"}, "align": "left"},
            "dragmode": False,
        }


def chart_config(name: str) -> dict[str, Any]:
    """Return the browser's settings of a chart: a button that saves it as NAME.png, and zoom by buttons where its axes allow it."""
    return {
        "displaylogo": False,
        "displayModeBar": True,
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "pan2d", "zoomIn2d", "zoomOut2d"],
        "toImageButtonOptions": {"format": "png", "filename": name, "scale": 3},
    }
