"""Texts in the letters that fonts and file names have."""

import unicodedata


def in_ascii(text: str, unknown: str = "?") -> str:
    """Write a text in ASCII: letters with accents without them, such as "Müller" as "Muller", others as `unknown`."""
    return "".join(letter if ord(letter) < 128 else _plain(letter) or unknown for letter in unicodedata.normalize("NFKC", text))


def _plain(letter: str) -> str:
    """Return a letter without its accents; empty where that is not ASCII."""
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return plain if plain.isascii() else ""
