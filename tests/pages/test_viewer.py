"""The film viewer, run without a browser: what goes there and what comes back."""

import base64
import json
import zlib
from dataclasses import asdict, replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.imaging import Box, Film, decode_film, draw_phantom
from cxr_core.labels import CLASS_NAMES
from cxr_core.saliency import COLOUR_TABLE, film_map
from pages.viewer import FilmLayer, MapLayers, NativeLayer, Pointing, ViewerState, film_viewer
from tests.dicoms import dicom_bytes, levels, table
from tests.imaging.test_packing import unpacked as unpacked_samples

RNG = np.random.default_rng(0)
FILM = draw_phantom(300, 200)
BOX = Box(0.1, 0.2, 0.8, 0.9)
"""What of the film the network saw."""

MAPS = {name: RNG.random((7, 7), np.float32) for name in CLASS_NAMES}
LAYER = FilmLayer.of(FILM)


def sent(picture, shape):
    """What the browser makes of a packed picture."""
    return unpacked_samples(picture, shape)


def unpacked(text, shape):
    return np.frombuffer(zlib.decompress(base64.b64decode(text, validate=True)), np.uint8).reshape(shape)


# What goes to the browser


def test_film_is_sent_in_full_depth_with_its_values_and_windows():
    samples = levels(12, 300, 200)
    tags = {"WindowCenter": [2500, 3500], "WindowWidth": [6000, 4000], "WindowCenterWidthExplanation": ["NORMAL", "Doe^Jane"]}
    layer = FilmLayer.of(decode_film(dicom_bytes(samples, bits=12, RescaleSlope=2, RescaleIntercept=-1000, RescaleType="HU", **tags)))
    np.testing.assert_array_equal(sent(layer.picture, (300, 200)), samples)
    message = layer.message
    assert (message["height"], message["width"], message["file_width"], message["deep"]) == (300, 200, 200, True)
    assert message["scale"] == {"length": 4096, "slope": 2, "intercept": -1000}
    assert (message["unit"], message["digits"], message["inverted"]) == ("HU", 0, False)
    windows = {window["key"]: (window["name"], window["level"], window["width"]) for window in message["windows"]}
    assert windows["filed"] == ("As filed: Normal", 2499.5, 5999)
    assert windows["file-3500/4000"] == ("3500/4000", 3499.5, 3999)  # a name that might be anybody's is not shown
    assert list(windows) == ["filed", "file-3500/4000", "lungs", "soft", "bones", "all"]
    assert windows["all"][1:] == (2 * (int(samples.min()) + int(samples.max())) / 2 - 1000, 2 * np.ptp(samples))
    assert "mm" not in message
    json.dumps(message)


def test_film_with_a_table_is_sent_with_its_curve():
    curve = np.linspace(0, 1, 4096) ** 2 * 4095
    layer = FilmLayer.of(decode_film(dicom_bytes(levels(12), bits=12, VOILUTSequence=[table([4096, 0, 12], curve)])))
    filed = layer.message["windows"][0]
    np.testing.assert_allclose(unpacked(filed["curve"], 4096), curve / 4095 * 255, atol=0.6)


def test_large_film_is_sent_reduced_first_and_all_of_it_when_it_is_asked_for():
    film = replace(draw_phantom(1000, 4096), pixel_spacing=(0.2, 0.1))
    message = FilmLayer.of(film).message
    assert (message["height"], message["width"], message["file_width"]) == (500, 2048, 4096)
    assert message["mm"] == pytest.approx(0.2)
    native = NativeLayer.of(film)
    np.testing.assert_array_equal(sent(native.picture, (1000, 4096)), film.levels)


def test_key_belongs_to_the_picture():
    samples = (RNG.random((80, 80)) * 255).astype(np.uint8)
    ramp = np.linspace(0, 1, 256, dtype=np.float32)
    films = [Film(samples, 8, "DICOM", greys=ramp), Film(samples, 8, "DICOM", greys=ramp**2), FILM, draw_phantom(300, 200, seed=2)]
    assert len({FilmLayer.of(film).key for film in films}) == len(films)
    assert FilmLayer.of(draw_phantom(300, 200)).key == LAYER.key
    assert FilmLayer.of(replace(draw_phantom(300, 200), pixel_spacing=(0.2, 0.2))).key != LAYER.key  # else its scale bar would stay
    assert FilmLayer.of(replace(draw_phantom(300, 200), orientation="L\\F")).key != LAYER.key  # and its letters


