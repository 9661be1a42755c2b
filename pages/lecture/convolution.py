"""The second chapter: a window that moves over the film, then ReLU and pooling."""

from typing import Final

import numpy as np
import streamlit as st

from cxr_core.figures import grid_figure
from cxr_core.lecture import HAND_MADE, Kernel, convolve, greyed, max_pool, outlined, relu, strongest, window_at
from pages.lecture.film import look_at, prepared_film, say_which_film
from pages.lecture.parts import PICTURE, brief, chart, choice, numbers, picture, slider, type_size

LEARNED: Final = 4
"""How many kernels of the network's own are offered: those of its first layer that the film excites most."""

POOLS: Final = (2, 3, 4)


def _film_and_kernel() -> tuple[np.ndarray, Kernel]:
    """Let the kernel be chosen: the hand-made ones at once, the learned ones as soon as the network is there."""
    film = say_which_film()
    look = look_at(film)
    kernels = dict(HAND_MADE)
    if look is not None:
        learned = [look.insides.first_kernel(channel) for channel in strongest(look.seen.depths[0].activation)[:LEARNED]]
        kernels |= {kernel.name: kernel for kernel in learned}
    name = choice("Kernel", list(kernels), "lecture_kernel")
    prepared = prepared_film(film) if look is None else look.prepared
    if look is not None and name not in HAND_MADE:
        layer = look.insides.first_layer
        st.caption(
            f"{name} is one of the {look.insides.first_channels} kernels of `{layer}`, the network's first convolution, with its "
            f"preprocessing and normalisation worked in. The network moves it by {kernels[name].stride} places at a time."
        )
    return prepared.canonical[..., 0], kernels[name]


def convolution() -> None:
    """Move a window over the film."""
    film, kernel = _film_and_kernel()
    result = convolve(film, kernel)
    height, width = result.shape
    at = np.unravel_index(int(np.abs(result - np.median(result)).argmax()), result.shape)  # something is to be seen there
    left, right = st.columns(2)
    with left:
        row = slider("Window, down", 0, height - 1, int(at[0]), "lecture_row")
    with right:
        column = slider("Window, across", 0, width - 1, int(at[1]), "lecture_column")
    window = window_at(film, kernel, row, column)
    bias = f"{window.products.sum():.3f}, and with the bias of {kernel.bias:.3f} to " if kernel.bias else ""
    st.markdown(f"The products add up to {bias}**{window.total:.3f}**: the place in row {row}, column {column} of the result.")
    side = kernel.side
    size = max(9, round(type_size() * min(1.0, 3.6 / side)))
    columns = st.columns([5, 4, 4, 4, 5])
    with columns[0]:
        picture(
            outlined(greyed(film), window.top, window.left, side, side, PICTURE),
            f"What the network sees: {film.shape[0]} x {film.shape[1]} greys",
        )
    for place, values, grey, title in (
        (1, window.greys, True, "Window"),
        (2, kernel.weights, False, "times kernel"),
        (3, window.products, False, "gives products"),
    ):
        with columns[place]:
            st.markdown(f"**{title}**")
            cells = numbers(values) if side <= 3 else [[brief(value, 1) for value in line] for line in values]
            chart(grid_figure(values, cells, grey=grey, text_size=size), f"grid_{place}", f"{title}, {side} x {side} numbers.")
    with columns[4]:
        picture(outlined(greyed(result), row, column, 1, 1, PICTURE), f"The sums: {height} x {width} places")


def pooling() -> None:
    """Apply ReLU and pooling to the result of the convolution."""
    film, kernel = _film_and_kernel()
    side = choice("Side of the squares", list(POOLS), "lecture_pool")
    result = convolve(film, kernel)
    positive = relu(result)
    pooled = max_pool(positive, side)
    st.markdown(
        f"ReLU puts 0 in the place of {(result < 0).mean():.0%} of the sums; pooling leaves {pooled.size:,} of {positive.size:,} places."
    )
    top, left = (2 * side * at for at in _liveliest(result, 2 * side))
    part = slice(top, top + 2 * side), slice(left, left + 2 * side)
    small = slice(top // side, top // side + 2), slice(left // side, left // side + 2)
    columns = st.columns(3)
    for column, title, values, cut in (
        (columns[0], "After the kernel", result, part),
        (columns[1], "After ReLU", positive, part),
        (columns[2], f"After pooling {side} x {side}", pooled, small),
    ):
        with column:
            rows, across = cut
            marked = outlined(greyed(values), rows.start, across.start, rows.stop - rows.start, across.stop - across.start, PICTURE)
            picture(marked, f"{title}: {values.shape[0]} x {values.shape[1]}")
            cells = values[cut]
            size = max(9, round(type_size() * min(1.0, 5 / len(cells))))
            chart(grid_figure(cells, numbers(cells), text_size=size), f"pool_{title[6:9].strip()}", f"{title}: the part in the frame.")


def _liveliest(values: np.ndarray, side: int) -> tuple[int, int]:
    """Return which square has the most on both sides of zero, in squares; where none has both, the one with the largest value."""
    above, below = max_pool(relu(values), side), max_pool(relu(-values), side)
    both = np.minimum(above, below)
    row, column = np.unravel_index(int((both if both.any() else above).argmax()), above.shape)
    return int(row), int(column)
