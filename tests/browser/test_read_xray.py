"""The main job in a real browser: drop a film, see it read, look at it in every way, get over a bad file."""

import base64
import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from cxr_core.imaging import decode_film, display_grey, windowed
from cxr_core.labels import CLASS_NAMES
from tests.browser.conftest import ONE_DROP_ZONE, ROOT
from tests.dicoms import dicom_bytes, levels

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = {"laptop": (1280, 800), "desk": (1920, 1080), "phone": (390, 844)}
PATIENCE = 300_000  # importing TensorFlow and compiling take long on a busy machine
# A plot that is being drawn anew is briefly not there or has no data: every look at one is guarded, and waits use that.
BARS = "[...document.querySelectorAll('.js-plotly-plot')].find(plot => plot.data?.[0]?.type === 'bar')"
# A number for each picture that the viewer shows, by all its pixels.
PIXELS = """() => {
    const viewer = document.querySelector('[data-testid=stBidiComponentIsolated]').shadowRoot;
    return [...viewer.querySelectorAll('.pane:not([hidden]) canvas')].map(canvas => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return new Uint32Array(data.buffer).reduce((sum, pixel) => (Math.imul(sum, 31) + pixel) | 0, 0);
    });
}"""


@pytest.fixture
def requests_out() -> list[str]:
    return []


@pytest.fixture
def received() -> list[int]:
    """Sizes of the messages that the server sent, in bytes."""
    return []


@pytest.fixture
def page(browser: Browser, app_url: str, requests_out: list[str], received: list[int]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(90_000)
    page.on("request", lambda request: requests_out.append(request.url))
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    page.goto(app_url)
    expect(page.get_by_role("button", name="Try the phantom")).to_be_visible(timeout=60_000)
    yield page
    context.close()


@pytest.fixture(scope="module")
def film_png(data: Path) -> bytes:
    """A real film of the test split, as the PNG that a radiologist would drag in."""
    buffer = io.BytesIO()
    Image.open(data / "COVID-19_Radiography_Dataset" / "COVID" / "images" / "COVID-1.jpg").save(buffer, "PNG")
    return buffer.getvalue()


def drop(page: Page, name: str, content: bytes) -> None:
    page.wait_for_function(ONE_DROP_ZONE)
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "image/png", "buffer": content})


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def save(page: Page, button: str) -> bytes:
    """Take a file away."""
    with page.expect_download() as taken:
        page.get_by_role("button", name=button).click()
    return Path(taken.value.path()).read_bytes()


def phantom(page: Page) -> None:
    page.get_by_role("button", name="Try the phantom").click(timeout=60_000)
    wait_for_read(page)


def wait_for_read(page: Page) -> None:
    expect(page.get_by_role("group", name="Map for")).to_be_visible(timeout=PATIENCE)
    page.wait_for_function(f"({BARS})?.calcdata?.[0]?.length === 4")
    expect(page.locator(".stage")).to_have_attribute("aria-busy", "false")


def probabilities(page: Page) -> dict[str, float]:
    values = page.evaluate(f"({BARS}).calcdata[0].map(bar => bar.s)")
    return dict(zip(CLASS_NAMES, values, strict=True))


def facts(page: Page) -> str:
    """The line with the time that the read took: another read, another time."""
    return page.get_by_text(re.compile(r"Read in \d")).inner_text()


def pixels(page: Page) -> list[int]:
    return page.evaluate(PIXELS)


def picture(page: Page, number: int = 0) -> np.ndarray:
    """What a canvas of the viewer shows, as uint8 RGB."""
    shot = page.locator(".pane canvas").nth(number).evaluate("canvas => canvas.toDataURL().split(',')[1]")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(shot))).convert("RGB"))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def set_slider(page: Page, name: str, value: int) -> None:
    page.locator(f"input[name={name}]").fill(str(value))


def changed(page: Page, act: Callable[[], None]) -> list[int]:
    """Do something that must change what the viewer shows; return what it shows then."""
    before = pixels(page)
    act()
    page.wait_for_function(f"before => JSON.stringify(({PIXELS})()) !== JSON.stringify(before)", arg=before, polling=100)
    return pixels(page)


def answered(page: Page) -> None:
    """Wait until the server has heard of the last change and has answered."""
    page.wait_for_timeout(800)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=PATIENCE)


def zoom(page: Page) -> int:
    return int(page.locator(".zoom").inner_text().rstrip("%"))


