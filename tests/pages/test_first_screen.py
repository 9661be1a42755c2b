"""What stands on the first screen is not kept waiting by the plotting library."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

PAGES = Path(__file__).parents[2] / "pages"


@pytest.mark.parametrize("name", ["net_benefit", "model_card"])
def test_first_plot_of_a_session_waits_once(monkeypatch, name):
    happened = []
    chart = st.plotly_chart
    monkeypatch.setattr("pages.time", SimpleNamespace(sleep=lambda seconds: happened.append("wait")))
    monkeypatch.setattr(st, "plotly_chart", lambda *args, **options: happened.append("plot") or chart(*args, **options))
    app = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=120).run()
    assert not app.exception
    app.run()
    assert happened[0] == "wait"
    assert happened.count("wait") == 1
    assert happened.count("plot") > 2
