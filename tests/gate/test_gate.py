"""The gate as a whole, and its file."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cxr_core.artifacts import CARD_FILE
from cxr_core.gate import GATE_FILE, InputGate, SoundFilm, fit_gate, reshaped, turned
from cxr_core.gate.counterexamples import photographed
from cxr_core.gate.errors import GateDamagedError, GateMissingError
from cxr_core.gate.fit import FAR, PERCENTILES, limits
from cxr_core.gate.gate import RISING, Measures
from cxr_core.gate.orientation import ORIENTATIONS
from cxr_core.imaging import WHOLE_FILM, Colour, draw_phantom, placement, square_input
from cxr_core.lungs import LungFields, Prepared
from tests.gates import open_gate

REPOSITORY = Path(__file__).parents[2]
CHANNELS = 12
SHA = "ab" * 32


def fields(turns=0, *, left=True):
    """Two lungs that were found with certainty on an upright film, turned by so many quarters, or one of them alone."""
    probabilities = np.zeros((64, 64, 2), np.float32)
    probabilities[16:48, 10:28, 0] = 1
    probabilities[16:48, 36:54, 1] = left
    return LungFields(np.rot90(probabilities, turns), placement(64, 64, 64))


def seen(square, lungs=None):
    """A film as the networks see it, whose lungs say nothing against it unless others are given."""
    return Prepared(square, lungs or fields(), WHOLE_FILM, square)


def phantoms(seeds):
    films = np.stack([square_input(draw_phantom(160, 140 + 3 * (seed % 9), seed), 96) for seed in seeds])
    features = np.random.default_rng(seeds[0]).normal(3, 1, (len(films), CHANNELS)).astype(np.float32)
    return films, features


def sound_films(seeds):
    rng = np.random.default_rng(seeds[0])
    return [
        SoundFilm(film, row, square_input(reshaped(film, rng), 96), row + rng.normal(0, 0.1, CHANNELS))
        for film, row in zip(*phantoms(seeds), strict=True)
    ]


@pytest.fixture(scope="module")
def fitted():
    return fit_gate(SHA, zip(sound_films(range(60)), np.arange(60) % 3, strict=True), sound_films(range(100, 140)))


def folder_of(path, sha256=SHA):
    path.mkdir(exist_ok=True)
    identity = {"backbone": "MobileNetV2", "size": 96, "sha256": sha256, "parameters": 1}
    (path / CARD_FILE).write_text(json.dumps({"model": identity}))
    return path


UNSEEN = range(200, 216)


@pytest.mark.parametrize("change", ["inverted", "rotated_90", "rotated_180", "rotated_270"])
def test_turned_and_inverted_films_are_named_as_such(fitted, change):
    films, features = phantoms(UNSEEN)
    upright = [fitted.judge_input(seen(film), row) for film, row in zip(films, features, strict=True)]
    changed = [fitted.judge_input(seen(turned(film, change)), row) for film, row in zip(films, features, strict=True)]
    assert sum(outcome.outcome == "refused" for outcome in upright) <= len(upright) // 4
    assert all(outcome.outcome == "refused" for outcome in changed)
    assert sum(change in outcome.codes for outcome in changed) >= 0.9 * len(changed)


def test_mirrored_films_are_warned_of(fitted):
    films, features = phantoms(UNSEEN)
    plain = [fitted.judge_input(seen(film), row) for film, row in zip(films, features, strict=True)]
    swapped = [fitted.judge_input(seen(np.ascontiguousarray(film[:, ::-1])), row) for film, row in zip(films, features, strict=True)]
    assert sum("mirrored" in outcome.codes for outcome in plain) <= len(plain) // 8
    assert all("mirrored" in outcome.codes for outcome in swapped if outcome.outcome != "refused")
    assert sum("mirrored" in outcome.codes for outcome in swapped) >= 0.7 * len(swapped)


@pytest.mark.parametrize(
    ("lungs", "limits", "codes"),
    [
        (fields(), {"mirrored": (-1, np.inf)}, ("mirrored",)),
        (fields(2), {"mirrored": (-1, np.inf)}, ("mirrored",)),  # the lungs said so already
        (fields(1), {"mirrored": (-1, np.inf)}, ("turned_lungs",)),
        (fields(), {"mirrored": (-1, np.inf), "orientation": (-1, 9)}, (ORIENTATIONS[1],)),
    ],
    ids=["edges", "lungs too", "on its side", "another orientation"],
)
def test_swapped_sides_are_told_once_and_only_of_a_film_that_lies_right(lungs, limits, codes):
    said = open_gate(SHA, CHANNELS, **limits).judge_input(seen(np.zeros((96, 96, 1), np.float32), lungs), None)
    assert said.codes == codes


def test_photographs_of_films_are_caught(fitted):
    films, features = phantoms(UNSEEN)
    rng = np.random.default_rng(0)
    plain = [fitted.judge_input(seen(film), row) for film, row in zip(films, features, strict=True)]
    photos = [fitted.judge_input(seen(photographed(film, rng)), row) for film, row in zip(films, features, strict=True)]
    assert sum("photographed" in outcome.codes for outcome in plain) <= len(plain) // 8
    assert sum(outcome.outcome != "read" for outcome in photos) >= 0.9 * len(photos)
    assert sum("photographed" in outcome.codes for outcome in photos) >= 0.5 * len(photos)


def test_a_turned_film_is_not_called_a_photograph_too():
    film = np.zeros((96, 96, 1), np.float32)
    assert open_gate(SHA, CHANNELS, photograph=(-1, 9)).judge_input(seen(film), None).codes == ("photographed",)
    gate = open_gate(SHA, CHANNELS, orientation=(-1, -1), photograph=(-1, -1))
    assert gate.judge_input(seen(film), None).codes == (ORIENTATIONS[1],)  # the first of those that are equally likely
    doubtful = open_gate(SHA, CHANNELS, orientation=(-1, 9), photograph=(-1, 9))
    assert doubtful.judge_input(seen(film), None).codes == (ORIENTATIONS[1], "photographed")
    gate.orientation.bias[ORIENTATIONS.index("not_a_chest")] = 1
    assert gate.judge_input(seen(film), None).codes == ("not_a_chest", "photographed")


def test_noise_is_refused(fitted):
    rng = np.random.default_rng(0)
    for _ in range(8):
        outcome = fitted.judge_input(seen(rng.random((96, 96, 1), np.float32)), None)
        assert outcome.outcome == "refused"


def test_features_far_from_those_of_training_are_refused_and_may_be_left_out(fitted):
    films, features = phantoms(UNSEEN)
    read = next(pair for pair in zip(films, features, strict=True) if fitted.judge_input(seen(pair[0]), pair[1]).outcome == "read")
    far = fitted.judge_input(seen(read[0]), read[1] + 50)
    assert far.outcome == "refused"
    assert far.codes == ("out_of_distribution",)
    assert fitted.judge_input(seen(read[0]), None).outcome == "read"


@pytest.mark.parametrize(
    ("edges", "features", "outcome"),
    [
        ((9, 9), (9, 9), "read"),
        ((0, 9), (9, 9), "warning"),
        ((9, 9), (0, 9), "warning"),
        ((0, 0), (0, 9), "refused"),
        ((0, 9), (0, 0), "refused"),
    ],
)
def test_the_weightier_distance_speaks_for_both(edges, features, outcome):
    film, row = (part[0] for part in phantoms(range(1)))
    said = open_gate(SHA, CHANNELS, edges=edges, features=features).judge_input(seen(film), row)
    assert said.outcome == outcome
    far = "elsewhere" if features[0] == 0 and outcome == "warning" else "out_of_distribution"  # only the network finds it far
    assert said.codes == (() if outcome == "read" else (far,))


@pytest.mark.parametrize(
    ("lungs", "codes", "outcome"),
    [
        (fields(), (), "read"),
        (LungFields(np.zeros((64, 64, 2), np.float32), placement(64, 64, 64)), ("no_lungs",), "refused"),
        (fields(left=False), ("doubtful_lungs",), "warning"),
        (fields(1), ("turned_lungs",), "refused"),
        (fields(2), ("mirrored",), "warning"),
    ],
    ids=["sound", "none", "one", "turned", "exchanged"],
)
def test_what_the_lungs_say_counts_unless_the_film_is_known_to_lie_wrong(lungs, codes, outcome):
    film = np.zeros((96, 96, 1), np.float32)
    said = open_gate(SHA, CHANNELS).judge_input(seen(film, lungs), None)
    assert (said.codes, said.outcome) == (codes, outcome)
    turned_film = open_gate(SHA, CHANNELS, orientation=(-1, -1))
    assert turned_film.judge_input(seen(film, lungs), None).codes == (ORIENTATIONS[1],)


def test_what_the_file_says_counts(fitted):
    films, features = phantoms(UNSEEN)
    film = draw_phantom(96, 96)
    said = fitted.judge(replace(film, view="LL", colour=Colour(0.01, 0.0)), seen(films[0]), features[0])
    assert {"lateral", "colour"} <= set(said.codes)
    assert said.outcome == "refused"


@pytest.mark.parametrize("wide", [True, False])
def test_films_of_other_proportions_and_their_features_are_at_home(wide):
    """Where the network makes something else of black bars, that counts for none that were fitted on."""
    films = [replace(sound, narrow_features=sound.narrow_features + 20 * wide) for sound in sound_films(range(60))]
    gate = fit_gate(SHA, zip(films, np.arange(60) % 3, strict=True), films)
    said = [gate.judge_input(seen(sound.narrow), sound.narrow_features) for sound in films]
    assert sum(outcome.outcome == "refused" for outcome in said) <= len(said) // 10
    far = [gate.judge_input(seen(sound.narrow), sound.narrow_features + 1000) for sound in films]
    assert all(outcome.outcome == "refused" for outcome in far)


def test_the_fit_repeats_itself():
    films = sound_films(range(20))

    def fit(seed):
        gate = fit_gate(SHA, zip(films, np.arange(20) % 4, strict=True), films, seed)
        return gate.orientation.weights, gate.limits

    (weights, found), (again, found_again), (other, _) = fit(0), fit(0), fit(1)
    np.testing.assert_array_equal(weights, again)
    assert found == found_again
    assert not np.array_equal(weights, other)


@pytest.mark.parametrize("name", Measures._fields)
def test_thresholds_are_percentiles_of_val_films(name):
    rng = np.random.default_rng(0)
    films = [Measures(*row) for row in rng.uniform(0.1, 0.5, (1000, len(Measures._fields)))]
    values = np.array([getattr(film, name) for film in films])
    warning, refused = limits(films)[name]
    expected = PERCENTILES[name]
    assert warning == pytest.approx(np.percentile(values, expected[0]))
    if name == "features":
        assert refused == pytest.approx(FAR * values.max())
    elif expected[1] is None:
        assert refused == (np.inf if name in RISING else pytest.approx(values.min() / 2))
    else:
        assert (values > refused).mean() == pytest.approx(1 - expected[1] / 100, abs=2e-3)
        assert refused >= warning


def test_square_val_films_do_not_make_every_narrower_film_odd():
    warning, refused = limits([Measures(0.2, 0.2, 1.0, 0.1, 0.1, 0.1, 1.0, 1.0)] * 20)["filled"]
    assert 0.5 < warning < 0.7
    assert refused < warning


def test_saved_gate_judges_as_before(fitted, tmp_path):
    fitted.save(folder_of(tmp_path))
    loaded = InputGate.load(tmp_path)
    assert loaded.limits == fitted.limits
    assert loaded.weights_sha256 == SHA
    for film, row in zip(*phantoms(UNSEEN), strict=True):
        assert loaded.measure(film, row) == fitted.measure(film, row)
        assert loaded.judge_input(seen(turned(film, "inverted")), row) == fitted.judge_input(seen(turned(film, "inverted")), row)
    assert (tmp_path / GATE_FILE).stat().st_size < 3_000_000
    assert sorted(path.name for path in tmp_path.iterdir()) == [GATE_FILE, CARD_FILE]


def test_missing_gate_is_said(tmp_path):
    with pytest.raises(GateMissingError, match=r"gate\.npz is missing\. Restore it"):
        InputGate.load(folder_of(tmp_path))


def test_gate_of_other_weights_is_refused(tmp_path):
    open_gate("cd" * 32, CHANNELS).save(folder_of(tmp_path))
    with pytest.raises(GateDamagedError, match="fitted for other weights"):
        InputGate.load(tmp_path)


@pytest.mark.parametrize("damage", [b"", b"not a zip", "cut", "pickle", "other arrays"])
def test_damaged_file_is_one_sentence(tmp_path, damage):
    open_gate(SHA, CHANNELS).save(folder_of(tmp_path))
    path = tmp_path / GATE_FILE
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-300])
    elif damage == "pickle":
        np.savez(path, layout=np.array([object()]))
    elif damage == "other arrays":
        np.savez(path, layout=1)
    else:
        path.write_bytes(damage)
    with pytest.raises(GateDamagedError, match="damaged or of another version"):
        InputGate.load(tmp_path)
