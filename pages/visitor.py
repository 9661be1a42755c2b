"""Who looks at a page: someone at this computer, or someone elsewhere, who must not look into its folders."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import streamlit as st

FOLDER: Final = "SECOND_LOOK_FILMS"
"""Environment variable with the folder that a class practises on, and that similar films are sought in: nobody can name another then."""

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
"""Headers of a proxy, behind which everybody seems to sit here."""


def sits_here() -> bool:
    """Tell whether the browser runs on the computer that runs the app."""
    return is_here(st.context.ip_address, st.context.headers)


def is_here(address: str | None, headers: Mapping[str, str]) -> bool:
    """Tell it from the browser's network address, which Streamlit leaves out where it is this computer's, and from what it asked for."""
    host = urlsplit(f"//{headers.get('Host', '')}").hostname
    return address is None and host in LOOPBACK and not any(headers.get(name) for name in FORWARDED)
