"""Films that look alike: an index of the films of a data folder, and the nearest of them to another. Needs no TensorFlow."""

from cxr_core.similar.build import Building, features_of
from cxr_core.similar.index import FilmIndex, Found, Neighbour
from cxr_core.similar.listing import ListedFilms, list_similar, named_locations
from cxr_core.similar.sentences import NO_SECOND_OPINION, class_sentence, far_sentence, left_out_sentence, source_sentences
from cxr_core.similar.sketch import sketch_of
from cxr_core.similar.store import Computed, Store

__all__ = [
    "NO_SECOND_OPINION",
    "Building",
    "Computed",
    "FilmIndex",
    "Found",
    "ListedFilms",
    "Neighbour",
    "Store",
    "class_sentence",
    "far_sentence",
    "features_of",
    "left_out_sentence",
    "list_similar",
    "named_locations",
    "sketch_of",
    "source_sentences",
]
