"""DICOM files -> films, without a trace of the patient."""
