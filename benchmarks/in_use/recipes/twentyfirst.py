"""Jobs, workers, command lines as containers, and proxies, which no earlier set has.

The rule, written before the first was built. 23 images: the proxies Privoxy, stunnel before redis, dnscrypt-proxy
(Go) and mitmproxy; mtail (Go); batches of mdBook (Rust), GoAccess, Pandoc by make, FFmpeg, the Closure compiler
(Java), Sphinx, papermill with its kernel, Locust, Eleventy, Hexo's server, Newman and Spectral; ripgrep and SQLite
under cron; workers in Go under s6, of taskiq beside its scheduler, of APScheduler, and of MQTT beside its broker
under supervisord; a migration of yoyo and then a server of APIFlask. Nine lie on the base of the full images. They
end when their work is done, as jobs do, or wait for more. Recorded in a network of its own before the analysis was
asked, by an engineer who had read its documentation and not its code.
"""

from benchmarks.in_use.recipes.twentyfirst_jobs import JOBS
from benchmarks.in_use.recipes.twentyfirst_node import NODE_JOBS
from benchmarks.in_use.recipes.twentyfirst_python import PYTHON_JOBS

TWENTYFIRST = JOBS + PYTHON_JOBS + NODE_JOBS
