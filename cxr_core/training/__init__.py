"""Data set index, film cache, fitting, resuming."""
