"""The thirty-ninth set's pages of Remix and its NestJS on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.thirtyeighth_sources import written
from benchmarks.in_use.recipes.twelfth import HOSTS
from benchmarks.in_use.recipes.twentysixth_node import TYPESCRIPT

_TOOLS = ("ca-certificates", "netbase", "tzdata")

GARDENS = Recipe(
    name="gardens",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "12005", "HOST": "127.0.0.1", "SESSION_SECRET": "one-secret-that-is-long-enough"},
    cmd=("npm", "run", "start"),
    files=HOSTS,
    prepare=(
        *NODE,
        "hash -r",
        *written(
            {
                "package.json": """{
  "name": "allotment", "version": "1.1.0", "private": true, "type": "module", "sideEffects": false,
  "scripts": {"build": "remix vite:build", "start": "remix-serve ./build/server/index.js", "dev": "remix vite:dev"},
  "dependencies": {"@remix-run/node": "^2", "@remix-run/react": "^2", "@remix-run/serve": "^2", "react": "^18",
    "react-dom": "^18", "isbot": "^5", "@conform-to/react": "^1", "@conform-to/zod": "^1", "zod": "^3",
    "remix-utils": "^7", "is-ip": "^5", "classnames": "^2", "marked": "^12", "lru-cache": "^11", "date-fns": "^4",
    "intl-pluralrules": "^2",
    "crypto-js": "^4", "@headlessui/react": "^2", "@heroicons/react": "^2", "spin-delay": "^2", "postmark": "^4",
    "pg": "^8", "knex": "^3"},
  "devDependencies": {"@remix-run/dev": "^2", "vite": "^5", "typescript": "^5", "vite-tsconfig-paths": "^5",
    "@types/react": "^18", "eslint": "^8"}
}
""",
                "tsconfig.json": """{"compilerOptions": {"lib": ["DOM", "ES2022"], "jsx": "react-jsx",
  "module": "ESNext",
  "moduleResolution": "Bundler", "target": "ES2022", "strict": false, "skipLibCheck": true, "noEmit": true,
  "baseUrl": ".", "paths": {"~/*": ["./app/*"]}}, "include": ["**/*.ts", "**/*.tsx"]}
""",
                "vite.config.ts": """import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig } from 'vite';
import tsconfigPaths from 'vite-tsconfig-paths';

export default defineConfig({ plugins: [remix(), tsconfigPaths()] });
""",
                "app/root.tsx": """import { Links, Meta, Outlet, Scripts, ScrollRestoration, isRouteErrorResponse,
  useRouteError } from '@remix-run/react';
import classNames from 'classnames';
import styles from './styles.css?url';

export const links = () => [{ rel: 'stylesheet', href: styles }];

export function Layout({ children }) {
  return (
    <html lang="en">
      <head><Meta /><Links /></head>
      <body className={classNames('page', { wide: true })}>{children}<ScrollRestoration /><Scripts /></body>
    </html>
  );
}

export default function App() {
  return <Outlet />;
}

export function ErrorBoundary() {
  const error = useRouteError();
  return <h1>{isRouteErrorResponse(error) ? error.status : 'Failed'}</h1>;
}
""",
                "app/styles.css": ".page { font-family: sans-serif }\n.wide { max-width: 60rem }\n",
                "app/session.server.ts": """import { createCookieSessionStorage } from '@remix-run/node';

export const sessions = createCookieSessionStorage({
  cookie: { name: '__session', httpOnly: true, sameSite: 'lax', secrets: [process.env.SESSION_SECRET ?? 'one'] },
});
""",
                "app/plots.server.ts": """import { LRUCache } from 'lru-cache';

const cache = new LRUCache<string, any>({ max: 50, ttl: 2000 });
const plots: any[] = [{ id: 1, name: 'Beans', notes: '**sow** in May', since: '2024-04-01' }];

async function table() {
  const { default: knex } = await import('knex');
  return knex({ client: 'pg', connection: process.env.DATABASE_URL })('plots');
}

export async function all() {
  if (!cache.has('all')) cache.set('all', process.env.DATABASE_URL ? await (await table()).select() : plots.slice(-5));
  return cache.get('all');
}

export async function add(plot) {
  cache.clear();
  if (process.env.DATABASE_URL) return (await table()).insert(plot);
  plots.push({ id: plots.length + 1, since: new Date().toISOString(), ...plot });
}

