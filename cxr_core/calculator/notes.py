"""What is said beside the calculator: what the formula leaves out, and where the report that it comes from contradicts itself."""

from typing import Final

LEFT_OUT: Final = (
    "**Specificity.** A false alarm costs nothing in it. *False positives* adds a harm for each.",
    "**Turnaround.** An answer after minutes counts as much as one after a day. *Waiting time* lets the value fade.",
    "**Doing both, or nothing.** It compares two tests one against the other. *Both in turn* adds the strategies, and testing nobody.",
    "**The harm of a missed case** beyond the value that is not gained: whoever is wrongly reassured may infect others.",
    "**Radiation, swabs, staff, and what else each test finds.** A chest film shows more than one disease, PCR only one.",
    "**Who is tested.** Sensitivity differs between the very ill and the well, and a model's sensitivity on films of one collection says "
    "little of another hospital.",
)
"""Markdown, a point each."""

CONTRADICTIONS: Final = (
    "Its closing sentence prefers X-ray when the disease is prevalent and V is high. With an X-ray that finds fewer cases than PCR, its "
    "own inequality says the opposite: what is missed grows with P and V, so the cheaper X-ray wins while P·V is **low**.",
    "It uses 92% as the sensitivity of X-ray. In its own Figure 7 that is the **accuracy**; the recall of COVID, which is the "
    "sensitivity, is 89%.",
    "Its 98.5% for PCR comes from its reference 14, where it is the sensitivity of **clinical and CT criteria judged against RT-PCR**, not "
    "of PCR. Pooled clinical studies put RT-PCR near 89%, and chest films read by people between 56% and 80%.",
    "Section 1 says that X-rays usually cost more than PCR, section 8 that they cost less. The sign of the difference is yours to set.",
    "It counts 10,102 Normal films; the public data set has 10,192. Its table for MobileNetV2 repeats the figures of InceptionV3.",
)
"""Markdown, a point each. The app keeps the report's formula."""
