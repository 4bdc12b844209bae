"""Take pictures of every page, to look at them: wide and narrow, by day and by night.

    python tools/pictures.py FOLDER [--only NAME] [--views wide,narrow,wide-dark,narrow-dark]

The pages are those that links lead to, on a server of its own with the tests' Café Sol; nothing
else is touched. What keeps somebody out, is wider than its screen or complains is told at the end.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["FIEL_DATA"] = tempfile.mkdtemp(prefix="fiel-pictures-")
os.environ.pop("DATABASE_URL", None)


def main() -> None:
    """Take them."""
    from fiel.platform.schema import set_django_up  # noqa: PLC0415 - settings first

    set_django_up()
    from tests.conftest import TEST_DATA  # noqa: PLC0415
    from tests.support.database import TestDatabases, test_server  # noqa: PLC0415
    from tests.web.picturing.taking import take_all  # noqa: PLC0415

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="only pages whose name has this in it")
    parser.add_argument("--views", default="", help="which views, with commas between; else all")
    told = parser.parse_args()
    with test_server(TEST_DATA) as url:
        databases = TestDatabases(url, TEST_DATA)
        try:
            taken = take_all(databases.new(), told.folder, only=told.only, views=told.views)
        finally:
            databases.drop_all()
    print(f"{taken.pictures} pictures in {told.folder}")
    print("\n".join(taken.wrong))


if __name__ == "__main__":
    main()