export const one = (id: string) => plots.find((plot) => String(plot.id) === id);
""",
                "app/notify.server.ts": """export async function notify(text: string) {
  if (!process.env.POSTMARK_TOKEN) return;
  const { ServerClient } = await import('postmark');
  await new ServerClient(process.env.POSTMARK_TOKEN).sendEmail({ From: 'a@shop.example', To: 'b@shop.example',
    Subject: 'Plot', TextBody: text });
}
""",
                "app/routes/_index.tsx": """import { getFormProps, getInputProps, useForm } from '@conform-to/react';
import { parseWithZod } from '@conform-to/zod';
import { json, redirect } from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { PlusIcon } from '@heroicons/react/24/outline';
import { formatDistanceToNow } from 'date-fns';
import { useSpinDelay } from 'spin-delay';
import { z } from 'zod';
import { notify } from '~/notify.server';
import { add, all } from '~/plots.server';

const schema = z.object({ name: z.string().min(1), notes: z.string().optional() });

export const meta = () => [{ title: 'Allotment' }];
export const loader = async () => json({ plots: await all() });

export const action = async ({ request }) => {
  const submission = parseWithZod(await request.formData(), { schema });
  if (submission.status !== 'success') return json(submission.reply(), 422);
  await add(submission.value);
  await notify(submission.value.name);
  return redirect('/');
};

export default function Index() {
  const { plots } = useLoaderData<typeof loader>();
  const [form, fields] = useForm({ lastResult: useActionData<typeof action>() as any });
  const busy = useSpinDelay(useNavigation().state !== 'idle');
  return (
    <main>
      <ul>{plots.map((plot) => (
        <li key={plot.id}><Link to={`/plots/${plot.id}`}>{plot.name}</Link> {formatDistanceToNow(plot.since)}</li>
      ))}</ul>
      <Form method="post" {...getFormProps(form)}>
        <input {...getInputProps(fields.name, { type: 'text' })} /><p>{fields.name.errors}</p>
        <button disabled={busy}><PlusIcon width={16} />Add</button>
      </Form>
    </main>
  );
}
""",
                "app/routes/plots.$id.tsx": """import { Disclosure, DisclosureButton, DisclosurePanel }
  from '@headlessui/react';
import { json } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { marked } from 'marked';
import { one } from '~/plots.server';

export const loader = async ({ params }) => {
  const plot = one(params.id);
  if (!plot) throw new Response('no', { status: 404 });
  return json({ plot, notes: await marked.parse(plot.notes ?? '') });
};

export default function Plot() {
  const { plot, notes } = useLoaderData<typeof loader>();
  return (
    <Disclosure defaultOpen>
      <DisclosureButton>{plot.name}</DisclosureButton>
      <DisclosurePanel><div dangerouslySetInnerHTML={{ __html: notes }} /></DisclosurePanel>
    </Disclosure>
  );
}
""",
                "app/routes/login.tsx": """import { redirect } from '@remix-run/node';
import { Form } from '@remix-run/react';
import { getClientIPAddress } from 'remix-utils/get-client-ip-address';
import { sessions } from '~/session.server';

export const action = async ({ request }) => {
  const session = await sessions.getSession(request.headers.get('cookie'));
  session.set('name', (await request.formData()).get('name'));
  session.set('from', getClientIPAddress(request));
  return redirect('/me', { headers: { 'set-cookie': await sessions.commitSession(session) } });
};

export default function Login() {
  return <Form method="post"><input name="name" /><button>Enter</button></Form>;
}
""",
                "app/routes/me.ts": """import { json } from '@remix-run/node';
import { sessions } from '~/session.server';

export const loader = async ({ request }) =>
  json((await sessions.getSession(request.headers.get('cookie'))).data);
""",
                "app/routes/health.ts": "export const loader = async () => new Response('up');\n",
                "app/routes/fail.ts": "export const loader = async () => { throw new Error('on purpose'); };\n",
                "app/routes/avatars.$name.ts": """import md5 from 'crypto-js/md5';
import { redirect } from '@remix-run/node';