@pytest.mark.parametrize(("orientation", "sides"), [("L\\F", ["R", "L"]), ("R\\F", ["L", "R"]), ("P\\F", ["A", "P"]), ("F\\L", ["H", "F"])])
def test_letters_are_those_of_the_files_orientation(orientation, sides):
    assert FilmLayer.of(replace(draw_phantom(300, 200), orientation=orientation)).message["sides"] == sides


def test_film_whose_file_tells_no_orientation_has_no_letters():
    assert "sides" not in LAYER.message


def test_maps_are_sent_small_in_the_films_shape_with_the_colours_of_the_overlay():
    message = MapLayers.of(MAPS, BOX, LAYER, "Normal").message
    assert (message["top"], message["height"], message["width"]) == ("Normal", 256, 171)
    assert list(message["levels"]) == list(CLASS_NAMES)
    np.testing.assert_array_equal(unpacked(message["colours"], (256, 4)), COLOUR_TABLE)
    for name, packed in message["levels"].items():
        expected = film_map(MAPS[name], BOX, 256, 171) * 255
        np.testing.assert_allclose(unpacked(packed, (256, 171)), expected, atol=0.51)


def test_map_that_is_not_drawn_yet_is_left_out_but_its_class_is_offered():
    message = MapLayers.of({"COVID": MAPS["COVID"]}, BOX, LAYER, "Normal", "Score-CAM").message
    assert (message["method"], list(message["levels"])) == ("Score-CAM", ["COVID"])
    assert tuple(message["classes"]) == CLASS_NAMES
    assert tuple(message["names"]) == ("COVID", "Lung opacity", "Normal", "Viral Pneumonia")
    assert "beside" not in message


def test_maps_are_sent_on_one_scale():
    plain, scaled = (MapLayers.of(MAPS, BOX, LAYER, "Normal", strengths=strengths).message for strengths in (None, {"COVID": 0.5}))
    assert scaled["levels"]["Normal"] == plain["levels"]["Normal"]
    halved, whole = (unpacked(message["levels"]["COVID"], (256, 171)).astype(float) for message in (scaled, plain))
    np.testing.assert_allclose(halved, whole / 2, atol=1)
    assert scaled["key"] != plain["key"]


