"""The third chapter, first half: the film at several depths, and what dense connections are."""

import numpy as np
import streamlit as st

from cxr_core.figures import dense_figure
from cxr_core.lecture import greyed, strongest
from pages.lecture.film import insides_of, loaded_reader, look_at, say_which_film
from pages.lecture.parts import chart, choice, is_large, picture, slider

MOST_RANKS = 32


def depths() -> None:
    """Show the film's activations at several depths."""
    look = look_at(say_which_film())
    if look is None:
        return
    orders = [strongest(depth.activation) for depth in look.seen.depths]
    rank = slider("Channel, the strongest first", 1, min(MOST_RANKS, *map(len, orders)), 1, "lecture_rank")
    width = 264 if is_large() else 164
    with st.container(horizontal=True, gap="small", key="lecture-depths"):  # larger pictures on wide windows
        picture(greyed(look.prepared.canonical[..., 0]), f"The film: {_extent(look.prepared.canonical)}", width=width)
        for depth, order in zip(look.seen.depths, orders, strict=True):
            channel = order[rank - 1]
            values = depth.activation[..., channel]
            picture(
                greyed(values),
                f"Layer {depth.number}, {depth.layer}: {_extent(depth.activation)}; channel {channel}, mean {values.mean():.3g}",
                width=width,
            )
    first, last = look.seen.depths[0].activation, look.seen.last
    st.markdown(
        f"From layer {look.seen.depths[0].number} to the last activation, places a side go from {first.shape[0]} to {last.shape[0]}, and "
        f"channels from {first.shape[2]} to {last.shape[2]:,}. Each picture goes from black, its least, to white, its largest."
    )


def _extent(values: np.ndarray) -> str:
    return " x ".join(f"{side:,}" for side in values.shape)


def dense() -> None:
    """Show how many channels each layer of a dense block sees."""
    reader = loaded_reader()
    if reader is None:
        return
    blocks = insides_of(reader).structure.blocks
    if not blocks:
        st.info(f"{reader.classifier.identity.backbone} has no dense connections.", icon=":material/info:")
        return
    left, right = st.columns([1, 2])
    with left:
        number = choice("Block", list(range(1, len(blocks) + 1)), "lecture_block")
    block = blocks[number - 1]
    with right:
        layer = slider("Layer", 1, len(block.added), len(block.added), "lecture_layer")
    st.markdown(
        f"{block.sentence(layer - 1)} Block {number} has {block.connections:,} connections and hands on "
        f"{block.seen_by(len(block.added)):,} channels."
    )
    chart(dense_figure(block.channels_in, block.added, layer - 1), "dense", f"Channels that each layer of block {number} sees.")
