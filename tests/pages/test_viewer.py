"""The film viewer, run without a browser: what goes there, what comes back, and the picture to take away."""

import base64
import io
import json
import zlib
from dataclasses import asdict, replace

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cxr_core.imaging import Film, display_grey, draw_phantom, placement
from cxr_core.labels import CLASS_NAMES
from cxr_core.saliency import COLOUR_TABLE, colour_layer, film_map, overlay
from pages.viewer import FilmLayer, MapLayers, ViewerState, picture_as_seen

RNG = np.random.default_rng(0)
FILM = draw_phantom(300, 200)
PLACE = placement(300, 200, 224)
MAPS = {name: RNG.random((7, 7), np.float32) for name in CLASS_NAMES}
LAYER = FilmLayer.of(FILM)


def unpacked(text, shape):
    return np.frombuffer(zlib.decompress(base64.b64decode(text, validate=True)), np.uint8).reshape(shape)


# What goes to the browser


def test_film_is_sent_as_it_is_displayed():
    message = LAYER.message
    assert (message["height"], message["width"], message["file_width"]) == (300, 200, 200)
    np.testing.assert_array_equal(unpacked(message["grey"], (300, 200)), display_grey(FILM))
    assert "mm" not in message


def test_large_film_is_sent_reduced_and_its_spacing_with_it():
    message = FilmLayer.of(replace(draw_phantom(1000, 4096), pixel_spacing=(0.2, 0.1))).message
    assert (message["height"], message["width"], message["file_width"]) == (500, 2048, 4096)
    assert message["mm"] == pytest.approx(0.2)


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
    message = MapLayers.of(MAPS, PLACE, LAYER, "Normal").message
    assert (message["top"], message["height"], message["width"]) == ("Normal", 256, 171)
    assert list(message["levels"]) == list(CLASS_NAMES)
    np.testing.assert_array_equal(unpacked(message["colours"], (256, 4)), COLOUR_TABLE)
    for name, levels in message["levels"].items():
        expected = film_map(MAPS[name], PLACE, 256, 171) * 255
        np.testing.assert_allclose(unpacked(levels, (256, 171)), expected, atol=0.51)


def test_map_that_is_not_drawn_yet_is_left_out_but_its_class_is_offered():
    message = MapLayers.of({"COVID": MAPS["COVID"]}, PLACE, LAYER, "Normal", "Score-CAM").message
    assert (message["method"], list(message["levels"])) == ("Score-CAM", ["COVID"])
    assert tuple(message["classes"]) == CLASS_NAMES
    assert "beside" not in message


def test_lung_fields_are_outlined_over_the_film():
    lungs = np.zeros((PLACE.size, PLACE.size), bool)
    lungs[PLACE.top : PLACE.top + PLACE.height // 2, PLACE.left : PLACE.left + PLACE.width // 4] = True
    (outline,) = MapLayers.of(MAPS, PLACE, LAYER, "Normal", lungs=lungs).message["lungs"]
    np.testing.assert_allclose(np.max(outline, 0), (0.25, 0.5), atol=0.03)
    np.testing.assert_allclose(np.min(outline, 0), (0, 0), atol=0.03)
    assert "lungs" not in MapLayers.of(MAPS, PLACE, LAYER, "Normal").message
    plain, outlined = (
        np.asarray(Image.open(io.BytesIO(picture_as_seen(FILM, {}, PLACE, ViewerState(lungs=shown), lungs=lungs))).convert("L")).astype(int)
        for shown in (False, True)
    )
    rows, columns = np.nonzero(plain != outlined)
    assert rows.max() == pytest.approx(FILM.height / 2, abs=6)
    assert columns.max() == pytest.approx(FILM.width / 4, abs=6)


def test_maps_of_another_method_go_beside():
    message = MapLayers.of(MAPS, PLACE, LAYER, "Normal", beside=("SmoothGrad", {"Normal": MAPS["COVID"]})).message
    assert message["beside"]["method"] == "SmoothGrad"
    assert message["beside"]["levels"] == {"Normal": message["levels"]["COVID"]}


def test_picture_of_a_class_without_a_map_is_the_bare_film():
    saved = picture_as_seen(FILM, {}, PLACE, ViewerState(shown="Normal"))
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(saved))), display_grey(FILM))


# What comes back


def page():
    import streamlit as st

    from pages.viewer import film_viewer
    from tests.pages import test_viewer as module

    if st.session_state.get("away"):
        st.write("another page")
    else:
        film = module.OTHER if st.session_state.get("other") else module.LAYER
        maps = module.MapLayers.of(module.MAPS, module.PLACE, film, "Normal") if st.session_state.get("revealed") else None
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
    seen = look(app, shown="COVID", opacity=80, level=35, width=60, invert=True, mirror=True).session_state.seen
    assert seen == ViewerState("COVID", True, 80, 35, 60, True, True)
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


def test_another_film_keeps_the_layout_and_not_the_window(app):
    look(app, opacity=80, side_by_side=True, level=20, invert=True, mirror=True)
    app.session_state.other = True
    app.run()
    assert app.session_state.seen == ViewerState(opacity=80, side_by_side=True)
    assert message(app)["start"] == asdict(ViewerState(opacity=80, side_by_side=True))
    assert message(app)["film"]["key"] == OTHER.key


# The picture to take away


def seen(**parts):
    picture = Image.open(io.BytesIO(picture_as_seen(FILM, MAPS, PLACE, ViewerState(shown="COVID", **parts))))
    return np.asarray(picture)


GREY = display_grey(FILM)
COLOURED = overlay(GREY, colour_layer(film_map(MAPS["COVID"], PLACE, 300, 200)), 0.45)


def test_picture_follows_map_and_opacity():
    np.testing.assert_array_equal(seen(), COLOURED)
    np.testing.assert_array_equal(seen(opacity=0), np.dstack([GREY] * 3))


def test_picture_without_overlay_is_the_film():
    np.testing.assert_array_equal(seen(overlay=False), GREY)


def test_picture_with_a_map_ends_in_what_it_is_told_with_and_a_bare_film_does_not():
    texts = ["Input gate: REFUSED"]

    def saved(**parts):
        return np.asarray(Image.open(io.BytesIO(picture_as_seen(FILM, MAPS, PLACE, ViewerState(shown="COVID", **parts), texts))))

    for parts, film in (({}, COLOURED), ({"mirror": True, "opacity": 0}, np.dstack([GREY[:, ::-1]] * 3))):
        picture = saved(**parts)
        np.testing.assert_array_equal(picture[60:300], film[60:])
        assert picture.shape[0] > 300
    np.testing.assert_array_equal(saved()[300:], saved(mirror=True)[300:])
    assert saved()[300:].max() > 100
    np.testing.assert_array_equal(saved(overlay=False), GREY)


def test_picture_follows_window_and_invert():
    np.testing.assert_array_equal(seen(overlay=False, invert=True), 255 - GREY)
    shown = seen(overlay=False, level=25, width=50)
    assert (shown[GREY > 128] == 255).all()
    assert shown[GREY < 120].max() < 255


def test_mirrored_picture_says_so_in_its_corner():
    shown = seen(mirror=True)
    plain = COLOURED[:, ::-1]
    np.testing.assert_array_equal(shown[60:], plain[60:])
    np.testing.assert_array_equal(shown[:, 150:], plain[:, 150:])
    corner = shown[:8, :30]
    assert (corner != plain[:8, :30]).any()


def test_film_itself_is_left_alone():
    before = FILM.pixels.copy()
    seen(invert=True, mirror=True, level=20, width=10)
    np.testing.assert_array_equal(FILM.pixels, before)