export const loader = async ({ params }) => redirect(`/plots/1?avatar=${md5(params.name).toString()}`);
""",
            },
            "/build",
        ),
        f"cd /build && {NPM_CI} --include=dev && npm run build && npm prune -q --omit=dev && "
        "cp -r build node_modules package.json /app && cd / && rm -rf /build || exit 1",
    ),
    asks=tuple(
        f"http://127.0.0.1:12005/{path}"
        for path in ("", "plots/1", "plots/999", "login", "me", "health", "fail", "avatars/one", "no")
    ),
    sends=(
        ("http://127.0.0.1:12005/?index", "name=Peas&notes=later"),
        ("http://127.0.0.1:12005/?index", "name="),
        ("http://127.0.0.1:12005/login", "name=one"),
    ),
    seconds=25,
)

MOORINGS = Recipe(
    name="moorings",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE | {"PORT": "12006", "JWT_SECRET": "one-secret-that-is-long-enough-for-tokens"},
    entrypoint=("tini", "--"),
    cmd=("node", "dist/main"),
    files=HOSTS,
    prepare=(
        *NODE,
        "hash -r",
        *written(
            {
                "package.json": """{
  "name": "moorings", "version": "1.0.0", "private": true,
  "scripts": {"build": "nest build", "start:prod": "node dist/main", "test": "jest"},
  "dependencies": {"@nestjs/common": "^11", "@nestjs/core": "^11", "@nestjs/platform-express": "^11",
    "@nestjs/config": "^4", "@nestjs/swagger": "^11", "@nestjs/jwt": "^11", "@nestjs/passport": "^11",
    "@nestjs/microservices": "^11", "@willsoto/nestjs-prometheus": "^6", "prom-client": "^15", "passport": "^0.7",
    "passport-jwt": "^4", "passport-local": "^1", "nest-access-control": "^3", "class-validator": "^0.14",
    "class-transformer": "^0.5", "reflect-metadata": "^0.2", "rxjs": "^7", "immer": "^10",
    "bcryptjs": "^3", "helmet": "^8", "compression": "^1", "suncalc": "^1", "iso-3166-1": "^2", "xstate": "^5",
    "node-ical": "^0.20", "json2csv": "^6.0.0-alpha.2", "mqtt": "^5", "@hubspot/api-client": "^12"},
  "devDependencies": {"@nestjs/cli": "^11", "@nestjs/schematics": "^11", "@nestjs/testing": "^11", "jest": "^29",
    "typescript": "^5", "@types/node": "^22", "@types/express": "^5"}
}
""".replace("", ""),
                "nest-cli.json": """{"collection": "@nestjs/schematics", "sourceRoot": "src",
  "compilerOptions": {"deleteOutDir": true, "builder": {"type": "tsc"}, "typeCheck": false}}
""",
                "tsconfig.json": TYPESCRIPT,
                "tsconfig.build.json": '{"extends": "./tsconfig.json", "exclude": ["node_modules", "dist"]}\n',
                "src/main.ts": """import { ValidationPipe, VersioningType } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import compression = require('compression');
import helmet from 'helmet';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.use(helmet(), compression());
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  app.enableShutdownHooks();
  const config = app.get(ConfigService);
  if (config.get('MQTT_URL')) {
    const { Transport } = await import('@nestjs/microservices');
    app.connectMicroservice({ transport: Transport.MQTT, options: { url: config.get('MQTT_URL') } });
    await app.startAllMicroservices();
  }
  const document = new DocumentBuilder().setTitle('Moorings').addBearerAuth().build();
  SwaggerModule.setup('docs', app, SwaggerModule.createDocument(app, document));
  await app.listen(config.getOrThrow<number>('PORT'), '127.0.0.1');
}
bootstrap();
""",
                "src/app.module.ts": """import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { AccessControlModule } from 'nest-access-control';
import { AuthModule } from './auth/auth.module';
import { roles } from './auth/roles';
import { BerthsModule } from './berths/berths.module';
import { EventsModule } from './events/events.module';
import { HealthController } from './health.controller';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, cache: true }),
    PrometheusModule.register(),
    AccessControlModule.forRoles(roles),
    EventsModule, AuthModule, BerthsModule,
  ],
  controllers: [HealthController],
})
export class AppModule {}
""",
                "src/health.controller.ts": """import { Controller, Get, VERSION_NEUTRAL } from '@nestjs/common';

@Controller({ path: 'health', version: VERSION_NEUTRAL })
export class HealthController {
  @Get() health() { return { status: 'up' }; }
}
""",
                "src/events/events.module.ts": """import { Global, Module } from '@nestjs/common';
import { EventStore } from './event.store';

@Global()
@Module({ providers: [EventStore], exports: [EventStore] })
export class EventsModule {}
""",
                "src/events/event.store.ts": """import { Injectable } from '@nestjs/common';
import { produce } from 'immer';
import { ReplaySubject, bufferTime, filter } from 'rxjs';

export interface Event { berth: string; kind: 'taken' | 'left'; ship?: string }

