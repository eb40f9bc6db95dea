"""The service as a WSGI application, for gunicorn or any other server: `kept.web.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kept.web.settings")
application = get_wsgi_application()
