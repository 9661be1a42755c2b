"""What helps on films from elsewhere: trainings at equal budgets that differ in one thing each, judged on films that none of them saw.

Not a part of the comparison of backbones: it asks what to train on and how, takes several collections, and measures on others. Its names
are imported when they are first used: some load TensorFlow.
"""

from typing import TYPE_CHECKING

from cxr_core.lazy import lazily

if TYPE_CHECKING:
    from cxr_core.ablation.outside import gather_outside
    from cxr_core.ablation.plan import Budget, chosen_rows, films_of, recipe_of
    from cxr_core.ablation.run import Workplace, check_rows, rows_folder, run_row, write_row

__all__ = [
    "Budget",
    "Workplace",
    "check_rows",
    "chosen_rows",
    "films_of",
    "gather_outside",
    "recipe_of",
    "rows_folder",
    "run_row",
    "write_row",
]

__getattr__ = lazily(
    __name__,
    {
        "Budget": "plan",
        "Workplace": "run",
        "check_rows": "run",
        "chosen_rows": "plan",
        "films_of": "plan",
        "gather_outside": "outside",
        "recipe_of": "plan",
        "rows_folder": "run",
        "run_row": "run",
        "write_row": "run",
    },
)