@Injectable()
export class EventStore {
  private state: Record<string, string> = {};
  private readonly all = new ReplaySubject<Event>(50);
  readonly batches = this.all.pipe(bufferTime(1000), filter((batch) => batch.length > 0));

  append(event: Event) {
    this.state = produce(this.state, (draft) => {
      if (event.kind === 'taken') draft[event.berth] = event.ship;
      else delete draft[event.berth];
    });
    this.all.next(event);
    return this.state;
  }
  current() { return this.state; }
}
""",
                "src/auth/roles.ts": """import { RolesBuilder } from 'nest-access-control';

export const roles = new RolesBuilder();
roles.grant('guest').readAny('berth').grant('master').extend('guest').createAny('berth').deleteAny('berth');
""",
                "src/auth/auth.module.ts": """import { Module } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { AuthController } from './auth.controller';
import { JwtStrategy } from './jwt.strategy';
import { PasswordStrategy } from './password.strategy';
import { Users } from './users';

@Module({
  imports: [
    PassportModule,
    JwtModule.registerAsync({ inject: [ConfigService], useFactory: (config: ConfigService) => ({
      secret: config.getOrThrow('JWT_SECRET'), signOptions: { expiresIn: '1h' } }) }),
  ],
  controllers: [AuthController],
  providers: [Users, JwtStrategy, PasswordStrategy],
})
export class AuthModule {}
""",
                "src/auth/users.ts": """import { Injectable } from '@nestjs/common';
import { compare, hashSync } from 'bcryptjs';

@Injectable()
export class Users {
  private readonly users = [{ name: 'one', hash: hashSync('two-three', 4), roles: ['master'] }];
  async check(name: string, password: string) {
    const user = this.users.find((each) => each.name === name);
    return user && (await compare(password, user.hash)) ? { name: user.name, roles: user.roles } : null;
  }
}
""",
                "src/auth/jwt.strategy.ts": """import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(config: ConfigService) {
    super({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: config.getOrThrow('JWT_SECRET') });
  }
  validate(payload: any) { return payload; }
}
""",
                "src/auth/password.strategy.ts": """import { Injectable, UnauthorizedException } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-local';
import { Users } from './users';

@Injectable()
export class PasswordStrategy extends PassportStrategy(Strategy) {
  constructor(private readonly users: Users) { super({ usernameField: 'name' }); }
  async validate(name: string, password: string) {
    const user = await this.users.check(name, password);
    if (!user) throw new UnauthorizedException();
    return user;
  }
}
""",
                "src/auth/auth.controller.ts": """import { Controller, Get, Post, Request, UseGuards }
  from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { AuthGuard } from '@nestjs/passport';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(private readonly jwt: JwtService) {}

  @UseGuards(AuthGuard('local'))
  @Post('login')
  login(@Request() request: any) { return { token: this.jwt.sign(request.user) }; }

  @ApiBearerAuth()
  @UseGuards(AuthGuard('jwt'))
  @Get('me')
  me(@Request() request: any) { return request.user; }
}
""",
                "src/berths/berths.module.ts": """import { Module } from '@nestjs/common';
import { makeCounterProvider } from '@willsoto/nestjs-prometheus';
import { BerthsController } from './berths.controller';
import { BerthsService } from './berths.service';
import { CustomersService } from './customers.service';

@Module({
  controllers: [BerthsController],
  providers: [BerthsService, CustomersService, makeCounterProvider({ name: 'berths_taken', help: 'berths taken' })],
})
export class BerthsModule {}
""",
                "src/berths/new-stay.ts": """import { ApiProperty, ApiPropertyOptional, PartialType }
  from '@nestjs/swagger';
import { IsISO31661Alpha2, IsNotEmpty, IsOptional, IsString } from 'class-validator';

export class NewStay {
  @ApiProperty() @IsString() @IsNotEmpty() ship: string;
  @ApiPropertyOptional() @IsOptional() @IsISO31661Alpha2() flag?: string;
}

export class ChangedStay extends PartialType(NewStay) {}
""",
                "src/berths/stay.machine.ts": """import { createActor, createMachine } from 'xstate';

const machine = createMachine({
  id: 'stay', initial: 'free',
  states: { free: { on: { TAKE: 'taken' } }, taken: { on: { LEAVE: 'free' } } },
});

export const newStay = () => createActor(machine).start();
""",
                "src/berths/customers.service.ts": """import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';