def test_lung_fields_are_outlined_over_the_film():
    lungs = np.zeros((FILM.height, FILM.width), bool)
    lungs[: FILM.height // 2, : FILM.width // 4] = True
    (outline,) = MapLayers.of(MAPS, BOX, LAYER, "Normal", lungs=lungs).message["lungs"]
    np.testing.assert_allclose(np.max(outline, 0), (0.25, 0.5), atol=0.03)
    np.testing.assert_allclose(np.min(outline, 0), (0, 0), atol=0.03)
    assert "lungs" not in MapLayers.of(MAPS, BOX, LAYER, "Normal").message


def test_maps_of_another_method_go_beside():
    message = MapLayers.of(MAPS, BOX, LAYER, "Normal", beside=("SmoothGrad", {"Normal": MAPS["COVID"]})).message
    assert message["beside"]["method"] == "SmoothGrad"
    assert message["beside"]["levels"] == {"Normal": message["levels"]["COVID"]}


# What comes back


def page():
    import streamlit as st

    from pages.viewer import film_viewer
    from tests.pages import test_viewer as module

    if st.session_state.get("away"):
        st.write("another page")
    else:
        film = module.OTHER if st.session_state.get("other") else module.LAYER
        maps = module.MapLayers.of(module.MAPS, module.BOX, film, "Normal") if st.session_state.get("revealed") else None
        st.session_state.seen = film_viewer(film, maps)


OTHER = FilmLayer.of(draw_phantom(300, 200, seed=2))


@pytest.fixture
def app():
    return AppTest.from_function(page, default_timeout=60).run()


def message(app):
    (component,) = app.get("bidi_component")
    return json.loads(component.proto.json)


def look(app, film=LAYER, **parts):
    """Do what the browser does when a view is set."""
    app.session_state[f"viewer_{film.key}"] = {"view": asdict(replace(app.session_state.seen, **parts))}
    return app.run()


def test_view_starts_as_filed_and_holds_nothing_of_the_model(app):
    assert not app.exception
    assert app.session_state.seen == ViewerState()
    assert (message(app)["maps"], message(app)["start"]["shown"]) == (None, None)
    assert not any(name in json.dumps(message(app)) for name in CLASS_NAMES)


def test_top_class_is_shown_once_the_maps_may_be(app):
    app.session_state.revealed = True
    app.run()
    assert app.session_state.seen == ViewerState(shown="Normal")
    assert message(app)["maps"]["top"] == "Normal"


def test_view_comes_back_and_nothing_is_sent_anew(app):
    app.session_state.revealed = True
    sent = message(app.run())
    seen = look(app, shown="COVID", overlay=True, opacity=80, level=35, width=60, rotate=90, mirror=True).session_state.seen
    assert seen == ViewerState("COVID", True, 80, "filed", 35, 60, mirror=True, rotate=90)
    assert message(app) == sent


def test_view_is_as_it_was_after_a_look_at_another_page(app):
    look(app, level=20, mirror=True)
    app.session_state.away = True
    app.run()
    assert not app.get("bidi_component")
    app.session_state.away = False
    app.run()
    assert app.session_state.seen == ViewerState(level=20, mirror=True)
    assert message(app)["start"] == asdict(ViewerState(level=20, mirror=True))


def test_another_film_starts_bare_through_the_window_that_was_chosen_last(app):
    look(
        app,
        overlay=True,
        opacity=80,
        side_by_side=True,
        window="lungs",
        level=20,
        width=30,
        invert=True,
        mirror=True,
        rotate=90,
        native=True,
    )
    app.session_state.other = True
    app.run()
    kept = ViewerState(opacity=80, side_by_side=True, window="lungs")
    assert app.session_state.seen == kept
    assert message(app)["start"] == asdict(kept)
    assert message(app)["film"]["key"] == OTHER.key


def test_a_window_of_the_file_is_found_by_its_name_on_another_film():
    def film(*names):
        count = len(names)
        tags = {"WindowCenter": [2000] * count, "WindowWidth": [3000 + number for number in range(count)]}
        return decode_film(dicom_bytes(levels(12, 300, 200), bits=12, WindowCenterWidthExplanation=list(names), **tags))

    (chosen,) = (window for window in film("NORMAL", "HARDER").windows if window.name == "Harder")
    view = ViewerState(window=chosen.key)
    assert view.window_of(film("NORMAL", "SOFTER", "HARDER")).width == 3001
    assert view.window_of(film("NORMAL", "SOFTER")).key == "filed"
    alike = [window.key for window in film("NORMAL", "HARDER", "HARDER").windows]
    assert len(set(alike)) == len(alike)


# Pointing


def test_a_place_can_be_marked_only_where_it_is_asked_for(monkeypatch):
    sent = []

    def component(*args, **kwargs):
        return lambda **message: sent.append(message["data"]) or {"view": asdict(ViewerState(mark=[0.1, 0.2, 0.1, 0.2]))}

    monkeypatch.setattr("streamlit.components.v2.component", component)
    monkeypatch.setattr("pages.viewer.component.served_from_memory", lambda data, place: "/film")
    outline = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]
    assert film_viewer(LAYER, pointing=Pointing(asked=True)).mark == [0.1, 0.2, 0.1, 0.2]
    film_viewer(LAYER, pointing=Pointing(asked=False, outlines=[outline]))
    film_viewer(LAYER)
    assert [(message["pointing"], message["truth"]) for message in sent] == [("on", []), ("shown", [outline]), (None, [])]
