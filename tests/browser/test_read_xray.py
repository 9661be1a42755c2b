"""The main job in a real browser: drop a film, see it read, look at it in every way, get over a bad file."""

import base64
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from cxr_core.imaging import decode_film, display_grey, draw_phantom, windowed
from cxr_core.labels import CLASS_NAMES, in_words
from tests.browser.conftest import ONE_DROP_ZONE, PHOTOGRAPHED, ROOT, answered, drop_on, looks, new_tab, photograph, png_of
from tests.dicoms import dicom_bytes, levels
from tests.worklist.faking import zip_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = {"laptop": (1280, 800), "desk": (1920, 1080), "phone": (390, 844)}
PATIENCE = 300_000  # importing TensorFlow and compiling take long on a busy machine
# A plot that is being drawn anew is briefly not there or has no data: every look at one is guarded, and waits use that.
BARS = "[...document.querySelectorAll('.js-plotly-plot')].find(plot => plot.data?.[0]?.type === 'bar')"
# A number for each picture that the viewer shows, by all its pixels.
PIXELS = """() => {
    const roots = [...document.querySelectorAll('[data-testid=stBidiComponentIsolated]')].map(({ shadowRoot }) => shadowRoot);
    const viewer = roots.find((root) => root?.querySelector('.viewer'));
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
def page(context: BrowserContext, app_url: str, requests_out: list[str], received: list[int]) -> Iterator[Page]:
    listeners = {
        "request": lambda request: requests_out.append(request.url),
        "websocket": lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))),
    }
    with new_tab(context) as page:
        for event, listener in listeners.items():
            page.on(event, listener)
        page.goto(app_url)
        expect(page.get_by_role("button", name="Try the phantom")).to_be_visible(timeout=60_000)
        yield page
        for event, listener in listeners.items():
            page.remove_listener(event, listener)


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
    """Open a part of the answer, and wait until the page is drawn anew: what stood there before would lose a click."""
    page.get_by_role("tab", name=name).click()
    answered(page)


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
    page.wait_for_function(f"({BARS})?.calcdata?.[0]?.length === 4", polling=100)
    expect(page.locator(".stage")).to_have_count(1)  # those that a run replaces may still stand there
    expect(page.locator(".stage")).to_have_attribute("aria-busy", "false")


def probabilities(page: Page) -> dict[str, float]:
    values = page.evaluate(f"({BARS}).calcdata[0].map(bar => bar.s)")
    return dict(zip(CLASS_NAMES, values, strict=True))


def facts(page: Page) -> str:
    """The line with the time that the read took: another read, another time."""
    return page.get_by_text(re.compile(r"(Read|Judged) in \d")).inner_text()


def pixels(page: Page) -> list[int]:
    return page.evaluate(PIXELS)


def picture(page: Page, number: int = 0) -> np.ndarray:
    """What a canvas of the viewer shows, as uint8 RGB."""
    shot = page.locator(".pane canvas").nth(number).evaluate("canvas => canvas.toDataURL().split(',')[1]")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(shot))).convert("RGB"))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def set_slider(page: Page, name: str, value: int) -> None:
    page.locator(f"input[type=range][name={name}]").fill(str(value))


def changed(page: Page, act: Callable[[], None]) -> list[int]:
    """Do something that must change what the viewer shows; return what it shows then."""
    before = pixels(page)
    act()
    page.wait_for_function(f"before => JSON.stringify(({PIXELS})()) !== JSON.stringify(before)", arg=before, polling=100)
    expect(page.locator(".stage")).to_have_attribute("aria-busy", "false")  # a map fades in and out
    return pixels(page)


def coloured(page: Page) -> int:
    """How many pixels of the film have a colour."""
    return int((np.ptp(picture(page).astype(int), axis=2) > 20).sum())


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
    expect(page.get_by_role("button", name=in_words(top), exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("input[name=opacity]")).to_have_value("45")
    assert coloured(page) == 0  # the bare film comes first
    expect(page.locator(".legend")).to_be_hidden()
    expect(page.locator(".pane:visible .label")).to_have_text("")

    changed(page, lambda: page.keyboard.press("o"))  # wherever the focus is
    expect(page.locator(".legend")).to_be_visible()
    expect(page.locator(".pane:visible .label")).to_have_text(f"Grad-CAM for {in_words(top)}")
    winner = coloured(page)
    assert winner > 1000
    page.screenshot(path=shots / "real-film-map.png")
    changed(page, lambda: press(page, in_words(min(read, key=read.__getitem__))))
    assert coloured(page) < winner / 10  # it does not glow like the winner
    expect(page.locator(".pane:visible .label")).to_contain_text("too weak to be coloured")
    changed(page, lambda: press(page, in_words(top)))
    changed(page, lambda: set_slider(page, "opacity", 90))
    bare = changed(page, lambda: press(page, "Map"))
    answered(page)
    assert coloured(page) == 0
    changed(page, lambda: press(page, "Map"))
    answered(page)
    assert coloured(page) > 1000
    assert pixels(page) != bare
    assert (probabilities(page), facts(page)) == (read, told)
    assert all(url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")) for url in requests_out)


def test_first_screen_is_the_drop_zone_with_all_that_a_newcomer_needs(page):
    zone = page.get_by_test_id("stFileUploaderDropzone").bounding_box()
    assert zone["height"] >= 0.35 * 800
    for part in (
        page.get_by_role("heading", name="Second Look"),
        page.get_by_text("A second reader for chest X-rays"),
        page.get_by_text("A film stays in the memory of this computer."),
        page.get_by_role("button", name="Try the phantom"),
        page.get_by_test_id("stFileUploaderDropzone"),
    ):
        box = part.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 800


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
    seen.append(changed(page, lambda: press(page, "Rotate")))
    expect(page.get_by_text("MIRRORED, ROTATED 90°")).to_be_visible()
    seen.append(changed(page, lambda: press(page, "Side by side")))
    expect(page.locator(".pane canvas:visible")).to_have_count(2)
    assert len({str(view) for view in seen}) == len(seen)
    answered(page)
    assert (probabilities(page), facts(page)) == (read, told)
    press(page, "Side by side")
    press(page, "Map")
    changed(page, lambda: press(page, "Reset"))
    expect(page.get_by_text("MIRRORED")).to_be_hidden()
    assert pixels(page) == seen[0]
    answered(page)
    assert sum(received) < 200_000  # a phantom is five times that


def test_picture_on_screen_is_the_window_and_mirror_that_the_library_draws(page):
    phantom(page)
    press(page, "Soft tissue")
    press(page, "Invert")
    answered(page)
    tab(page, "Take away")
    saved = np.asarray(Image.open(io.BytesIO(save(page, "Save the picture"))))
    film = draw_phantom(opacity=0.6)
    soft = next(window for window in film.windows if window.key == "soft")
    expected = windowed(film.levels, film.grey_scale, soft, invert=True)
    np.testing.assert_array_equal(saved[100:], expected[100:])  # above that it says which film it is
    assert (saved[:40, :40] != expected[:40, :40]).any()

    shown = picture(page)[..., 0]
    height, width = shown.shape
    side = min(height, width)
    middle = shown[(height - side) // 2 :, (width - side) // 2 :][:side, :side]
    expected = np.asarray(Image.fromarray(expected).resize((side, side), Image.Resampling.BOX))
    assert np.abs(middle.astype(int) - expected).mean() < 3
    for name, seen in (("Mirror", expected[:, ::-1]), ("Rotate", np.rot90(expected, -1)[:, ::-1])):
        changed(page, lambda name=name: press(page, name))
        middle = picture(page)[..., 0][(height - side) // 2 :, (width - side) // 2 :][:side, :side]
        assert np.abs(middle.astype(int) - seen).mean() < 3, name


def test_zoom_and_pan_survive_an_opacity_change_and_double_click_fits(page):
    phantom(page)
    whole, start = zoom(page), pixels(page)
    box = page.locator(".stage").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 100, y - 50)
    changed(page, lambda: page.mouse.wheel(0, -400))
    zoomed = zoom(page)
    assert zoomed > 1.5 * whole

    def drag(dx: int, dy: int, button: Literal["left", "middle", "right"] = "left") -> None:
        page.mouse.move(x, y)
        page.mouse.down(button=button)
        page.mouse.move(x + dx, y + dy, steps=4)
        page.mouse.up(button=button)

    before = picture(page)
    changed(page, lambda: drag(40, 25))
    after = picture(page)
    assert np.abs(after[25:, 40:].astype(int) - before[:-25, :-40]).mean() < np.abs(after.astype(int) - before).mean() / 4

    changed(page, lambda: page.keyboard.press("o"))
    changed(page, lambda: set_slider(page, "opacity", 0))
    answered(page)
    assert zoom(page) == zoomed
    page.keyboard.press("o")
    page.mouse.dblclick(x, y)
    expect(page.locator(".zoom")).to_have_text(f"{whole}%")
    page.wait_for_function(f"start => JSON.stringify(({PIXELS})()) === JSON.stringify(start)", arg=start, polling=100)

    for key in (None, "Shift"):  # dragging a fitted film sets its window, as in a PACS
        if key:
            press(page, "Pan")
            page.keyboard.down(key)
        changed(page, lambda: drag(-80, 40))
        expect(page.locator("input[type=number][name=level]")).to_have_value("153")
        expect(page.locator("input[type=number][name=width]")).to_have_value("204")
        changed(page, lambda: press(page, "Reset"))
    page.keyboard.up("Shift")
    changed(page, lambda: drag(-80, 40, "right"))  # though the left button pans by now
    expect(page.locator("input[type=number][name=level]")).to_have_value("153")
    changed(page, lambda: press(page, "Reset"))
    fitted = pixels(page)
    drag(-80, 40, "middle")  # a fitted film has nowhere to go
    expect(page.locator("input[type=number][name=level]")).to_have_value("128")
    assert pixels(page) == fitted
    assert zoom(page) == whole
    changed(page, lambda: page.keyboard.press("+"))
    press(page, "Window")
    changed(page, lambda: drag(-80, 40, "middle"))
    expect(page.locator("input[type=number][name=level]")).to_have_value("128")


def test_keys_do_what_the_buttons_do(page):
    phantom(page)
    whole = zoom(page)
    for key, button in (("i", "Invert"), ("f", "Mirror"), ("o", "Map"), ("l", "Lung fields"), ("s", "Side by side")):
        was = page.get_by_role("button", name=button, exact=True).get_attribute("aria-pressed")
        changed(page, lambda key=key: page.keyboard.press(key))
        expect(page.get_by_role("button", name=button, exact=True)).to_have_attribute("aria-pressed", "false" if was == "true" else "true")
    page.keyboard.press("s")
    changed(page, lambda: page.keyboard.press("+"))
    assert zoom(page) > whole
    changed(page, lambda: page.keyboard.press("ArrowDown"))
    changed(page, lambda: page.keyboard.press("0"))
    assert zoom(page) == whole
    for number, name in enumerate(map(in_words, CLASS_NAMES), 1):
        page.keyboard.press(str(number))
        expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Map", exact=True)).to_have_attribute("aria-pressed", "true")
    for key, button in (("w", "Window"), ("p", "Pan"), ("r", "Ruler"), ("a", "Angle")):
        page.keyboard.press(key)
        expect(page.get_by_role("button", name=button, exact=True)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("?")
    expect(page.get_by_text("Keys, wherever the focus is")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Keys, wherever the focus is")).to_be_hidden()
    before = pixels(page)
    page.get_by_role("textbox", name="Label of film").press_sequentially("ifo")  # what is typed is typed
    assert pixels(page) == before


def test_film_comes_back_as_it_was_looked_at(page):
    phantom(page)
    press(page, "Bones")
    press(page, "Mirror")
    set_slider(page, "opacity", 80)
    answered(page)
    page.get_by_role("link", name="how good is it?").click()
    expect(page.get_by_role("heading", name="May I trust")).to_be_visible()
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
    answered(page)
    tab(page, "Take away")
    taken = np.asarray(Image.open(io.BytesIO(save(page, "Save the picture"))))
    np.testing.assert_array_equal(taken[40:], grey[40:])


def test_letters_tell_the_patients_sides_and_change_places_when_mirrored(page):
    drop(page, "film.dcm", dicom_bytes(levels(), bits=12, PatientOrientation=["L", "F"]))
    sides = page.locator(".pane:visible .side")
    expect(sides).to_have_text(["R", "L", "", ""], timeout=PATIENCE)
    left, right = (sides.nth(number).bounding_box() for number in (0, 1))
    assert left["x"] + left["width"] < right["x"]
    press(page, "Mirror")
    expect(sides).to_have_text(["L", "R", "", ""])
    press(page, "Rotate")
    expect(sides).to_have_text(["", "", "R", "L"])  # turned clockwise, then mirrored
    page.get_by_role("button", name="Remove film", exact=True).click()
    page.get_by_role("button", name="Try the phantom").click()
    expect(page.locator(".pane:visible .side").first).to_have_text("")


def test_clearing_the_film_brings_the_drop_zone_back(page, film_png):
    drop(page, "film.png", film_png)
    wait_for_read(page)
    expect(page.get_by_text("film.png")).to_have_count(0)
    page.get_by_role("button", name="Remove film", exact=True).click()
    expect(page.get_by_role("button", name="Try the phantom")).to_be_visible()


@pytest.fixture
def tab_of_any_look(context: BrowserContext, size: str, scheme: Literal["light", "dark"]) -> Iterator[Page]:
    with new_tab(context, SIZES[size], scheme) as page:
        yield page


@pytest.mark.parametrize(("size", "scheme"), looks(SIZES, ("laptop", "light"), ("desk", "dark"), ("phone", "dark")))
def test_film_is_the_largest_thing_on_screen(tab_of_any_look: Page, app_url: str, shots, size, scheme):
    page, (width, height) = tab_of_any_look, SIZES[size]
    page.goto(app_url)
    phantom(page)
    expect(page.get_by_text("Phantom, not a patient: the model's answer means nothing.")).to_be_visible()
    answered(page)
    page.screenshot(path=shots / f"read-{size}-{scheme}.png")
    if PHOTOGRAPHED and (size, scheme) == ("laptop", "light"):
        shutil.copy(shots / f"read-{size}-{scheme}.png", ROOT / "docs" / "read.png")
    stage = page.locator(".stage").bounding_box()
    bars = page.locator(".js-plotly-plot").bounding_box()
    assert stage["width"] * stage["height"] > 1.5 * bars["width"] * bars["height"]
    if size == "phone":
        assert stage["width"] == pytest.approx(stage["height"], abs=2)  # the phantom is square: no bars at its sides
        assert stage["width"] > 0.9 * width
        assert bars["y"] >= stage["y"] + stage["height"]
    else:
        assert stage["height"] > 0.65 * height
        controls = page.get_by_role("group", name="Saliency map").bounding_box()
        assert controls["y"] + controls["height"] <= height
    said = page.locator("[data-testid=stMarkdownContainer]:not([data-testid=stCaptionContainer]) p").filter(visible=True)
    said = said.and_(page.locator("[data-testid=stAlert] p, [data-testid=stMarkdown] p"))
    sizes = said.evaluate_all("parts => parts.map((part) => [parseFloat(getComputedStyle(part).fontSize), part.innerText])")
    assert len(sizes) > 2
    assert [text for size_of_text, text in sizes if size_of_text < 16] == []
    press(page, "Side by side")
    press(page, "Lungs")
    press(page, "Mirror")
    if size == "phone":
        upper, lower = (page.locator(".pane").nth(number).bounding_box() for number in (0, 1))
        assert lower["y"] >= upper["y"] + upper["height"]
    answered(page)
    page.screenshot(path=shots / f"read-{size}-{scheme}-side-by-side.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_became_of_films_elsewhere_stands_above_the_call_in_its_size(page, film_png):
    drop(page, "film.png", film_png)
    wait_for_read(page)
    elsewhere = page.get_by_text("On films of collections that it never saw").filter(visible=True).first
    call = page.get_by_text(re.compile("^(Called|Not called) COVID-positive")).filter(visible=True).first
    sizes = [part.evaluate("part => parseFloat(getComputedStyle(part).fontSize)") for part in (elsewhere, call)]
    assert sizes[0] >= max(16, sizes[1])
    assert elsewhere.bounding_box()["y"] < call.bounding_box()["y"]


def test_model_card_is_one_click_away(page, film_png, shots):
    drop(page, "film.png", film_png)
    wait_for_read(page)
    page.get_by_role("link", name="how good is it?").click()
    expect(page.get_by_role("heading", name="May I trust")).to_be_visible()
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
    top = page.locator("[data-class][aria-pressed=true]").inner_text()  # in words
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
    other = next(name for name in CLASS_NAMES if in_words(name) != top)
    press(page, in_words(other))
    expect(page.locator(".label", has_text=f"No SmoothGrad for {in_words(other)} yet")).to_be_visible()
    expect(page.get_by_role("button", name=f"Draw SmoothGrad for {in_words(other)}")).to_be_visible()

    tab(page, "Take away")
    assert save(page, "Report, PDF").startswith(b"%PDF")
    report = json.loads(save(page, "Report, JSON"))
    assert report["saliency"]["class_name"] == other
    assert "rule" not in report["call"]["operating_point"]  # the threshold was set by hand
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
    expect(page.get_by_text(re.compile(r"(Read|Judged) in \d"))).to_be_visible(timeout=PATIENCE)
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
    drop(page, "flower.png", photograph())
    expect(page.get_by_text("Not read: refused by the input gate.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("group", name="Map for")).to_be_hidden()
    assert page.locator(".js-plotly-plot").count() == 0
    page.screenshot(path=shots / "read-refused.png")
    assert "probabilities" not in json.loads(save(page, "Report, JSON"))
    page.get_by_role("button", name="Show anyway").click()
    wait_for_read(page)
    expect(page.get_by_text("do not rely on it.")).to_be_visible()
    page.screenshot(path=shots / "read-shown-anyway.png")
    assert sum(probabilities(page).values()) == pytest.approx(1, abs=1e-4)


# Full depth


def test_what_the_files_window_clips_can_be_seen_and_measured(page, shots):
    samples = levels(12, 600, 500)
    tags = {"WindowCenter": [2600, 1500], "WindowWidth": [1400, 2000], "WindowCenterWidthExplanation": ["NORMAL", "HARDER"]}
    drop(page, "film.dcm", dicom_bytes(samples, bits=12, PixelSpacing=[0.5, 0.5], RescaleSlope=1, RescaleIntercept=-24, **tags))
    stage = page.locator(".stage")
    expect(page.get_by_text(re.compile(r"(Read|Judged) in \d"))).to_be_visible(timeout=PATIENCE)
    answered(page)  # with the maps come controls, which take some of the film's height
    expect(stage).to_have_attribute("aria-busy", "false")
    expect(page.get_by_role("group", name="Window", exact=True).locator("[data-window]")).to_have_text(
        ["As filed: Normal", "Harder", "Lungs", "Soft tissue", "Bones", "All values"]
    )
    box = stage.bounding_box()
    scale = min(box["width"] / 500, box["height"] / 600)
    left, top = box["x"] + (box["width"] - 500 * scale) / 2, box["y"] + (box["height"] - 600 * scale) / 2

    def over(x: float, y: float) -> tuple[float, float]:
        return left + (x + 0.5) * scale, top + (y + 0.5) * scale

    page.mouse.move(*over(150, 280))
    expect(page.locator(".probe")).to_have_text(f"150, 280: {int(samples[280, 150]) - 24}")
    page.mouse.move(left - 5, top + 50)
    expect(page.locator(".probe")).to_be_hidden()

    dark = samples < 1850  # black as filed, and so are their neighbours
    rows, columns = np.nonzero(dark[200:400, 100:200])
    places = [(round((x + 0.5) * scale), round((y + 0.5) * scale)) for y, x in zip(rows[::97] + 200, columns[::97] + 100, strict=True)]

    def greys() -> set[int]:
        shown, offset = picture(page)[..., 0], (round(left - box["x"]), round(top - box["y"]))
        return {int(shown[y + offset[1], x + offset[0]]) for x, y in places}

    assert greys() == {0}
    changed(page, lambda: press(page, "All values"))
    assert len(greys()) > 10
    changed(page, lambda: press(page, "Harder"))
    assert len(greys()) > 10
    changed(page, lambda: page.get_by_label("Level, as a number").fill("300"))
    expect(page.get_by_role("button", name="Harder", exact=True)).to_have_attribute("aria-pressed", "false")

    press(page, "Ruler")
    page.mouse.move(*over(100, 300))
    page.mouse.down()
    changed(page, lambda: page.mouse.move(*over(300, 300), steps=3))
    page.mouse.up()
    press(page, "Angle")
    for to in ((300, 100), (300, 300)):
        page.mouse.move(*over(100, 100))
        page.mouse.down()
        page.mouse.move(*over(*to), steps=3)
        page.mouse.up()
    length, angle = page.locator(".measured").inner_text().split(", ")
    assert float(length.removesuffix(" mm")) == pytest.approx(100, abs=1)
    assert float(angle.removesuffix("°")) == pytest.approx(45, abs=1)
    page.screenshot(path=shots / "measured.png")
    press(page, "Clear")
    expect(page.get_by_role("button", name="Clear", exact=True)).to_be_disabled()


def test_large_film_is_shown_pixel_by_pixel_once_it_is_zoomed(page):
    stripes = np.where(np.arange(3000) % 2, 200, 40).astype(np.uint8)
    grey = np.tile(stripes, (2400, 1))
    grey[:200] = np.linspace(0, 255, 3000).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "PNG")
    drop(page, "film.png", file.getvalue())
    expect(page.locator(".stage")).to_have_attribute("aria-busy", "false", timeout=PATIENCE)
    middle = picture(page)[..., 0]
    assert np.ptp(middle[middle.shape[0] // 2, 100:-100]) < 80  # stripes of one pixel are a grey when the whole film is seen
    while zoom(page) < 100:
        press(page, "Zoom in")
    page.wait_for_function(
        """() => {
            const roots = [...document.querySelectorAll('[data-testid=stBidiComponentIsolated]')].map(({ shadowRoot }) => shadowRoot);
            const canvas = roots.find((root) => root?.querySelector('.viewer')).querySelector('canvas');
            const row = canvas.getContext('2d').getImageData(0, canvas.height >> 1, canvas.width, 1).data.filter((_, at) => at % 4 === 0);
            return Math.max(...row) - Math.min(...row) > 120;
        }""",
        polling=200,
        timeout=PATIENCE,
    )


# Several films


def test_films_dropped_anywhere_stand_in_a_strip_and_keep_their_reads(page, film_png, shots, requests_out):
    drop_on(page, "h1", ("secret-name-1.png", film_png), ("secret-name-2.png", png_of(2)))  # on the first screen
    wait_for_read(page)
    read, first = facts(page), page.locator(".caption").inner_text()
    thumbnails = page.get_by_role("navigation", name="Films").get_by_role("button")
    expect(thumbnails).to_have_count(2)
    expect(thumbnails.locator("img")).to_have_count(2, timeout=PATIENCE)
    press(page, "Lungs")
    answered(page)
    page.keyboard.press("ArrowRight")
    # While a run ends, what it replaces may still stand there.
    expect(page.locator(".caption", has_text=first)).to_have_count(0)
    expect(page.locator(".caption")).to_have_count(1)
    expect(page.get_by_role("button", name="Lungs", exact=True)).to_have_attribute("aria-pressed", "true")  # the reader's own window stays
    expect(page.get_by_text(read, exact=True)).to_have_count(0, timeout=PATIENCE)
    wait_for_read(page)
    drop_on(page, ".stage", ("secret-name-3.png", png_of(3)), sizes=(51 * 2**20,))
    expect(thumbnails).to_have_count(4)
    expect(page.get_by_text("The file is too large: at most 50 MB are read.").first).to_be_visible()
    page.screenshot(path=shots / "several-films.png")
    thumbnails.first.click()
    expect(page.locator(".caption", has_text=first)).to_have_count(1)
    wait_for_read(page)
    assert facts(page) == read
    page.get_by_role("textbox", name="Label of film").fill("Case 7")
    page.keyboard.press("Enter")
    expect(page.locator(".caption")).to_have_text(f"Case 7 · {first}")
    tab(page, "Take away")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Report, PDF").click()
    assert taken.value.suggested_filename == f"second-look-{first}-case-7.pdf"
    page.get_by_role("button", name="Remove all").click()
    expect(page.get_by_role("button", name="Try the phantom")).to_be_visible()


def test_nothing_of_a_films_answer_stands_beside_the_next_film(page, film_png):
    drop_on(page, "h1", ("1.png", film_png), ("2.png", png_of(6)), ("3.png", photograph()), ("4.png", b"these are my notes"))
    wait_for_read(page)
    thumbnails = page.get_by_role("navigation", name="Films").get_by_role("button")
    expect(thumbnails).to_have_count(4)
    read, first = facts(page), page.locator(".caption").inner_text()
    answers = (re.compile(r"(Read|Judged) in \d"), "Not read: refused by the input gate.", "This file cannot be read.")
    for number, answer in enumerate(answers, 1):
        thumbnails.nth(number).click()
        expect(page.locator(".caption", has_text=first)).to_have_count(0)
        expect(page.get_by_text(read, exact=True)).to_have_count(0)
        expect(page.get_by_text(answer)).to_be_visible(timeout=PATIENCE)
        assert page.locator(".js-plotly-plot").count() <= (number == 1)
        if number < 3:
            thumbnails.first.click()
            expect(page.locator(".caption", has_text=first)).to_have_count(1)
            expect(page.locator(".caption")).to_have_count(1)
            expect(page.get_by_text(read, exact=True)).to_be_visible()
            expect(page.locator(".js-plotly-plot")).to_be_visible()


def test_films_of_a_zip_stand_in_the_strip_and_one_that_cannot_be_opened_takes_nothing_away(page):
    zipped = zip_of({"a/secret-name-1.png": png_of(4), "__MACOSX/a/._secret-name-1.png": b"", "a/secret-name-2.png": png_of(5)})
    drop_on(page, "h1", ("secret-name.zip", zipped))
    wait_for_read(page)
    thumbnails = page.get_by_role("navigation", name="Films").get_by_role("button")
    expect(thumbnails).to_have_count(2)
    read = facts(page)
    drop_on(page, ".stage", ("secret-name.zip", zipped[:200]))
    expect(page.get_by_text("ends too early").first).to_be_visible()
    expect(thumbnails).to_have_count(3)
    thumbnails.first.click()
    expect(page.get_by_text(read, exact=True)).to_be_visible()


def test_too_large_file_gets_its_sentence_and_nothing_looks_like_its_answer(page):
    phantom(page)
    drop_on(page, ".stage", sizes=(51 * 2**20,))
    expect(page.get_by_text("The file is too large: at most 50 MB are read.")).to_be_visible()
    expect(page.locator(".stage")).to_have_count(0)
    assert page.locator(".js-plotly-plot").count() == 0


# Layout


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (640, 400)])  # a laptop's window, and the same zoomed to 200%
def test_film_stays_in_view_while_the_side_panel_scrolls(page, shots, width, height):
    page.set_viewport_size({"width": width, "height": height})
    phantom(page)
    stage = page.locator(".stage")
    before = stage.bounding_box()
    assert before["height"] > 0.45 * height
    tab(page, "Take away")
    page.get_by_role("button", name="Remove film").scroll_into_view_if_needed()
    page.mouse.move(width * 0.85, height / 2)
    page.mouse.wheel(0, 5000)
    page.wait_for_timeout(500)
    page.screenshot(path=shots / f"scrolled-{width}.png")
    after = stage.bounding_box()
    assert after["y"] >= 0
    assert after["y"] + after["height"] <= height
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_full_screen_shows_film_and_controls(page):
    phantom(page)
    page.keyboard.press("m")
    page.wait_for_function("document.fullscreenElement !== null")
    box = page.locator(".stage").bounding_box()
    assert box["width"] > 0.95 * 1280
    page.keyboard.press("m")
    page.wait_for_function("document.fullscreenElement === null")
