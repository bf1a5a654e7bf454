"""What each process of the web server serves. Importing it needs Django set up and the static files collected."""

from config.running import places
from config.running.front import Front
from config.running.site import Site
from config.wsgi import application as site

THREADS = 4  # that answer pages, in each process

application = Front(Site(site, threads=THREADS), places.live_socket(places.data_dir()))
