"""How hard hypothesis tries: `HYPOTHESIS_PROFILE=thorough` takes minutes where the default takes seconds."""

import os

from hypothesis import settings

# Twenty times the default: for a night, or after the rules were changed.
settings.register_profile("thorough", max_examples=2000, deadline=None)
if profile := os.environ.get("HYPOTHESIS_PROFILE"):
    settings.load_profile(profile)
