"""The main job in a real browser: drop a film, see it read, change the overlay, get over a bad file."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from cxr_core.labels import CLASS_NAMES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = {"laptop": (1280, 800), "desk": (1920, 1080), "phone": (390, 844)}


@pytest.fixture
def requests_out() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, app_url: str, requests_out: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(90_000)
    page.on("request", lambda request: requests_out.append(request.url))
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
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "image/png", "buffer": content})


def wait_for_read(page: Page) -> None:
    expect(page.get_by_text("Map for")).to_be_visible(timeout=60_000)
    page.wait_for_function("document.querySelectorAll('.js-plotly-plot').length === 2")
    page.wait_for_function(f"({FILM})?.data.length === 2 && ({FILM})?.querySelectorAll('image').length === 2")
    page.wait_for_function(f"({BARS})?.calcdata?.[0]?.length === 4")


# A plot that is being drawn anew is briefly not there or has no data: every look at one is guarded, and waits use that.
FILM = "[...document.querySelectorAll('.js-plotly-plot')].find(plot => plot.data?.[0]?.type === 'image')"
BARS = "[...document.querySelectorAll('.js-plotly-plot')].find(plot => plot.data?.[0]?.type === 'bar')"


def layer(page: Page) -> tuple[str, float]:
    return tuple(page.evaluate(f"(() => {{ const l = ({FILM}).data[1]; return [l.source, l.opacity] }})()"))


def probabilities(page: Page) -> dict[str, float]:
    values = page.evaluate(f"({BARS}).calcdata[0].map(bar => bar.s)")
    return dict(zip(CLASS_NAMES, values, strict=True))


def test_real_film_is_read_and_the_overlay_follows_class_and_opacity(page, film_png, requests_out, shots):
    drop(page, "secret-name.png", film_png)
    wait_for_read(page)
    page.screenshot(path=shots / "real-film.png")
    read = probabilities(page)
    assert list(read) == list(CLASS_NAMES)
    assert sum(read.values()) == pytest.approx(1, abs=1e-4)
    assert all(0 <= value <= 1 for value in read.values())

    before, opacity = layer(page)
    assert opacity == pytest.approx(0.45)
    other = min(read, key=read.__getitem__)
    page.get_by_role("radio", name=other).or_(page.get_by_role("button", name=other)).first.click()
    page.wait_for_function(f"({FILM})?.data[1] && ({FILM}).data[1].source !== {before!r}")
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"({FILM})?.data[1]?.opacity > 0.49")
    page.wait_for_function(f"({BARS})?.calcdata?.[0]?.length === 4")
    assert probabilities(page) == read
    assert all(url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")) for url in requests_out)


def test_wheel_zooms_and_double_click_fits(page, film_png):
    drop(page, "film.png", film_png)
    wait_for_read(page)
    whole = page.evaluate(f"({FILM})._fullLayout.xaxis.range")
    box = page.locator(".js-plotly-plot").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -400)
    page.wait_for_function(f"({FILM})?._fullLayout.xaxis.range[1] - ({FILM})?._fullLayout.xaxis.range[0] < {0.95 * (whole[1] - whole[0])}")
    page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function(f"Math.abs(({FILM})?._fullLayout.xaxis.range[1] - {whole[1]}) < 1")


def test_text_file_named_png_gets_a_sentence_and_the_next_film_is_read(page, film_png):
    drop(page, "secret-name-notes.png", b"these are my notes")
    expect(page.get_by_text("The file is not an image, whatever its name says.")).to_be_visible()
    drop(page, "film.png", film_png)
    wait_for_read(page)
    expect(page.get_by_text("The file is not an image, whatever its name says.")).to_have_count(0)


def test_clearing_the_film_brings_the_drop_zone_back(page, film_png):
    drop(page, "film.png", film_png)
    wait_for_read(page)
    page.get_by_role("button", name="Remove film.png").or_(page.get_by_test_id("stFileUploaderDeleteBtn")).first.click()
    expect(page.get_by_role("button", name="Try the phantom")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_phantom_is_the_largest_thing_on_screen(browser: Browser, app_url: str, shots, size, scheme):
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.goto(app_url)
    page.get_by_role("button", name="Try the phantom").click(timeout=60_000)
    wait_for_read(page)
    expect(page.get_by_text("Phantom, not a patient: what the model says of it means nothing.")).to_be_visible()
    page.wait_for_timeout(500)
    page.screenshot(path=shots / f"read-{size}-{scheme}.png")
    film = page.locator(".js-plotly-plot").filter(has=page.locator("image")).first.bounding_box()
    bars = page.locator(".js-plotly-plot").filter(has=page.locator("g.bars")).first.bounding_box()
    assert film["width"] * film["height"] > 2 * bars["width"] * bars["height"]
    if size != "phone":
        assert film["height"] >= 600
        assert film["y"] + film["height"] <= height
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()


def test_model_card_is_one_click_away(page, film_png, shots):
    drop(page, "film.png", film_png)
    wait_for_read(page)
    page.get_by_role("link", name="how good is it?").click()
    expect(page.get_by_role("heading", name="Model card:")).to_be_visible()
    page.screenshot(path=shots / "model-card.png", full_page=True)
