"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from transferhub.private_files import UMASK

os.umask(UMASK)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "transferhub.settings.production")
application = get_wsgi_application()
