"""Which films a data set holds, under which class and in which split; and those films, ready for a network. Needs no TensorFlow."""

from cxr_core.data.data_set import DataSet, class_codes, index_sha256
from cxr_core.data.errors import DataSetError
from cxr_core.data.examples import example_films
from cxr_core.data.faults import Fault, refuse
from cxr_core.data.film_cache import canonical_films
from cxr_core.data.folders import FILM_SUFFIXES, is_hidden, why_passed_over
from cxr_core.data.leaks import find_leaks, same_files
from cxr_core.data.location import Listed, film_path, list_location, with_film_paths
from cxr_core.data.masks import read_mask
from cxr_core.data.near_duplicates import NEAR_DUPLICATE_CORRELATION, thumbnail_of
from cxr_core.data.opening import open_collections, survey_collections
from cxr_core.data.own import list_own_films, without_repeats
from cxr_core.data.partials import remove_partials_of_the_dead
from cxr_core.data.readable import film_key, unreadable_films
from cxr_core.data.tables import SPLITS, read_table

__all__ = [
    "FILM_SUFFIXES",
    "NEAR_DUPLICATE_CORRELATION",
    "SPLITS",
    "DataSet",
    "DataSetError",
    "Fault",
    "Listed",
    "canonical_films",
    "class_codes",
    "example_films",
    "film_key",
    "film_path",
    "find_leaks",
    "index_sha256",
    "is_hidden",
    "list_location",
    "list_own_films",
    "open_collections",
    "read_mask",
    "read_table",
    "refuse",
    "remove_partials_of_the_dead",
    "same_files",
    "survey_collections",
    "thumbnail_of",
    "unreadable_films",
    "why_passed_over",
    "with_film_paths",
    "without_repeats",
]
