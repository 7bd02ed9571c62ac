"""The site's settings, and beside them the apps of a peer that is a Django app itself, where it is installed."""

from importlib.util import find_spec

from config.settings import *  # noqa: F403
from config.settings import DATABASES, INSTALLED_APPS

# django-hordak's migrations refuse SQLite
if find_spec("hordak") and DATABASES["default"]["ENGINE"].endswith("postgresql"):
    INSTALLED_APPS = [*INSTALLED_APPS, "mptt", "hordak"]
    HORDAK_DECIMAL_PLACES, HORDAK_MAX_DIGITS, HORDAK_INTERNAL_CURRENCY = 6, 24, "JPY"
