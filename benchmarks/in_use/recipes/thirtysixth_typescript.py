"""The thirty-sixth set's service of TypeScript on a slim base."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS
from benchmarks.in_use.recipes.twentysixth_node import TYPESCRIPT

_TOOLS = ("ca-certificates", "netbase", "tzdata")
_COMPILED = (
    *NODE,
    "hash -r",
    f"cd /app && {NPM_CI} --include=dev && npm run build && npm prune -q --omit=dev || exit 1",
)

BOOKINGS = Recipe(
    name="roombookings",
    packages=(*_TOOLS, "dumb-init"),
    env=PRODUCTION_NODE | {"PORT": "10833", "JWT_SECRET": "one-secret-that-is-long", "LOG_LEVEL": "info"},
    entrypoint=("dumb-init", "--"),
    cmd=("node", "dist/main.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "roombookings", "version": "1.4.0", "private": true,
  "scripts": {"build": "tsc -p tsconfig.json", "start": "node dist/main.js", "test": "jest"},
  "dependencies": {"express": "^4", "inversify": "^6", "inversify-express-utils": "^6", "reflect-metadata": "^0.2",
    "io-ts": "^2", "io-ts-types": "^0.5", "fp-ts": "^2", "monocle-ts": "^2", "newtype-ts": "^0.3", "express-jwt": "^8",
    "jsonwebtoken": "^9", "bunyan": "^1", "@google-cloud/logging-bunyan": "^5", "@godaddy/terminus": "^4",
    "dotenv": "^16", "dotenv-expand": "^12", "express-http-proxy": "^2", "node-fetch": "^2", "iso8601-duration": "^2",
    "typed-emitter": "^2", "eventemitter2": "^6", "@azure/service-bus": "^7", "@launchdarkly/node-server-sdk": "^9",
    "immutable": "^5", "uuid": "^9", "tslib": "^2", "compression": "^1", "response-time": "^2", "spdy": "^4",
    "range_check": "^3", "typeorm": "^0.3", "ts-results": "^3", "jsonapi-serializer": "^3", "rrule": "^2"},
  "devDependencies": {"typescript": "^5", "@types/express": "^4", "@types/node": "^22", "jest": "^29"}
}
""",
        "app/tsconfig.json": TYPESCRIPT.replace(
            '"esModuleInterop": true,', '"esModuleInterop": true, "importHelpers": true,'
        ),
        "app/src/main.ts": """import 'reflect-metadata';
import { createTerminus } from '@godaddy/terminus';
import * as http from 'http';
import { settings } from './settings';
import { container } from './container';
import { createServer } from './server';
import { TYPES } from './types';

const log: any = container.get(TYPES.Logger);
const server = http.createServer(createServer(container));
createTerminus(server, {
  healthChecks: { '/health': async () => ({ version: '1.4.0' }) },
  signals: ['SIGTERM', 'SIGINT'],
  onSignal: async () => log.info('stopping'),
});
server.listen(settings.port, '127.0.0.1', () => log.info({ port: settings.port }, 'ready'));
""",
        "app/src/types.ts": """export const TYPES = {
  Logger: Symbol.for('Logger'), Store: Symbol.for('Store'), Flags: Symbol.for('Flags'), Events: Symbol.for('Events'),
  Bookings: Symbol.for('Bookings'),
};
""",
        "app/src/settings.ts": """import * as dotenv from 'dotenv';
import { expand } from 'dotenv-expand';
import { pipe } from 'fp-ts/function';
import * as E from 'fp-ts/Either';
import * as t from 'io-ts';
import { NumberFromString } from 'io-ts-types';
import { PathReporter } from 'io-ts/PathReporter';

expand(dotenv.config());
const Settings = t.intersection([
  t.type({ PORT: NumberFromString, JWT_SECRET: t.string }),
  t.partial({ LOG_LEVEL: t.string, SERVICE_BUS: t.string, FLAGS_KEY: t.string, STACKDRIVER: t.string }),
]);
const decoded = Settings.decode(process.env);
export const settings = pipe(decoded, E.fold(
  () => { throw new Error(PathReporter.report(decoded).join('; ')); },
  (env) => ({ port: env.PORT, secret: env.JWT_SECRET, level: env.LOG_LEVEL ?? 'info', bus: env.SERVICE_BUS,
    flags: env.FLAGS_KEY, stackdriver: env.STACKDRIVER }),
));
""",
        "app/src/logger.ts": """import bunyan from 'bunyan';
import { settings } from './settings';

export function createLogger() {
  const streams: any[] = [{ stream: process.stdout, level: settings.level }];
  if (settings.stackdriver) {
    const { LoggingBunyan } = require('@google-cloud/logging-bunyan');
    streams.push(new LoggingBunyan().stream('info'));
  }
  return bunyan.createLogger({ name: 'roombookings', streams, serializers: bunyan.stdSerializers });
}
""",
        "app/src/container.ts": """import { Container } from 'inversify';
import { BookingService } from './bookings/service';
import { MemoryStore } from './bookings/store';
import { EventBus } from './events';
import { createFlags } from './flags';
import { createLogger } from './logger';
import { TYPES } from './types';
import './bookings/controller';
import './controllers/tokens';

export const container = new Container({ defaultScope: 'Singleton' });
container.bind(TYPES.Logger).toConstantValue(createLogger());
container.bind(TYPES.Flags).toDynamicValue(() => createFlags());
container.bind(TYPES.Events).to(EventBus);
container.bind(TYPES.Store).to(MemoryStore);
container.bind(TYPES.Bookings).to(BookingService);
""",
        "app/src/flags.ts": """import { settings } from './settings';

export interface Flags { on(name: string): Promise<boolean> }

export function createFlags(): Flags {
  if (!settings.flags) return { on: async () => true };
  const { init } = require('@launchdarkly/node-server-sdk');
  const client = init(settings.flags);
  return { on: (name) => client.variation(name, { key: 'service' }, false) };
}
""",
        "app/src/events.ts": """import { EventEmitter2 } from 'eventemitter2';
import { inject, injectable } from 'inversify';
import { settings } from './settings';
import { TYPES } from './types';

@injectable()
export class EventBus {
  private readonly emitter = new EventEmitter2({ wildcard: true });

  constructor(@inject(TYPES.Logger) log: any) {
    this.emitter.on('booking.*', (booking: any) => log.info({ booking: booking.id }, 'event'));
    if (settings.bus) this.forward(settings.bus);
  }

  publish(name: string, value: unknown) { this.emitter.emit(name, value); }

  private async forward(connection: string) {
    const { ServiceBusClient } = await import('@azure/service-bus');
    const sender = new ServiceBusClient(connection).createSender('bookings');
    this.emitter.on('booking.*', (body: any) => sender.sendMessages({ body }));
  }
}
""",
        "app/src/bookings/model.ts": """import * as t from 'io-ts';
import { DateFromISOString, NonEmptyString } from 'io-ts-types';
import { Lens } from 'monocle-ts';

export const NewBooking = t.type({ room: NonEmptyString, at: DateFromISOString, lasts: NonEmptyString });
export type NewBooking = t.TypeOf<typeof NewBooking>;
export type Booking = NewBooking & { id: string; until: Date };
export const until = Lens.fromProp<Booking>()('until');
""",
        "app/src/bookings/store.ts": """import { Map } from 'immutable';
import { injectable } from 'inversify';
import { Booking } from './model';

@injectable()
export class MemoryStore {
  private bookings = Map<string, Booking>();

  save(booking: Booking) { this.bookings = this.bookings.set(booking.id, booking); }

  find(id: string) { return this.bookings.get(id); }

  all() { return this.bookings.sortBy((one) => one.at).valueSeq().toArray(); }
}
""",
        "app/src/bookings/service.ts": """import * as E from 'fp-ts/Either';
import { pipe } from 'fp-ts/function';
import { inject, injectable } from 'inversify';
import { end, parse } from 'iso8601-duration';
import { v4 } from 'uuid';
import { EventBus } from '../events';
import { Flags } from '../flags';
import { TYPES } from '../types';
import { Booking, NewBooking, until } from './model';
import { MemoryStore } from './store';

@injectable()
export class BookingService {
  constructor(
    @inject(TYPES.Store) private readonly store: MemoryStore,
    @inject(TYPES.Events) private readonly events: EventBus,
    @inject(TYPES.Flags) private readonly flags: Flags,
  ) {}

  all() { return this.store.all(); }

  find(id: string) { return this.store.find(id); }

  async add(wanted: NewBooking): Promise<E.Either<string, Booking>> {
    const open = await this.flags.on('booking');
    return pipe(
      E.tryCatch(() => end(parse(wanted.lasts), wanted.at), String),
      E.filterOrElse(() => open, () => 'closed'),
      E.map((ends) => until.set(ends)({ ...wanted, id: v4(), until: wanted.at })),
      E.map((booking) => {
        this.store.save(booking);
        this.events.publish('booking.added', booking);
        return booking;
      }),
    );
  }
}
""",
        "app/src/bookings/controller.ts": """import { isLeft } from 'fp-ts/Either';
import { Request, Response } from 'express';
import { inject } from 'inversify';
import { controller, httpGet, httpPost, request, requestParam, response } from 'inversify-express-utils';
import { PathReporter } from 'io-ts/PathReporter';
import { Serializer } from 'jsonapi-serializer';
import { TYPES } from '../types';
import { NewBooking } from './model';
import { BookingService } from './service';

const serializer = new Serializer('bookings', { attributes: ['room', 'at', 'until'] });

@controller('/bookings')
export class BookingController {
  constructor(@inject(TYPES.Bookings) private readonly bookings: BookingService) {}

  @httpGet('/')
  all() { return serializer.serialize(this.bookings.all()); }

  @httpGet('/:id')
  one(@requestParam('id') id: string, @response() res: Response) {
    const found = this.bookings.find(id);
    if (found) return serializer.serialize(found);
    return res.status(404).json({ error: 'no such booking' });
  }

  @httpPost('/')
  async add(@request() req: Request, @response() res: Response) {
    const wanted = NewBooking.decode(req.body);
    if (isLeft(wanted)) return res.status(422).json({ errors: PathReporter.report(wanted) });
    const added = await this.bookings.add(wanted.right);
    if (isLeft(added)) return res.status(409).json({ error: added.left });
    return res.status(201).json(serializer.serialize(added.right));
  }

  @httpPost('/repeat')
  async repeat(@request() req: Request) {
    const { RRule } = await import('rrule');
    return RRule.fromString(req.body.rule).all((_, index) => index < 3);
  }
}
""",
        "app/src/controllers/tokens.ts": """import { Request } from 'express';
import { BaseHttpController, controller, httpGet, httpPost, request } from 'inversify-express-utils';
import { sign } from 'jsonwebtoken';
import { settings } from '../settings';

@controller('')
export class TokenController extends BaseHttpController {
  @httpPost('/tokens')
  issue(@request() req: Request) {
    return this.json({ token: sign({ sub: req.body.user ?? 'guest' }, settings.secret, { expiresIn: '1h' }) });
  }

  @httpGet('/me')
  me(@request() req: any) { return this.json({ user: req.auth?.sub }); }
}
""",
        "app/src/server.ts": """import compression from 'compression';
import express from 'express';
import { expressjwt } from 'express-jwt';
import { Container } from 'inversify';
import { InversifyExpressServer } from 'inversify-express-utils';
import responseTime from 'response-time';
import { settings } from './settings';
import { TYPES } from './types';

export function createServer(container: Container) {
  const log: any = container.get(TYPES.Logger);
  const server = new InversifyExpressServer(container);
  server.setConfig((app: any) => {
    app.use(responseTime(), compression(), express.json());
    app.use('/me', expressjwt({ secret: settings.secret, algorithms: ['HS256'] }));
    if (process.env.LEGACY_URL) app.use('/legacy', require('express-http-proxy')(process.env.LEGACY_URL));
  });
  server.setErrorConfig((app: any) => app.use((error: any, req: any, res: any, next: any) => {
    log.warn({ err: error }, 'failed');
    res.status(error.status ?? 500).json({ error: error.message });
  }));
  return server.build();
}
""",
    },
    prepare=_COMPILED,
    asks=tuple(f"http://127.0.0.1:10833/{path}" for path in ("health", "bookings", "bookings/none", "me", "no")),
    sends=(
        (
            "http://127.0.0.1:10833/bookings",
            '{"room": "north", "at": "2026-03-01T10:00:00.000Z", "lasts": "PT45M"}',
        ),
        ("http://127.0.0.1:10833/bookings", '{"room": "", "at": "x"}'),
        ("http://127.0.0.1:10833/tokens", '{"user": "one"}'),
        ("http://127.0.0.1:10833/bookings/repeat", '{"rule": "FREQ=DAILY;COUNT=2"}'),
    ),
    seconds=20,
)

COMPILED_SERVICES = (BOOKINGS,)
