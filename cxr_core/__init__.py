"""Second Look: read a chest X-ray, and weigh that read against PCR. Research and teaching only."""

import os

__version__ = "0.1.0"

os.environ["KERAS_BACKEND"] = "tensorflow"  # what everything here is written for, whatever the user's Keras is set to

DISCLAIMER = "For research and teaching. Not a medical device."
"""To be shown wherever the app, a report or a picture says something of a film."""