def test_real_film_is_read_and_the_overlay_follows_class_and_opacity(page, film_png, requests_out, shots):
    drop(page, "secret-name.png", film_png)
    wait_for_read(page)
    page.screenshot(path=shots / "real-film.png")
    read, told = probabilities(page), facts(page)
    assert list(read) == list(CLASS_NAMES)
    assert sum(read.values()) == pytest.approx(1, abs=1e-4)
    assert all(0 <= value <= 1 for value in read.values())
    top = max(read, key=read.__getitem__)
    expect(page.get_by_role("button", name=top, exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("input[name=opacity]")).to_have_value("45")

    changed(page, lambda: press(page, min(read, key=read.__getitem__)))
    changed(page, lambda: set_slider(page, "opacity", 90))
    bare = changed(page, lambda: press(page, "Overlay"))
    answered(page)
    colours = np.ptp(picture(page).astype(int), axis=2)
    assert colours.max() == 0  # without the overlay the film is grey
    changed(page, lambda: press(page, "Overlay"))
    answered(page)
    assert np.ptp(picture(page).astype(int), axis=2).max() > 50
    assert pixels(page) != bare
    assert (probabilities(page), facts(page)) == (read, told)
    assert all(url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")) for url in requests_out)


def test_every_way_to_look_changes_the_picture_and_reads_nothing_again(page, received):
    phantom(page)
    read, told = probabilities(page), facts(page)
    received.clear()
    seen = [pixels(page)]
    for name in ("Lungs", "Soft tissue", "Bones"):
        seen.append(changed(page, lambda name=name: press(page, name)))
    seen.append(changed(page, lambda: set_slider(page, "level", 30)))
    seen.append(changed(page, lambda: set_slider(page, "width", 20)))
    seen.append(changed(page, lambda: press(page, "Invert")))
    seen.append(changed(page, lambda: press(page, "Mirror")))
    expect(page.get_by_text("MIRRORED")).to_be_visible()
    seen.append(changed(page, lambda: press(page, "Side by side")))
    expect(page.locator(".pane canvas:visible")).to_have_count(2)
    assert len({str(view) for view in seen}) == len(seen)
    answered(page)
    assert (probabilities(page), facts(page)) == (read, told)
    press(page, "Side by side")
    changed(page, lambda: press(page, "Reset"))
    expect(page.get_by_text("MIRRORED")).to_be_hidden()
    assert pixels(page) == seen[0]
    answered(page)
    assert sum(received) < 200_000  # a phantom is five times that


def test_picture_on_screen_is_the_window_and_mirror_that_the_library_draws(page):
    phantom(page)
    press(page, "Overlay")
    answered(page)
    tab(page, "Take away")
    grey = np.asarray(Image.open(io.BytesIO(save(page, "Save the picture"))))
    assert grey.shape == (1024, 1024)
    assert len(np.unique(grey)) > 200

    press(page, "Soft tissue")
    press(page, "Invert")
    answered(page)
    saved = np.asarray(Image.open(io.BytesIO(save(page, "Save the picture"))))
    np.testing.assert_array_equal(saved, windowed(grey, 65, 60, invert=True))

    shown = picture(page)[..., 0]
    height, width = shown.shape
    side = min(height, width)
    middle = shown[(height - side) // 2 :, (width - side) // 2 :][:side, :side]
    expected = np.asarray(Image.fromarray(saved).resize((side, side), Image.Resampling.BOX))
    assert np.abs(middle.astype(int) - expected).mean() < 3
    changed(page, lambda: press(page, "Mirror"))
    middle = picture(page)[..., 0][(height - side) // 2 :, (width - side) // 2 :][:side, :side]
    assert np.abs(middle[:, ::-1].astype(int) - expected).mean() < 3


def test_zoom_and_pan_survive_an_opacity_change_and_double_click_fits(page):
    phantom(page)
    whole, start = zoom(page), pixels(page)
    box = page.locator(".stage").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 100, y - 50)
    changed(page, lambda: page.mouse.wheel(0, -400))
    zoomed = zoom(page)
    assert zoomed > 1.5 * whole

    def drag(dx: int, dy: int) -> None:
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + dx, y + dy, steps=4)
        page.mouse.up()

    before = picture(page)
    changed(page, lambda: drag(40, 25))
    after = picture(page)
    assert np.abs(after[25:, 40:].astype(int) - before[:-25, :-40]).mean() < np.abs(after.astype(int) - before).mean() / 4

    changed(page, lambda: set_slider(page, "opacity", 0))
    answered(page)
    assert zoom(page) == zoomed
    page.mouse.dblclick(x, y)
    expect(page.locator(".zoom")).to_have_text(f"{whole}%")
    set_slider(page, "opacity", 45)
    page.wait_for_function(f"start => JSON.stringify(({PIXELS})()) === JSON.stringify(start)", arg=start, polling=100)

    page.keyboard.down("Shift")
    changed(page, lambda: drag(-80, 40))
    page.keyboard.up("Shift")
    expect(page.locator("input[name=level]")).to_have_value("60")
    expect(page.locator("input[name=width]")).to_have_value("80")
    assert zoom(page) == whole


def test_keys_do_what_the_buttons_do(page):
    phantom(page)
    stage = page.get_by_role("application", name="Film")
    stage.focus()
    whole = zoom(page)
    for key, button in (("i", "Invert"), ("f", "Mirror"), ("o", "Overlay"), ("l", "Lung fields"), ("s", "Side by side")):
        was = page.get_by_role("button", name=button, exact=True).get_attribute("aria-pressed")
        changed(page, lambda key=key: page.keyboard.press(key))
        expect(page.get_by_role("button", name=button, exact=True)).to_have_attribute("aria-pressed", "false" if was == "true" else "true")
    page.keyboard.press("s")
    changed(page, lambda: page.keyboard.press("+"))
    assert zoom(page) > whole
    changed(page, lambda: page.keyboard.press("ArrowDown"))
    changed(page, lambda: page.keyboard.press("0"))
    assert zoom(page) == whole
    for number, name in enumerate(CLASS_NAMES, 1):
        page.keyboard.press(str(number))
        expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Overlay", exact=True)).to_have_attribute("aria-pressed", "true")
    answered(page)
    expect(stage).to_be_focused()


def test_film_comes_back_as_it_was_looked_at(page):
    phantom(page)
    press(page, "Bones")
    press(page, "Mirror")
    set_slider(page, "opacity", 80)
    answered(page)
    page.get_by_role("link", name="how good is it?").click()
    expect(page.get_by_role("heading", name="Model card:")).to_be_visible()
    page.get_by_role("link", name="Read", exact=True).click()
    wait_for_read(page)
    expect(page.get_by_role("button", name="Bones", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("MIRRORED")).to_be_visible()
    expect(page.locator("input[name=opacity]")).to_have_value("80")


def test_text_file_named_png_gets_a_sentence_and_the_next_film_is_read(page, film_png):
    drop(page, "secret-name-notes.png", b"these are my notes")
    expect(page.get_by_text("The file is not an image, whatever its name says.")).to_be_visible()
    drop(page, "film.png", film_png)
    wait_for_read(page)
    expect(page.get_by_text("The file is not an image, whatever its name says.")).to_have_count(0)
    grey = display_grey(decode_film(film_png))
    press(page, "Overlay")
    answered(page)
    tab(page, "Take away")
    taken = save(page, "Save the picture")
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(taken))), grey)