@Injectable()
export class CustomersService {
  constructor(private readonly config: ConfigService) {}
  async announce(ship: string) {
    const accessToken = this.config.get('HUBSPOT_TOKEN');
    if (!accessToken) return;
    const { Client } = await import('@hubspot/api-client');
    await new Client({ accessToken }).crm.contacts.basicApi.create({ properties: { firstname: ship } } as any);
  }
}
""",
                "src/berths/berths.service.ts": """import { ConflictException, Injectable, NotFoundException }
  from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import * as countries from 'iso-3166-1';
import { Counter } from 'prom-client';
import * as suncalc from 'suncalc';
import { EventStore } from '../events/event.store';
import { CustomersService } from './customers.service';
import { NewStay } from './new-stay';
import { newStay } from './stay.machine';

@Injectable()
export class BerthsService {
  private readonly stays = new Map<string, ReturnType<typeof newStay>>();
  constructor(private readonly events: EventStore, private readonly customers: CustomersService,
    @InjectMetric('berths_taken') private readonly taken: Counter) {}

  all() { return this.events.current(); }

  async take(berth: string, stay: NewStay) {
    const actor = this.stays.get(berth) ?? newStay();
    if (actor.getSnapshot().value === 'taken') throw new ConflictException();
    actor.send({ type: 'TAKE' });
    this.stays.set(berth, actor);
    this.taken.inc();
    await this.customers.announce(stay.ship);
    this.events.append({ berth, kind: 'taken', ship: stay.ship });
    return { berth, ship: stay.ship, flag: stay.flag && countries.whereAlpha2(stay.flag)?.country };
  }
  leave(berth: string) {
    const actor = this.stays.get(berth);
    if (!actor) throw new NotFoundException();
    actor.send({ type: 'LEAVE' });
    return this.events.append({ berth, kind: 'left' });
  }
  light() { return suncalc.getTimes(new Date(), 54.3, 10.1); }
}
""",
                "src/berths/berths.controller.ts": """import { Body, Controller, Delete, Get, Header, Param, Post,
  UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { ApiTags } from '@nestjs/swagger';
import { ACGuard, UseRoles } from 'nest-access-control';
import { BerthsService } from './berths.service';
import { NewStay } from './new-stay';

@ApiTags('berths')
@Controller('berths')
export class BerthsController {
  constructor(private readonly berths: BerthsService) {}

  @Get() all() { return this.berths.all(); }
  @Get('light') light() { return this.berths.light(); }

  @Get('list.csv')
  @Header('content-type', 'text/csv')
  async list() {
    const { Parser } = await import('json2csv');
    const rows = Object.entries(this.berths.all()).map(([berth, ship]) => ({ berth, ship }));
    return new Parser({ fields: ['berth', 'ship'] }).parse(rows);
  }
  @Get('fail') fail() { throw new Error('on purpose'); }

  @Post(':berth/leave') left(@Param('berth') berth: string) { return this.berths.leave(berth); }
  @Post(':berth') take(@Param('berth') berth: string, @Body() stay: NewStay) { return this.berths.take(berth, stay); }

  @UseGuards(AuthGuard('jwt'), ACGuard)
  @UseRoles({ resource: 'berth', action: 'delete', possession: 'any' })
  @Delete(':berth') close(@Param('berth') berth: string) { return this.berths.leave(berth); }
}
""",
            },
            "/build",
        ),
        f"cd /build && {NPM_CI} --include=dev && (npm run build || npx tsc --noCheck -p tsconfig.build.json) && "
        "npm prune -q --omit=dev && cp -r dist node_modules package.json /app && cd / && rm -rf /build || exit 1",
    ),
    asks=tuple(
        f"http://127.0.0.1:12006/{path}"
        for path in (
            *("health", "v1/metrics", "docs", "docs-json", "v1/berths", "v1/berths/light", "v1/berths/list.csv"),
            *("v1/berths/fail", "v1/auth/me", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:12006/v1/auth/login", '{"name": "one", "password": "two-three"}'),
        ("http://127.0.0.1:12006/v1/auth/login", '{"name": "one", "password": "no"}'),
        ("http://127.0.0.1:12006/v1/berths/a1", '{"ship": "Seute Deern", "flag": "DE"}'),
        ("http://127.0.0.1:12006/v1/berths/a1", '{"ship": "", "flag": "ZZ"}'),
        ("http://127.0.0.1:12006/v1/berths/a1/leave", "{}"),
    ),
    seconds=25,
)

NODE_PAGES = (GARDENS, MOORINGS)
