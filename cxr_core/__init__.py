"""Second Look: read a chest X-ray, and weigh that read against PCR. Research and teaching only."""

__version__ = "0.1.0"
