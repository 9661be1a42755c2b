"""What `card` shows."""

from tests.cards import drawn_card, write_card
from tests.cli.running import invoke


def test_card_shows_what_was_measured_of_calibration_and_gate(tmp_path):
    card, reads = drawn_card()
    done = invoke("card", "--model", write_card(tmp_path / "model", card, reads))
    assert done.exit_code == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert f"prediction sets hold the true class of {card.calibration.coverage}" in text
    assert f"input gate: refused {card.gate.refused} of 400, warned of {card.gate.warned}" in text
    assert "input gate: refused 0.967 of 120 pictures of other things" in text
    assert text.count("input gate: films ") == len(card.gate.changed) + len(card.gate.corruptions)
    assert f"change its top class in {card.stability.flipped} of {card.stability.films}" in text
    assert f"by {card.saliency.deletion.gain} in deletion, {card.saliency.insertion.gain} in insertion" in text


def test_card_without_calibration_and_gate_is_shown(tmp_path):
    card, reads = drawn_card()
    bare = card.model_copy(update={"calibration": None, "stability": None, "gate": None, "saliency": None})
    done = invoke("card", "--model", write_card(tmp_path / "model", bare, reads))
    assert done.exit_code == 0, done.stderr
    assert "input gate" not in done.stdout
    assert "small changes" not in done.stdout
    assert "saliency" not in done.stdout
    assert "prediction sets" not in done.stdout
