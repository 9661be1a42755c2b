"""How every page says how long something still takes."""


def time_left(seconds: float | None) -> str:
    """Write the time that is left, behind what is being done; "" where it is not known."""
    if seconds is None:
        return ""
    if seconds < 55:
        return f", about {max(5, 5 * round(seconds / 5))} s left"
    if seconds < 5400:
        return f", about {round(seconds / 60):,} min left"
    return f", about {seconds / 3600:.1f} h left"
