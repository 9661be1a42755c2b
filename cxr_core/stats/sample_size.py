"""How large a sample must be to tell a share from that of another sample, which is there already."""

import math

ALPHA = 0.05
POWER = 0.8
_Z_TEST = 1.959963984540054
_Z_POWER = 0.8416212335729143
"""Standard normal quantiles of a two-sided test at `ALPHA`, and of `POWER`."""

MOST_TRIALS = 1_000_000


def trials_needed(share: float, other_share: float, other_trials: int) -> int | None:
    """Return how many trials tell a share from another sample's, tested two-sided at 5% with 80% power.

    Two-proportion sample size by the normal approximation, the variance pooled under the null hypothesis (Fleiss, Levin and Paik 2003,
    *Statistical Methods for Rates and Proportions*, section 4.2, with unequal sample sizes). The other sample stays as large as it is.

    Parameters
    ----------
    share : float
        The share to be found, in [0, 1].
    other_share : float
        That of the other sample, in [0, 1].
    other_trials : int
        Its size, at least 1.

    Returns
    -------
    int or None
        None where a million trials would not do: the other sample is too small, or the difference is.
    """
    difference = abs(share - other_share)

    def is_enough(trials: int) -> bool:
        pooled = (share * trials + other_share * other_trials) / (trials + other_trials)
        under_null = math.sqrt(pooled * (1 - pooled) * (1 / trials + 1 / other_trials))
        as_found = math.sqrt(share * (1 - share) / trials + other_share * (1 - other_share) / other_trials)
        return difference >= _Z_TEST * under_null + _Z_POWER * as_found

    if not difference or not is_enough(MOST_TRIALS):
        return None
    enough = MOST_TRIALS
    too_few = 0
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        if is_enough(middle):
            enough = middle
        else:
            too_few = middle
    return enough
