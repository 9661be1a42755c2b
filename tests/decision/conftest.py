"""Property tests here check results, not times: on a busy machine any example may take long. `benchmarks` measure."""

from hypothesis import settings

settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
