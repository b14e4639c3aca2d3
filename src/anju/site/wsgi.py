"""The WSGI application that the web processes serve."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.site.settings")
application = get_wsgi_application()
# A question to the database before each request costs a tenth of a list: `anju.kernel.database` notices dead connections.
connections.settings["default"]["CONN_HEALTH_CHECKS"] = False
