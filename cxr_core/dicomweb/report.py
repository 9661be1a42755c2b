"""The structured report of a read: a Comprehensive 3D SR with DICOM's template TID 1500, as IHE's profile AI Results asks for."""

from typing import TYPE_CHECKING, Final

from cxr_core import DISCLAIMER, __version__
from cxr_core.dicomweb.codes import SCHEME, SCHEME_NAME, class_concept, concept, own, probability_of
from cxr_core.dicomweb.identifiers import CHARACTER_SET, derived_uid
from cxr_core.labels import in_words
from cxr_core.reporting import ReadDocument

if TYPE_CHECKING:
    from highdicom.sr import (
        CodedConcept,
        Comprehensive3DSR,
        ImageContentItem,
        Measurement,
        MeasurementsAndQualitativeEvaluations,
        ObservationContext,
        QualitativeEvaluation,
        TextContentItem,
    )
    from pydicom import Dataset

PRODUCT: Final = "Second Look"
SERIES_NUMBER: Final = 9001
GATE_WORDS: Final = {"read": "Read", "warning": "Read with a warning", "refused": "Refused"}


def report_uids(study: str, film: str, model_sha256: str) -> tuple[str, str]:
    """Return the UIDs of a film's report by a model: of its series, which all films of the study share, and its own.

    They follow from what they are of, so that a report which is there is found again, and one that is sent twice is there once.

    Parameters
    ----------
    study, film : str
        UIDs of the study and of the film's instance.
    model_sha256 : str
        Hash of the weights.

    Returns
    -------
    series, instance : str
    """
    return derived_uid("report series", study, model_sha256), derived_uid("report", film, model_sha256)


def structured_report(told: ReadDocument, film: "Dataset", number: int, picture: "Dataset | None" = None) -> "Comprehensive3DSR":
    """Write a read as a structured report that belongs into the film's study.

    Parameters
    ----------
    told : ReadDocument
        The read, with film, time and model.
    film : pydicom.Dataset
        From `identifiers_of`.
    number : int
        Of the film in its study, from 1.
    picture : pydicom.Dataset, optional
        From `capture_in_study`: the report refers to it.

    Returns
    -------
    highdicom.sr.Comprehensive3DSR
        Algorithm with version and hash of the weights, what the input gate says, and of a film that it did not refuse the probabilities
        with their ranges, prediction set and call; then, in words, what the read is not for and how far it can be trusted, and the
        picture.
    """
    from highdicom.coding_schemes import CodingSchemeIdentificationItem
    from highdicom.sr import Comprehensive3DSR, MeasurementReport

    assert told.model_sha256 is not None
    assert told.read_at is not None
    series, instance = report_uids(film.StudyInstanceUID, film.SOPInstanceUID, told.model_sha256)
    content = MeasurementReport(
        observation_context=_observer(told.model_sha256),
        procedure_reported=concept("399208008", "SCT", "Plain chest X-ray"),
        imaging_measurements=[_group(told, film)],
    )
    evaluations = _in_words(told)
    if picture is not None:
        evaluations.ContentSequence.append(_shown_on(picture))
    content[0].ContentSequence.append(evaluations)
    made = Comprehensive3DSR(
        evidence=[film] if picture is None else [film, picture],
        content=content,
        series_instance_uid=series,
        series_number=SERIES_NUMBER,
        sop_instance_uid=instance,
        instance_number=number,
        manufacturer=PRODUCT,
        manufacturer_model_name=PRODUCT,
        software_versions=__version__,
        series_description="Second reader's report, research",
        is_complete=True,
        content_date=told.read_at.date(),
        content_time=told.read_at.time().replace(microsecond=0),
        specific_character_set=CHARACTER_SET,
        coding_schemes=[CodingSchemeIdentificationItem(SCHEME, name=SCHEME_NAME)],
    )
    made.TimezoneOffsetFromUTC = f"{told.read_at:%z}"[:5]
    return made


def _observer(model_sha256: str) -> "ObservationContext":
    from highdicom.sr import DeviceObserverIdentifyingAttributes, ObservationContext, ObserverContext

    device = DeviceObserverIdentifyingAttributes(derived_uid("device", model_sha256), PRODUCT, PRODUCT, PRODUCT)
    return ObservationContext(ObserverContext(concept("121007", "DCM", "Device"), device))


