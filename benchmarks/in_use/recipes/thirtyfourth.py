"""Plain production images, half of Node.js, of frameworks and libraries that no earlier set has together.

The rule, written before the first was built. 16 images on slim bases, as the last stage of a Dockerfile leaves them,
with pip or npm as the official images have them. Eight of Node.js: ts-rest with Sequelize and pg-boss beside
PostgreSQL; uploads by tus and busboy; better-auth under Fastify, in TypeScript that Node.js runs itself; pages of
Nunjucks and GOV.UK's design, bundled by esbuild and started by npm; node-resque with PDFs and bank files beside redis;
NestJS with mails, translations and Passport; express-zod-api with payments and Honeybadger; and Next.js with next-auth
and next-intl as its standalone output. Two of Python: Flask-Security with translations under gunicorn and gevent, and
a shop of Django Oscar. Two of Ruby, from Debian's packages, since the gems' registry is out of reach: Rails that hands
out tokens, and a worker of delayed jobs with a clock. Two of PHP, from Debian's packages for the same reason: Doctrine
and FastRoute under php-fpm and nginx, and a console that consumes Symfony's messages. One of Java: a jar on Tomcat 11's
library with Quartz and PDFBox. One of Go: chi behind an entrypoint of the shell. Each has clients that are used in some
cases alone, and others that are never used. Recorded in a network of its own before the analysis was asked, by an
engineer who had read its documentation and not its code; of the records, that of the thirty-second set.
"""

from benchmarks.in_use.recipes.thirtyfourth_node import NODE_SERVICES
from benchmarks.in_use.recipes.thirtyfourth_others import OTHERS
from benchmarks.in_use.recipes.thirtyfourth_servers import SERVERS
from benchmarks.in_use.recipes.thirtyfourth_services import MORE_SERVICES

THIRTYFOURTH = NODE_SERVICES + MORE_SERVICES + OTHERS + SERVERS