def test_letters_tell_the_patients_sides_and_change_places_when_mirrored(page):
    drop(page, "film.dcm", dicom_bytes(levels(), bits=12, PatientOrientation=["L", "F"]))
    sides = page.locator(".pane:visible .side")
    expect(sides).to_have_text(["R", "L"], timeout=PATIENCE)
    left, right = (sides.nth(number).bounding_box() for number in (0, 1))
    assert left["x"] + left["width"] < right["x"]
    press(page, "Mirror")
    expect(sides).to_have_text(["L", "R"])
    page.get_by_role("button", name="Remove film").click()
    page.get_by_role("button", name="Try the phantom").click()
    expect(page.locator(".pane:visible .side").first).to_have_text("")


def test_clearing_the_film_brings_the_drop_zone_back(page, film_png):
    drop(page, "film.png", film_png)
    wait_for_read(page)
    expect(page.get_by_text("film.png")).to_have_count(0)
    page.get_by_role("button", name="Remove film").click()
    expect(page.get_by_role("button", name="Try the phantom")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_film_is_the_largest_thing_on_screen(browser: Browser, app_url: str, shots, size, scheme):
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(90_000)
    page.goto(app_url)
    phantom(page)
    expect(page.get_by_text("Phantom, not a patient: what the model says of it means nothing.")).to_be_visible()
    page.wait_for_timeout(500)
    page.screenshot(path=shots / f"read-{size}-{scheme}.png")
    if os.environ.get("SCREENSHOTS") and (size, scheme) == ("laptop", "light"):
        shutil.copy(shots / f"read-{size}-{scheme}.png", ROOT / "docs" / "read.png")
    stage = page.locator(".stage").bounding_box()
    bars = page.locator(".js-plotly-plot").bounding_box()
    assert stage["width"] * stage["height"] > 1.5 * bars["width"] * bars["height"]
    if size == "phone":
        assert stage["width"] == pytest.approx(stage["height"], abs=2)  # the phantom is square: no bars at its sides
        assert stage["width"] > 0.9 * width
    else:
        assert stage["height"] > 0.65 * height
        controls = page.get_by_role("group", name="Saliency map").bounding_box()
        assert controls["y"] + controls["height"] <= height
    press(page, "Side by side")
    press(page, "Lungs")
    press(page, "Mirror")
    answered(page)
    page.screenshot(path=shots / f"read-{size}-{scheme}-side-by-side.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()


def test_model_card_is_one_click_away(page, film_png, shots):
    drop(page, "film.png", film_png)
    wait_for_read(page)
    page.get_by_role("link", name="how good is it?").click()
    expect(page.get_by_role("heading", name="Model card:")).to_be_visible()
    page.screenshot(path=shots / "model-card.png", full_page=True)


def test_film_is_called_explained_compared_and_taken_away(page, film_png, shots):
    drop(page, "secret-name.png", film_png)
    wait_for_read(page)
    told = facts(page)
    verdict = page.get_by_text(re.compile(r"COVID-positive at a threshold of")).first
    before = verdict.inner_text()
    page.locator(".st-key-read_threshold_slider").get_by_role("slider").press("ArrowRight")
    expect(page.get_by_text("Set by hand.")).to_be_visible()
    assert verdict.inner_text() != before
    prevalence = page.locator(".st-key-read_prevalence_input input")
    prevalence.fill("0.5")
    prevalence.press("Enter")
    expect(page.get_by_text("PPV at 0.5%")).to_be_visible()

    tab(page, "Where it looked")
    expect(page.get_by_text("localised findings worse than radiologists did")).to_be_visible()
    top = page.locator("[data-class][aria-pressed=true]").inner_text()
    page.get_by_role("combobox", name="Compare with").click()
    page.get_by_role("option", name="SmoothGrad").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name=f"Draw SmoothGrad for {top}").click()
    expect(page.get_by_text("rank correlation")).to_be_visible(timeout=PATIENCE)
    press(page, "Side by side")
    expect(page.locator(".label", has_text=f"SmoothGrad for {top}")).to_be_visible()
    expect(page.locator(".label", has_text=f"Grad-CAM for {top}")).to_be_visible()
    answered(page)
    page.screenshot(path=shots / "read-compared.png")
    other = next(name for name in CLASS_NAMES if name != top)
    press(page, other)
    expect(page.locator(".label", has_text=f"No SmoothGrad for {other} yet")).to_be_visible()
    expect(page.get_by_role("button", name=f"Draw SmoothGrad for {other}")).to_be_visible()

    tab(page, "Take away")
    assert save(page, "Report, PDF").startswith(b"%PDF")
    report = json.loads(save(page, "Report, JSON"))
    assert report["saliency"]["class_name"] == other
    assert report["call"]["rule"] == "Set by hand."
    assert report["call"]["prevalence"] == 0.005
    assert "secret-name" not in json.dumps(report)
    page.screenshot(path=shots / "read-take-away.png")
    assert facts(page) == told

    tab(page, "Operating point")
    page.get_by_role("button", name="Use in PCR or X-ray?").click()
    expect(page.get_by_text(re.compile(r"as it was handed over, threshold"))).to_be_visible()


def test_own_opinion_comes_before_the_models(page, film_png, shots):
    page.get_by_text("Read first", exact=True).click()
    drop(page, "film.png", film_png)
    expect(page.get_by_text(re.compile(r"Read in \d"))).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Your read first.")).to_be_visible()
    assert page.locator(".js-plotly-plot").count() == 0
    expect(page.get_by_role("group", name="Map for")).to_be_hidden()
    expect(page.get_by_role("button", name="Report, PDF")).to_have_count(0)
    page.screenshot(path=shots / "read-first.png")
    page.get_by_test_id("stForm").get_by_role("button", name="COVID", exact=True).or_(
        page.get_by_role("radio", name="COVID", exact=True)
    ).click()
    page.get_by_text("fairly sure", exact=True).click()
    page.get_by_role("button", name="Commit").click()
    wait_for_read(page)
    expect(page.get_by_text("COVID, fairly sure (3 of 5)")).to_be_visible()
    page.screenshot(path=shots / "read-first-revealed.png")
    tab(page, "Take away")
    report = json.loads(save(page, "Report, JSON"))
    assert report["opinion"]["before_reveal"] is True
    assert report["agreement"]


def test_photograph_is_refused_until_it_is_asked_for(page, shots):
    from sklearn.datasets import load_sample_image

    photograph = io.BytesIO()
    Image.fromarray(load_sample_image("flower.jpg")).save(photograph, "PNG")
    drop(page, "flower.png", photograph.getvalue())
    expect(page.get_by_text("Not read: the input gate refused this film.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("group", name="Map for")).to_be_hidden()
    assert page.locator(".js-plotly-plot").count() == 0
    page.screenshot(path=shots / "read-refused.png")
    assert "probabilities" not in json.loads(save(page, "Report, JSON"))
    page.get_by_role("button", name="Show anyway").click()
    wait_for_read(page)
    expect(page.get_by_text("Do not rely on the read below.")).to_be_visible()
    page.screenshot(path=shots / "read-shown-anyway.png")
    assert sum(probabilities(page).values()) == pytest.approx(1, abs=1e-4)
