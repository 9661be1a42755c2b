"""The four classes of the report, in the order in which every array and table holds them."""

from typing import Final, Literal, get_args

ClassName = Literal["COVID", "Lung_Opacity", "Normal", "Viral Pneumonia"]
CLASS_NAMES: Final[tuple[str, ...]] = get_args(ClassName)

COVID: Final = CLASS_NAMES.index("COVID")