def _group(told: ReadDocument, film: "Dataset") -> "MeasurementsAndQualitativeEvaluations":
    from highdicom.sr import (
        AlgorithmIdentification,
        FindingSite,
        MeasurementsAndQualitativeEvaluations,
        SourceImageForMeasurementGroup,
        TrackingIdentifier,
    )

    assert told.model is not None
    assert told.model_sha256 is not None
    return MeasurementsAndQualitativeEvaluations(
        TrackingIdentifier(derived_uid("tracking", film.SOPInstanceUID, told.model_sha256), f"{PRODUCT} {told.model}"),
        algorithm_id=AlgorithmIdentification(
            PRODUCT, told.model, [f"weights SHA-256 {told.model_sha256}", f"software version {__version__}"], manufacturer=PRODUCT
        ),
        finding_sites=[FindingSite(concept("39607008", "SCT", "Lung"))],
        measurements=_measurements(told),
        qualitative_evaluations=_evaluations(told),
        source_images=[SourceImageForMeasurementGroup.from_source_image(film)],
    )


def _measurements(told: ReadDocument) -> "list[Measurement] | None":
    """Write the calibrated probabilities; how far they move over small changes of the film is their uncertainty (TID 310)."""
    from highdicom.sr import Measurement, MeasurementProperties

    if told.probabilities is None:
        return None
    unit, made = concept("1", "UCUM", "no units"), []
    for name, value in told.probabilities.items():
        properties = None
        if told.ranges is not None:
            low, high = told.ranges[name]
            properties = MeasurementProperties(
                upper_measurement_uncertainty=round(max(0.0, high - value), 6),
                lower_measurement_uncertainty=round(max(0.0, value - low), 6),
            )
        made.append(Measurement(probability_of(name), value, unit, properties=properties))
    return made


def _evaluations(told: ReadDocument) -> "list[QualitativeEvaluation]":
    from highdicom.sr import QualitativeEvaluation

    assert told.gate is not None
    made = [QualitativeEvaluation(own("GATE", "Input gate"), own(told.gate.outcome, GATE_WORDS[told.gate.outcome]))]
    for finding in told.gate.findings:
        made.append(QualitativeEvaluation(own("GATE_FINDING", "Input gate's finding"), own(finding.code, finding.code.replace("_", " "))))
    if told.top_class is not None:
        made.append(QualitativeEvaluation(own("TOP_CLASS", "Most probable class"), class_concept(told.top_class)))
    for name in told.prediction_set or ():
        made.append(QualitativeEvaluation(own("PREDICTION_SET", "Class of the prediction set"), class_concept(name)))
    if told.prediction_set == ():
        made.append(QualitativeEvaluation(own("PREDICTION_SET", "Class of the prediction set"), own("NONE", "None")))
    if told.call is not None:
        sign = "Positive" if told.call.positive else "Negative"
        value = own(sign, f"{sign} for {in_words(told.call.class_name)}")
        made.append(QualitativeEvaluation(own("CALL", "Call at the operating point"), value))
    return made


def _in_words(told: ReadDocument) -> "Dataset":
    """Say the rest in sentences, in the container that TID 1500 has for evaluations of the whole."""
    from highdicom.sr import ContainerContentItem, ContentSequence, RelationshipTypeValues

    assert told.gate is not None
    contains = RelationshipTypeValues.CONTAINS
    container = ContainerContentItem(concept("C0034375", "UMLS", "Qualitative Evaluations"), relationship_type=contains)
    container.ContentSequence = ContentSequence()
    container.ContentSequence.append(_sentence(own("INTENDED_USE", "Intended use"), told.disclaimer or DISCLAIMER))
    for reason in told.gate.reasons:
        container.ContentSequence.append(_sentence(own("GATE_REASON", "Input gate's reason"), reason))
    for sentence in (told.elsewhere, told.source_limit if told.probabilities is not None else None):
        if sentence is not None:
            container.ContentSequence.append(_sentence(own("TRUST", "How far to trust it"), sentence))
    return container


def _shown_on(picture: "Dataset") -> "ImageContentItem":
    """Refer to the film under its saliency map."""
    from highdicom.sr import ImageContentItem, RelationshipTypeValues

    return ImageContentItem(
        concept("121080", "DCM", "Best illustration of finding"),
        picture.SOPClassUID,
        picture.SOPInstanceUID,
        relationship_type=RelationshipTypeValues.CONTAINS,
    )


def _sentence(name: "CodedConcept", sentence: str) -> "TextContentItem":
    from highdicom.sr import RelationshipTypeValues, TextContentItem

    return TextContentItem(name, sentence, relationship_type=RelationshipTypeValues.CONTAINS)
