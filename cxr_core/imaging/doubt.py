"""What had to be guessed about a film's pixels."""


class Doubt(str):
    """One of a film's steps in which its file left open, or told in two ways, how its pixels are meant: they were read as is likeliest.

    The greys may then be wrong, so that it is to be told wherever the film's read goes.
    """

    __slots__ = ()
