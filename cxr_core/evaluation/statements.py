"""What a card says in words about any classifier trained on the COVID-19 Radiography Database."""

from cxr_core.card import Statements

STATEMENTS = Statements(
    intended_use=[
        "Teaching: to show what a network of this kind does with a chest film, and where it goes wrong.",
        "Research: to repeat and extend the comparison of backbones and the net-benefit study of the report.",
    ],
    not_for=[
        "Diagnosis, triage or treatment of patients. It is not a medical device and no authority has reviewed it.",
        "Films of other kinds: lateral views, CT, other body parts, photographs of a screen.",
        "Findings outside its four classes; it must choose one of the four even when none is right.",
    ],
    limits=[
        "The class is almost the source: COVID films come from several hospitals and web collections, Lung_Opacity and most Normal films "
        "from one adult set, Viral Pneumonia and some Normal films from a paediatric set. A network can score highly by "
        "recognising the source, and published networks of this kind lose much of their accuracy in a new hospital.",
        "The films came through two public copies with different resampling. Inputs are blurred so that the copy cannot be seen, and the "
        "agreement on paired copies measures what is left.",
        "Lung_Opacity labels were inferred from file numbers and checked on a sample; a few may be wrong.",
        "The films carry no age, sex or origin, so performance by group is unknown.",
        "The external set is small, has no Normal films and holds a few laterals: its figures are a warning, not a measurement.",
        "A saliency map shows what raised a class's score; it localises disease worse than radiologists do.",
    ],
    licence=(
        "Code Apache-2.0. The films remain their authors' (several collections are CC BY-NC), so these weights are for research and "
        "teaching too."
    ),
)
