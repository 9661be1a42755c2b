"""The model card: what was measured of the shipped classifier, and what must be said beside it."""

import pandas as pd
import streamlit as st

from cxr_core.card import CARD_FILE, SHIPPED_MODEL, Averages, ClassResult, Interval, ModelError, read_card


def figure(interval: Interval) -> str:
    """Write a share with its interval."""
    if interval.value is None:
        return "not measured"
    return f"{interval.value:.3f}" if interval.low is None else f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]"


def row(name: str, result: ClassResult | Averages, films: int) -> dict[str, str | int]:
    """One line of the results table."""
    return {
        "class": name,
        "precision": figure(result.precision),
        "recall": figure(result.recall),
        "F1": figure(result.f1),
        "films": films,
    }


try:
    card = read_card(SHIPPED_MODEL)
except ModelError as error:
    st.error(str(error), icon=":material/error:")
    st.stop()

results = card.results
st.header(f"Model card: {card.model.version}")
st.markdown(
    f"Results on the **{card.data.split}** split: {results.films:,} films "
    + ("that no choice was made on." if card.data.split == "test" else "that choices may have been made on.")
    + " In brackets: 95% bootstrap intervals."
)
headline: dict[str, Interval | None] = {
    "Accuracy": results.accuracy,
    "COVID recall": results.classes["COVID"].recall,
    "Macro F1": results.macro.f1,
    "Same top class, other copy": card.paired_copies.agreement if card.paired_copies else None,
    "Accuracy, external films": card.external.accuracy if card.external else None,
}
for column, (name, value) in zip(st.columns(len(headline)), headline.items(), strict=True):
    if value is None or value.value is None:
        column.metric(name, "not measured")
    else:
        column.metric(name, f"{value.value:.3f}")
        column.caption(f"[{value.low:.3f}, {value.high:.3f}]")

st.subheader("By class")
rows = [row(name, result, result.support) for name, result in results.classes.items()]
rows += [row("macro average", results.macro, results.films), row("weighted average", results.weighted, results.films)]
st.dataframe(pd.DataFrame(rows), hide_index=True)
st.subheader("Confusion matrix")
st.caption("A row is a film's class, a column what the model called it.")
st.dataframe(pd.DataFrame(results.confusion, index=list(results.classes), columns=list(results.classes)))
st.markdown(
    f"Expected calibration error {results.expected_calibration_error:.3f}: how far the model's confidence is from how often it is right."
)

for title, sentences in {
    "What it is for": card.statements.intended_use,
    "What it is not for": card.statements.not_for,
    "Limits": card.statements.limits,
}.items():
    st.subheader(title)
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
st.subheader("Where the weights come from")
st.markdown(f"Started from {card.training.started_from}. {card.statements.licence}")
st.caption(f"Written {card.written} by `{card.command}`. {card.bootstrap}.")
st.download_button(
    "Download the card as JSON", (SHIPPED_MODEL / CARD_FILE).read_bytes(), CARD_FILE, "application/json", icon=":material/download:"
)
