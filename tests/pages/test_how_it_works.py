"""The lecture, run without a browser, on a tiny model: every step, its numbers, its film."""

from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cxr_core.artifacts import WeightsMissingError
from cxr_core.figures import grid_figure
from cxr_core.imaging import draw_phantom, load_film
from cxr_core.labels import in_words
from cxr_core.lecture import Insides, descend, drawn_points, evidence_map, stretched
from cxr_core.lungs import prepare
from cxr_core.reading import Reader
from cxr_core.similar import Building, FilmIndex, Store, list_similar, sketch_of
from pages.lecture import cheats
from pages.lecture.steps import CHAPTERS, STEPS
from pages.read import Tray
from tests.similar.films import folder_of

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "pages" / "how_it_works.py"
PHANTOM = draw_phantom(opacity=0.6)


@pytest.fixture(scope="module")
def reader(tiny_model):
    return Reader.load(tiny_model)


@pytest.fixture
def shown(reader, tiny_model, monkeypatch):
    """Open a step, and run it until the model is there: without a browser nobody polls for it."""
    st.cache_resource.clear()
    monkeypatch.setattr(Reader, "load", classmethod(lambda cls: reader))
    for module in ("pages.read.model", "pages.lecture.film"):
        monkeypatch.setattr(f"{module}.SHIPPED_MODEL", tiny_model)
    monkeypatch.setattr("pages.lecture.cheats.st.page_link", lambda *args, **options: None)  # there is no router

    def show(step=None, tray=None):
        app = AppTest.from_file(str(PAGE), default_timeout=120)
        if tray is not None:
            app.session_state.tray = tray
        if step is not None:
            app.query_params["step"] = step
        return settled(app)

    yield show
    st.cache_resource.clear()


def settled(app):
    app.run()
    for _ in range(100):
        if app.exception or not any("Loading the model" in info.value for info in app.info):
            return app
        app.run()
    raise AssertionError("the model never loaded")


def texts(app):
    return " ".join(element.value for element in [*app.markdown, *app.caption, *app.info, *app.error, *app.latex])


def press(app, key):
    app.button(key=key).click()
    return settled(app)


def test_overview_leads_to_every_step(shown):
    app = shown()
    assert not app.exception
    assert {f"to-{name}" for name in STEPS} <= {button.key for button in app.button}
    assert all(chapter in texts(app) for chapter in CHAPTERS)
    assert press(app, "to-gradcam").query_params["step"] == "gradcam"


def test_next_and_previous_walk_through_all_steps(shown):
    app = shown()
    walked = []
    for _ in STEPS:
        press(app, "to-next")
        assert not app.exception, app.exception
        assert not app.error
        walked.append(app.query_params["step"])
        assert app.header[0].value == STEPS[walked[-1]].title
    assert walked == list(STEPS)
    assert app.button(key="to-next").disabled
    assert press(app, "to-previous").query_params["step"] == walked[-2]
    assert "step" not in press(app, "to-overview").query_params


def test_unknown_step_is_told(shown):
    app = shown("dreams")
    assert "a step that does not exist" in texts(app)
    assert app.header[0].value == "How it works"


def test_learning_rate_changes_the_ending_and_is_kept(shown):
    app = shown("neuron")
    for rate, word in ((0.01, "crawls"), (100.0, "diverges"), (1.0, "converges")):
        app.select_slider(key="lecture_rate").set_value(rate).run()
        assert f"**{word}**" in texts(app)
        assert f"{descend(drawn_points(), rate, 60).losses[-1]:.3f}" in texts(app) or word == "diverges"
    app.select_slider(key="lecture_rate").set_value(30.0).run()
    press(app, "to-next")
    assert press(app, "to-previous").select_slider(key="lecture_rate").value == 30.0


def test_loss_follows_the_confidence(shown):
    app = shown("loss")
    app.slider(key="lecture_confidence").set_value(0.97).run()
    assert "costs 0.03 and a wrong one 4.61" in texts(app)
    app.slider(key="lecture_confidence").set_value(0.25).run()
    assert "about the same: 1.39 and 1.39" in texts(app)


