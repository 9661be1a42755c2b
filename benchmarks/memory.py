"""Growth of resident memory over 500 reads in one process."""

from common import film_png, report  # isort: skip

import psutil

from cxr_core.imaging import decode_film
from cxr_core.reading import Reader

READS = 500
WARM_UP = 25


def main() -> None:
    reader = Reader.load()
    films = [film_png(seed, 512) for seed in range(5)]
    process = psutil.Process()
    for number in range(WARM_UP):
        reader.read(decode_film(films[number % len(films)]))
    before = process.memory_info().rss
    for number in range(READS):
        reader.read(decode_film(films[number % len(films)]))
    after = process.memory_info().rss
    growth = after / before - 1
    report(
        f"{READS} reads in one process, after {WARM_UP} to warm up",
        {
            "resident before": f"{before / 2**20:.0f} MiB",
            "resident after": f"{after / 2**20:.0f} MiB",
            "growth": f"{growth:.1%} (must be under 5%)",
        },
        {"growth": growth},
        most={"growth": 0.05},
    )


if __name__ == "__main__":
    main()
