"""The four classes of the report, in the order in which every array and table holds them."""

from typing import Final

CLASS_NAMES: Final = ("COVID", "Lung_Opacity", "Normal", "Viral Pneumonia")

COVID: Final = CLASS_NAMES.index("COVID")