def test_kernels_hand_made_and_learned(shown, reader):
    app = shown("convolution")
    options = app.pills(key="lecture_kernel").options
    learned = [option for option in options if option.startswith("Learned")]
    assert len(options) > len(learned) == 4
    app.pills(key="lecture_kernel").set_value(learned[0]).run()
    assert not app.exception
    assert "`stem_conv`" in texts(app)
    app.slider(key="lecture_row").set_value(0).run()
    app.slider(key="lecture_column").set_value(0).run()
    kernel = Insides(reader.classifier.network).first_kernel(int(learned[0].split()[-1]))
    size = reader.classifier.identity.size
    window = prepare(PHANTOM, size, reader.classifier.identity.crop).canonical[: kernel.side, : kernel.side, 0]
    assert f"**{(window * kernel.weights).sum() + kernel.bias:.3f}**" in texts(app)


def test_sum_is_the_reads_grad_cam(shown, reader):
    app = shown("gradcam")
    identity = reader.classifier.identity
    seen = Insides(reader.classifier.network).see(prepare(PHANTOM, identity.size, identity.crop).canonical)
    read = reader.read(PHANTOM)
    evidence = evidence_map(seen.last, seen.weights[list(read.maps).index(read.top_class)])
    best = np.unravel_index(evidence.argmax(), evidence.shape)
    assert f"**{evidence[best]:.4f}**" in texts(app)
    assert f"Grad-CAM has {stretched(evidence)[best]:.3f} here" in texts(app)


def test_freezing_counts_the_weights(shown, reader):
    app = shown("transfer")
    structure = Insides(reader.classifier.network).structure
    for last in (0, len(structure.layers)):
        app.slider(key="lecture_last").set_value(last).run()
        assert structure.sentence(last) in texts(app)


def test_changes_have_the_models_own_probabilities(shown, reader):
    app = shown("cheats")
    app.pills(key="lecture_change").set_value("Mirrored").run()
    read = reader.read(PHANTOM)
    assert "Left and right are exchanged. That changes" in texts(app)
    assert f"({read.probabilities[read.top_class]:.2f})" in texts(app)


def test_a_film_of_the_same_class_from_another_source_is_read_where_a_folder_was_named(shown, reader, tmp_path, monkeypatch):
    grids = []
    monkeypatch.setattr(cheats, "grid_figure", lambda *args, **options: grids.append((args, options)) or grid_figure(*args, **options))
    called = reader.read(PHANTOM).top_class
    rows = [{"seed": n, "path": f"{n}.png", "label": called, "source": "web" if n < 8 else "rsna"} for n in range(16)]
    films, store = list_similar([folder_of(tmp_path, rows)]), Store([tmp_path], reader.classifier.identity)
    app = shown("cheats")
    assert "Name a folder with films of several sources on *Read*" in texts(app)
    app.session_state.similar_named = str(tmp_path)
    assert "Name a folder with films of several sources on *Read*" in texts(app.run())  # its index is not built
    for _ in Building(films, store).steps(reader.classifier):
        pass
    assert all(options["rows"][-1] != cheats.ANOTHER_SOURCE for _, options in grids)
    app.run()
    assert not app.exception
    index = FilmIndex(films, store.load())
    film = index.from_another_source(reader.read(PHANTOM).features, sketch_of(PHANTOM), PHANTOM.fingerprint, called)
    read = reader.read(load_film(film.path))
    answer = f"**The network says {in_words(read.top_class)}, {read.probabilities[read.top_class]:.2f}"
    assert f"It comes from {film.source}. {answer}" in texts(app)
    assert ("and is right" if read.top_class == called else "and is wrong") in texts(app)
    (table, _), options = grids[-1]  # with all changes of the film on screen
    assert options["rows"][-1] == cheats.ANOTHER_SOURCE
    assert len(options["rows"]) == len(table)
    assert table[-1] == pytest.approx(list(read.probabilities.values()), abs=1e-5)
    app.session_state.similar_named = str(tmp_path / "nowhere")
    assert not app.run().exception
    assert "It comes from" not in texts(app)
    assert cheats.ANOTHER_SOURCE not in grids[-1][1]["rows"]


def test_film_is_the_one_on_the_tray(shown):
    film = draw_phantom(200, 220, seed=4)
    tray = Tray()
    tray.put(film)
    assert "the phantom that is open on *Read*" in texts(shown("depths", tray))
    assert "No film is open on *Read*" in texts(shown("depths"))


def test_model_that_does_not_load_leaves_the_rest(shown, monkeypatch):
    def fail(cls):
        raise WeightsMissingError("The weights are gone.")

    monkeypatch.setattr(Reader, "load", classmethod(fail))
    app = shown("pooling")
    assert not app.exception
    assert "The weights are gone." in texts(app)
    assert app.pills(key="lecture_kernel").options[0] == "Upright edges"
    assert "**converges**" in texts(shown("neuron"))
