"""Metrics, calibration and audits; writes the model card."""
