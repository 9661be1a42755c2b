"""Training without compiling: a few steps of a small network are done before TensorFlow has traced them."""

import warnings
from contextlib import contextmanager

import tensorflow as tf


@contextmanager
def eagerly():
    """Run every step as it stands until the block ends. What compiled steps do is left to the tests without this."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Even though the `tf.config", category=UserWarning)
        tf.config.run_functions_eagerly(True)
        try:
            yield
        finally:
            tf.config.run_functions_eagerly(False)
