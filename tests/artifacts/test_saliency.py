"""What the card says of saliency maps reads well and keeps its bounds."""

import pytest
from pydantic import ValidationError

from cxr_core.artifacts import Mean, SaliencyResult
from tests.cards import drawn_saliency


@pytest.mark.parametrize(
    ("mean", "text"),
    [
        (Mean(value=0.123, low=-0.05, high=0.3), "0.12 [-0.05, 0.30]"),
        (Mean(value=-0.5), "-0.50"),
        (Mean(value=None), "not measured"),
    ],
)
def test_mean_is_written_with_its_interval(mean, text):
    assert str(mean) == text


def test_correlations_lie_between_minus_one_and_one():
    with pytest.raises(ValidationError):
        Mean(value=-1.2)


def test_result_survives_the_card_file():
    result = drawn_saliency()
    assert SaliencyResult.model_validate_json(result.model_dump_json()) == result
