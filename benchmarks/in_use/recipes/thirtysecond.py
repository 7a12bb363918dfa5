"""Plain production images, two thirds of Node.js, of frameworks and libraries that no earlier set has.

The rule, written before the first was built. 14 images on slim bases, as the last stage of a Dockerfile leaves them,
with npm as the official image has it. Ten of Node.js: tsoa with TypeORM, compiled, with what TypeScript leaves for its
next build; Fastify with Eta, sharp and New Relic's agent; Pothos under graphql-http by pnpm; a worker of exports and
mails with Piscina; Express with EJS and its development dependencies; Koa with Pug and Objection by yarn; two
applications of a repository with workspaces under pm2-runtime; NestJS with CQRS and WebSockets and its development
dependencies; a bot of Telegraf with Sentry; and oRPC under OpenTelemetry's automatic instrumentation. Three of Python:
FastHTML with exports, starlette-admin under hypercorn, and a worker of Procrastinate beside PostgreSQL. One of another
kind: Radicale behind hitch. Recorded in a network of its own before the analysis was asked, by an engineer who had read
its documentation and not its code.
"""

from benchmarks.in_use.recipes.thirtysecond_node import NODE_SERVICES
from benchmarks.in_use.recipes.thirtysecond_others import OTHERS
from benchmarks.in_use.recipes.thirtysecond_pages import NODE_PAGES

THIRTYSECOND = NODE_SERVICES + NODE_PAGES + OTHERS
