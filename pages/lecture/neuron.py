"""The first chapter: a neuron's training, and the loss of one film."""

from typing import Final

import numpy as np
import streamlit as st

from cxr_core.figures import confidence_figure, descent_figure, losses_figure, points_figure
from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.lecture import cross_entropy, descend, drawn_points, gradient, loss_sentence, loss_surface, shared_rest, stable_rate
from pages.lecture.parts import chart, slider

RATES: Final = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
START_RATE: Final = 1.0
MOST_STEPS: Final = 60
LEAST_REACH: Final = 4.5
CONFIDENCE: Final = 0.9


def neuron() -> None:
    """Train a neuron on drawn points."""
    points = drawn_points()
    if "lecture_rate" not in st.session_state:
        st.session_state.lecture_rate = START_RATE
    left, right = st.columns(2)
    with left:
        rate = st.select_slider("Learning rate", RATES, key="lecture_rate", format_func=lambda value: f"{value:g}")
    with right:
        steps = slider("Steps", 1, MOST_STEPS, MOST_STEPS, "lecture_steps")
    training = descend(points, rate, steps)
    before, slope, now = training.path[-2], gradient(points, training.path[-2]), training.path[-1]
    st.markdown(f"{training.sentence} Beyond {stable_rate(points):.1f} no training of this neuron settles.")
    reach = max(LEAST_REACH, float(np.abs(training.path).max()) * 1.1)
    columns = st.columns(3)
    with columns[0]:
        chart(
            points_figure(points.places, points.labels, now),
            "points",
            f"{len(points.labels)} points of two classes, and the line between them at the weights {now[0]:.2f} and {now[1]:.2f}.",
        )
    with columns[1]:
        chart(descent_figure(*loss_surface(points, reach), training.path), "descent", f"The loss over two weights. {training.sentence}")
    with columns[2]:
        chart(losses_figure(training.losses.tolist(), training.least), "losses", f"The loss after every step. {training.sentence}")
    st.markdown(f"The report's rule for one step, and the numbers of step {steps}:")
    st.latex(
        r"W^{(t+1)} = W^{(t)} - \alpha \frac{\partial \mathcal{L}}{\partial W}"
        rf"\qquad \binom{{{now[0]:.3f}}}{{{now[1]:.3f}}} = \binom{{{before[0]:.3f}}}{{{before[1]:.3f}}}"
        rf" - {rate:g} \cdot \binom{{{slope[0]:.2g}}}{{{slope[1]:.2g}}}"
    )


def loss() -> None:
    """Show the loss of one film against the confidence of its read."""
    classes = len(CLASS_NAMES)
    if "lecture_confidence" not in st.session_state:
        st.session_state.lecture_confidence = CONFIDENCE
    confidence = st.slider("Confidence: probability of the class that is called", 0.25, 0.99, step=0.01, key="lecture_confidence")
    probabilities = shared_rest(confidence, 0, classes)
    now = {"right": cross_entropy(probabilities, 0), "wrong": cross_entropy(probabilities, 1)}
    axis = np.linspace(1 / classes, 0.995, 200)
    losses = {
        name: np.array([cross_entropy(shared_rest(value, 0, classes), true) for value in axis])
        for name, true in (("right", 0), ("wrong", 1))
    }
    st.markdown(
        f"At {confidence:.0%} confidence a right answer costs {now['right']:.2f} and a wrong one {now['wrong']:.2f}: "
        f"{now['wrong'] / now['right']:.0f} times as much."
        if now["wrong"] > 1.5 * now["right"]
        else f"At {confidence:.0%} confidence right and wrong cost about the same: {now['right']:.2f} and {now['wrong']:.2f}."
    )
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chart(confidence_figure(axis, losses, confidence, now), "confidence", "The loss of one film against confidence, right and wrong.")
    with right:
        st.markdown("The report's loss of one film:")
        st.latex(r"\text{Loss} = -\sum_{i=1}^{C} y_i \cdot \log(\hat{y}_i)")
        for name, true in (("right", 0), ("wrong", 1)):
            st.markdown(f"It says {in_words(CLASS_NAMES[0])}, and it is {in_words(CLASS_NAMES[true])}: **{name}**.")
            st.latex(loss_sentence(probabilities.tolist(), true))
    st.caption("What is left of the probability goes in equal parts to the other classes.")
