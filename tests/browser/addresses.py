"""The addresses every promise about all pages is held against."""

import pytest

from tests.practices.rich_practices import ADDRESSES

NOT_FOUND = "/praxis/gibt-es-nicht/"
EVERY_PAGE = {**ADDRESSES, "not found": NOT_FOUND}
on_every_page = pytest.mark.parametrize("address", EVERY_PAGE.values(), ids=EVERY_PAGE.keys())
on_every_found_page = pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES.keys())
