"""The thirty-fifth set's services by pnpm and NestJS and its pages rendered on the server, on slim bases."""

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
_PNPM = (
    *NODE,
    "hash -r",
    "npm install -q -g --prefix /usr/local pnpm@9",
    "cd /app && pnpm install --silent --prod || exit 1",
    "npm uninstall -q -g --prefix /usr/local pnpm && rm -rf /root/.local/share/pnpm /root/.cache",
)

PANTRY = Recipe(
    name="pantry",
    packages=(*_TOOLS, "dumb-init"),
    env=PRODUCTION_NODE | {"PORT": "10805", "SECRET": "one-secret-that-is-long-enough-for-sessions"},
    entrypoint=("dumb-init", "--"),
    cmd=("npm", "start"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "pantry", "version": "1.0.0", "private": true,
  "scripts": {"start": "fastify start -a 127.0.0.1 -p 10805 -l info --options src/app.js",
    "dev": "fastify start -w src/app.js"},
  "dependencies": {"fastify": "^5", "fastify-cli": "^7", "fastify-plugin": "^5", "@fastify/autoload": "^6",
    "@fastify/cookie": "^11", "@fastify/session": "^11", "@fastify/oauth2": "^8", "@fastify/under-pressure": "^9",
    "@fastify/env": "^5", "@fastify/caching": "^9", "@fastify/formbody": "^8", "@fastify/schedule": "^6",
    "@fastify/response-validation": "^3", "toad-scheduler": "^3", "fastify-metrics": "^12",
    "@mikro-orm/core": "6.6.16", "@mikro-orm/libsql": "6.6.16", "@mikro-orm/migrations": "6.6.16",
    "@mikro-orm/postgresql": "6.6.16",
    "@node-rs/argon2": "^2", "fluent-json-schema": "^6", "nanoid": "^3", "meilisearch": "^0.50", "qrcode": "^1",
    "close-with-grace": "^2", "fuse.js": "^7", "convert-units": "^2", "pino-loki": "^2", "@sentry/node": "^9",
    "fastify-graceful-shutdown": "^4"}
}
""",
        "app/src/app.js": """'use strict';
const path = require('node:path');
const autoload = require('@fastify/autoload');

module.exports = async (fastify, options) => {
  await fastify.register(require('@fastify/env'), {
    schema: {
      type: 'object', required: ['SECRET'],
      properties: { SECRET: { type: 'string' }, SENTRY_DSN: { type: 'string' }, DATABASE_URL: { type: 'string' },
        GITHUB_ID: { type: 'string' }, GITHUB_SECRET: { type: 'string' }, MEILI_URL: { type: 'string' } },
    },
  });
  if (fastify.config.SENTRY_DSN) require('@sentry/node').init({ dsn: fastify.config.SENTRY_DSN });
  fastify.register(autoload, { dir: path.join(__dirname, 'plugins'), options });
  fastify.register(autoload, { dir: path.join(__dirname, 'routes'), routeParams: true, options });
};
module.exports.options = { trustProxy: true, ajv: { customOptions: { coerceTypes: 'array' } } };
""",
        "app/src/plugins/database.js": """const fp = require('fastify-plugin');
const { RequestContext } = require('@mikro-orm/core');
const { Item, User } = require('../entities');

module.exports = fp(async (fastify) => {
  const entities = [Item, User];
  let orm;
  if (fastify.config.DATABASE_URL) {
    const { MikroORM } = require('@mikro-orm/postgresql');
    orm = await MikroORM.init({ entities, clientUrl: fastify.config.DATABASE_URL });
  } else {
    const { MikroORM } = require('@mikro-orm/libsql');
    orm = await MikroORM.init({ entities, dbName: '/tmp/pantry.db' });
  }
  await orm.schema.updateSchema();
  fastify.decorate('orm', orm);
  fastify.addHook('onRequest', (request, reply, done) => RequestContext.create(orm.em, done));
  fastify.addHook('onClose', () => orm.close());
}, { name: 'database' });
""",
        "app/src/plugins/session.js": """const fp = require('fastify-plugin');

module.exports = fp(async (fastify) => {
  await fastify.register(require('@fastify/cookie'));
  await fastify.register(require('@fastify/session'), { secret: fastify.config.SECRET, cookie: { secure: false } });
  await fastify.register(require('@fastify/formbody'));
  if (fastify.config.GITHUB_ID) {
    const oauth2 = require('@fastify/oauth2');
    await fastify.register(oauth2, {
      name: 'github', startRedirectPath: '/login/github', callbackUri: 'http://pantry.example/login/github/callback',
      credentials: { client: { id: fastify.config.GITHUB_ID, secret: fastify.config.GITHUB_SECRET },
        auth: oauth2.GITHUB_CONFIGURATION },
    });
  }
}, { name: 'session' });
""",
        "app/src/plugins/watch.js": """const closeWithGrace = require('close-with-grace');
const fp = require('fastify-plugin');
const { AsyncTask, SimpleIntervalJob } = require('toad-scheduler');
const { Item } = require('../entities');

module.exports = fp(async (fastify) => {
  await fastify.register(require('@fastify/under-pressure'), { maxEventLoopDelay: 5000, exposeStatusRoute: '/health' });
  await fastify.register(require('fastify-metrics'), { endpoint: '/metrics' });
  await fastify.register(require('@fastify/caching'), { privacy: 'private', expiresIn: 2 });
  await fastify.register(require('@fastify/schedule'));
  const items = () => fastify.orm.em.fork().count(Item);
  const count = new AsyncTask('count', async () => fastify.log.info({ items: await items() }));
  fastify.ready().then(() => fastify.scheduler.addSimpleIntervalJob(new SimpleIntervalJob({ seconds: 4 }, count)));
  const closing = closeWithGrace({ delay: 500 }, async ({ err }) => {
    if (err) fastify.log.error(err);
    await fastify.close();
  });
  fastify.addHook('onClose', async () => closing.uninstall());
}, { dependencies: ['database'] });
""",
        "app/src/entities/index.js": """const { EntitySchema } = require('@mikro-orm/core');
const { nanoid } = require('nanoid');

exports.User = new EntitySchema({
  name: 'User',
  properties: { id: { type: 'string', primary: true, onCreate: () => nanoid() },
    name: { type: 'string', unique: true }, password: { type: 'string', lazy: true } },
});
exports.Item = new EntitySchema({
  name: 'Item',
  properties: { id: { type: 'string', primary: true, onCreate: () => nanoid() }, name: { type: 'string' },
    amount: { type: 'double' }, unit: { type: 'string' },
    createdAt: { type: 'datetime', onCreate: () => new Date() } },
});
""",
        "app/src/routes/items/index.js": """const convert = require('convert-units');
const S = require('fluent-json-schema');
const { Item } = require('../../entities');

const body = S.object().prop('name', S.string().minLength(1).required()).prop('amount', S.number().required())
  .prop('unit', S.string().enum(['g', 'kg', 'l', 'ml']).required());

module.exports = async (fastify) => {
  const all = () => fastify.orm.em.find(Item, {}, { orderBy: { createdAt: 'desc' }, limit: 20 });
  fastify.get('/', all);
  fastify.get('/search', async (request) => {
    if (fastify.config.MEILI_URL) {
      const { MeiliSearch } = require('meilisearch');
      return new MeiliSearch({ host: fastify.config.MEILI_URL }).index('items').search(request.query.q);
    }
    const Fuse = require('fuse.js');
    return new Fuse(await all(), { keys: ['name'] }).search(String(request.query.q));
  });
  fastify.post('/', { schema: { body } }, async (request, reply) => {
    const { name, amount, unit } = request.body;
    const kept = unit === 'kg' ? convert(amount).from('kg').to('g') : amount;
    const item = fastify.orm.em.create(Item, { name, amount: kept, unit: unit === 'kg' ? 'g' : unit });
    await fastify.orm.em.persistAndFlush(item);
    return reply.code(201).send(item);
  });
  fastify.get('/:id/label.svg', async (request, reply) => {
    const { id } = request.params;
    const found = id === 'last' ? (await all())[0] : await fastify.orm.em.findOne(Item, id);
    if (!found) return reply.callNotFound();
    reply.type('image/svg+xml');
    return require('qrcode').toString(found.id, { type: 'svg' });
  });
};
""",
        "app/src/routes/users/index.js": """const { hash, verify } = require('@node-rs/argon2');
const { User } = require('../../entities');

module.exports = async (fastify) => {
  fastify.post('/login', async (request) => {
    const { em } = fastify.orm;
    let user = await em.findOne(User, { name: request.body.name }, { populate: ['password'] });
    if (!user) {
      user = em.create(User, { name: request.body.name, password: await hash(request.body.password) });
      await em.persistAndFlush(user);
    }
    const good = await verify(user.password, request.body.password);
    request.session.user = good ? user.id : null;
    return { good };
  });
  fastify.get('/me', async (request) => ({ id: request.session.user ?? null }));
};
""",
        "app/src/routes/root.js": """module.exports = async (fastify) => {
  fastify.get('/', async () => ({ name: 'pantry' }));
  fastify.get('/fail', async () => { throw new Error('on purpose'); });
};
""",
    },
    prepare=_PNPM,
    asks=tuple(
        f"http://127.0.0.1:10805/{path}"
        for path in (
            *("", "health", "metrics", "items", "items/search?q=ric", "items/last/label.svg", "users/me", "fail", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10805/items", '{"name": "rice", "amount": 2, "unit": "kg"}'),
        ("http://127.0.0.1:10805/items", '{"name": ""}'),
        ("http://127.0.0.1:10805/users/login", "name=one&password=two"),
    ),
    seconds=25,
)

COURSES = Recipe(
    name="courses",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE | {"PORT": "10806", "JWT_SECRET": "one-secret", "DATABASE": "/tmp/courses.db"},
    entrypoint=("tini", "--"),
    cmd=("npm", "run", "start:prod"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "courses", "version": "1.0.0", "private": true,
  "scripts": {"build": "nest build", "start": "nest start", "start:prod": "node dist/main", "test": "jest"},
  "dependencies": {"@nestjs/common": "^11", "@nestjs/core": "^11", "@nestjs/platform-express": "^11",
    "@nestjs/config": "^4", "@nestjs/typeorm": "^11", "typeorm": "^0.3", "sql.js": "^1", "mysql2": "^3",
    "@nestjs/jwt": "^11", "@nestjs/throttler": "^6", "@nestjs/event-emitter": "^3", "@nestjs/mapped-types": "^2",
    "@nestjs/serve-static": "^5", "nestjs-typeorm-paginate": "^4", "nest-winston": "^1", "winston": "^3",
    "class-validator": "^0.14", "class-transformer": "^0.5", "joi": "^17", "bcryptjs": "^3", "slugify": "^1",
    "cookie-parser": "^1", "compression": "^1", "reflect-metadata": "^0.2", "rxjs": "^7", "@sentry/nestjs": "^9",
    "@nestjs/elasticsearch": "^11", "@elastic/elasticsearch": "^8", "@nestjs/bull": "^11", "bull": "^4",
    "@aws-sdk/client-s3": "^3", "@aws-sdk/s3-request-presigner": "^3", "typeorm-naming-strategies": "^4",
    "nest-commander": "^3", "file-type": "^16", "uuid": "^11"},
  "devDependencies": {"@nestjs/cli": "^11", "typescript": "^5", "@types/node": "^22", "jest": "^29"}
}
""",
        "app/nest-cli.json": '{"collection": "@nestjs/schematics", "sourceRoot": "src"}\n',
        "app/tsconfig.json": TYPESCRIPT,
        "app/public/index.html": "<!doctype html><title>Courses</title><h1>Courses</h1>\n",
        "app/src/main.ts": """import './instrument';
import { ValidationPipe } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import * as compression from 'compression';
import * as cookieParser from 'cookie-parser';
import { WINSTON_MODULE_NEST_PROVIDER } from 'nest-winston';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule, { bufferLogs: true });
  app.useLogger(app.get(WINSTON_MODULE_NEST_PROVIDER));
  app.use((compression as any).default?.() ?? (compression as any)());
  app.use((cookieParser as any).default?.() ?? (cookieParser as any)());
  app.setGlobalPrefix('api');
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  app.enableShutdownHooks();
  await app.listen(app.get(ConfigService).get('PORT'), '127.0.0.1');
}
bootstrap();
""",
        "app/src/instrument.ts": """if (process.env.SENTRY_DSN) {
  const Sentry = require('@sentry/nestjs');
  Sentry.init({ dsn: process.env.SENTRY_DSN });
}
""",
        "app/src/app.module.ts": """import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { APP_GUARD } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { ServeStaticModule } from '@nestjs/serve-static';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { TypeOrmModule } from '@nestjs/typeorm';
import * as Joi from 'joi';
import { utilities, WinstonModule } from 'nest-winston';
import { SnakeNamingStrategy } from 'typeorm-naming-strategies';
import * as winston from 'winston';
import { AuthModule } from './auth/auth.module';
import { CoursesModule } from './courses/courses.module';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, validationSchema: Joi.object({
      PORT: Joi.number().default(3000), JWT_SECRET: Joi.string().required(), DATABASE: Joi.string().required() }) }),
    WinstonModule.forRoot({ transports: [new winston.transports.Console({
      format: winston.format.combine(winston.format.timestamp(), utilities.format.nestLike('courses')) })] }),
    TypeOrmModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService): any => {
        const common = { autoLoadEntities: true, synchronize: true, namingStrategy: new SnakeNamingStrategy() };
        if (config.get('MYSQL_URL')) return { type: 'mysql', url: config.get('MYSQL_URL'), ...common };
        return { type: 'sqljs', location: config.get('DATABASE'), autoSave: true, ...common };
      },
    }),
    ThrottlerModule.forRoot([{ ttl: 60000, limit: 900 }]),
    EventEmitterModule.forRoot({ wildcard: true }),
    ServeStaticModule.forRoot({ rootPath: join(__dirname, '..', 'public'), exclude: ['/api/{*any}'] }),
    AuthModule,
    CoursesModule,
  ],
  providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
})
export class AppModule {}
""",
        "app/src/auth/auth.module.ts": """import { Global, Module } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthController } from './auth.controller';
import { AuthService } from './auth.service';
import { User } from './user.entity';

@Global()
@Module({
  imports: [
    TypeOrmModule.forFeature([User]),
    JwtModule.registerAsync({ global: true, inject: [ConfigService], useFactory: (config: ConfigService) => ({
      secret: config.get('JWT_SECRET'), signOptions: { expiresIn: '1h' } }) }),
  ],
  controllers: [AuthController],
  providers: [AuthService],
  exports: [AuthService],
})
export class AuthModule {}
""",
        "app/src/auth/user.entity.ts": """import { Exclude } from 'class-transformer';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class User {
  @PrimaryGeneratedColumn() id: number;
  @Column({ unique: true }) mail: string;
  @Exclude() @Column() secret: string;
}
""",
        "app/src/auth/auth.service.ts": """import { Injectable, UnauthorizedException } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { InjectRepository } from '@nestjs/typeorm';
import { compare, hash } from 'bcryptjs';
import { Repository } from 'typeorm';
import { User } from './user.entity';

@Injectable()
export class AuthService {
  constructor(@InjectRepository(User) private readonly users: Repository<User>, private readonly jwt: JwtService) {}

  async signIn(mail: string, password: string) {
    const user = await this.users.findOneBy({ mail }) ??
      await this.users.save(this.users.create({ mail, secret: await hash(password, 4) }));
    if (!(await compare(password, user.secret))) throw new UnauthorizedException();
    return { token: await this.jwt.signAsync({ sub: user.id }) };
  }
}
""",
        "app/src/auth/auth.controller.ts": """import { Body, Controller, Post } from '@nestjs/common';
import { IsEmail, MinLength } from 'class-validator';
import { AuthService } from './auth.service';

export class Credentials {
  @IsEmail() mail: string;
  @MinLength(3) password: string;
}

@Controller('auth')
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Post('login')
  login(@Body() { mail, password }: Credentials) { return this.auth.signIn(mail, password); }
}
""",
        "app/src/courses/courses.module.ts": """import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Course } from './course.entity';
import { CoursesController } from './courses.controller';
import { CoursesListener } from './courses.listener';
import { CoursesService } from './courses.service';

@Module({ imports: [TypeOrmModule.forFeature([Course])], controllers: [CoursesController],
  providers: [CoursesService, CoursesListener] })
export class CoursesModule {}
""",
        "app/src/courses/course.entity.ts": """import slugify from 'slugify';
import { BeforeInsert, Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class Course {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column() title: string;
  @Index() @Column() slug: string;
  @Column({ default: 0 }) seats: number;
  @CreateDateColumn() createdAt: Date;
  @BeforeInsert() name() { this.slug = slugify(this.title, { lower: true }); }
}
""",
        "app/src/courses/course.dto.ts": """import { PartialType } from '@nestjs/mapped-types';
import { Type } from 'class-transformer';
import { IsInt, IsString, Min, MinLength } from 'class-validator';

export class NewCourse {
  @IsString() @MinLength(3) title: string;
  @Type(() => Number) @IsInt() @Min(1) seats: number;
}
export class ChangedCourse extends PartialType(NewCourse) {}
""",
        "app/src/courses/courses.service.ts": """import { Injectable, NotFoundException } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { InjectRepository } from '@nestjs/typeorm';
import { paginate } from 'nestjs-typeorm-paginate';
import { Repository } from 'typeorm';
import { Course } from './course.entity';
import type { NewCourse } from './course.dto';

@Injectable()
export class CoursesService {
  constructor(@InjectRepository(Course) private readonly courses: Repository<Course>,
    private readonly events: EventEmitter2, private readonly config: ConfigService) {}

  page(page: number) { return paginate(this.courses, { page, limit: 5 }); }

  async find(slug: string) {
    const found = await this.courses.findOneBy({ slug });
    if (!found) throw new NotFoundException();
    return found;
  }

  async add(course: NewCourse) {
    const added = await this.courses.save(this.courses.create(course));
    this.events.emit('course.added', added);
    return added;
  }

  async upload(slug: string) {
    const { S3Client, PutObjectCommand } = await import('@aws-sdk/client-s3');
    const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
    return getSignedUrl(new S3Client({}), new PutObjectCommand({ Bucket: this.config.get('BUCKET'), Key: slug }));
  }
}
""",
        "app/src/courses/courses.listener.ts": """import { Injectable, Logger } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import type { Course } from './course.entity';

@Injectable()
export class CoursesListener {
  private readonly log = new Logger(CoursesListener.name);

  @OnEvent('course.*')
  async added(course: Course) {
    this.log.log(`added ${course.slug}`);
    if (!process.env.ELASTIC_URL) return;
    const { Client } = await import('@elastic/elasticsearch');
    await new Client({ node: process.env.ELASTIC_URL }).index({ index: 'courses', document: course });
  }
}
""",
        "app/src/courses/courses.controller.ts": """import {
  Body, Controller, DefaultValuePipe, Get, Param, ParseIntPipe, Post, Query,
} from '@nestjs/common';
import { SkipThrottle } from '@nestjs/throttler';
import { NewCourse } from './course.dto';
import { CoursesService } from './courses.service';

@Controller('courses')
export class CoursesController {
  constructor(private readonly courses: CoursesService) {}

  @Get()
  page(@Query('page', new DefaultValuePipe(1), ParseIntPipe) page: number) { return this.courses.page(page); }

  @SkipThrottle()
  @Get('fail')
  fail() { throw new Error('on purpose'); }

  @Get(':slug')
  find(@Param('slug') slug: string) { return this.courses.find(slug); }

  @Post()
  add(@Body() course: NewCourse) { return this.courses.add(course); }

  @Post(':slug/upload')
  upload(@Param('slug') slug: string) { return this.courses.upload(slug); }
}
""",
    },
    prepare=_COMPILED,
    asks=tuple(
        f"http://127.0.0.1:10806/{path}"
        for path in ("", "api/courses", "api/courses?page=x", "api/courses/one-more", "api/courses/fail", "no")
    ),
    sends=(
        ("http://127.0.0.1:10806/api/courses", '{"title": "One more", "seats": "3"}'),
        ("http://127.0.0.1:10806/api/courses", '{"title": ""}'),
        ("http://127.0.0.1:10806/api/auth/login", '{"mail": "one@shop.example", "password": "two-three"}'),
    ),
    seconds=25,
)

MUSEUM = Recipe(
    name="museum",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10807"},
    cmd=("node", "server/index.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "museum", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"dev": "vite", "build": "npm run build:client && npm run build:server",
    "build:client": "vite build --outDir dist/client --ssrManifest",
    "build:server": "vite build --outDir dist/server --ssr src/entry-server.js", "start": "node server/index.js"},
  "dependencies": {"vue": "^3", "vue-router": "^4", "pinia": "^3", "vue-i18n": "^11", "@unhead/vue": "^2",
    "@vueuse/core": "^13", "express": "^5", "compression": "^1", "sirv": "^3", "ofetch": "^1", "devalue": "^5",
    "isomorphic-dompurify": "^2", "markdown-it": "^14", "markdown-it-anchor": "^9", "accept-language-parser": "^1",
    "contentful": "^11", "@contentful/rich-text-html-renderer": "^17", "rfs": "^9", "pino-http": "^10",
    "sitemap": "^8", "unstorage": "^1", "lru-cache": "^11", "destr": "^2", "scule": "^1", "algoliasearch": "^5",
    "primevue": "^4", "swiper": "^11", "vee-validate": "^4", "@sentry/vue": "^9", "@sentry/node": "^9"},
  "devDependencies": {"vite": "^6", "@vitejs/plugin-vue": "^5", "@vue/test-utils": "^2", "vitest": "^3",
    "sass-embedded": "^1"}
}
""",
        "app/vite.config.js": """import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({ plugins: [vue()] });
""",
        "app/index.html": """<!doctype html>
<html><head><!--head--></head>
<body><div id="app"><!--app--></div><script>window.__STATE__ = '<!--state-->'</script>
<script type="module" src="/src/entry-client.js"></script></body></html>
""",
        "app/content/rooms.json": '{"rooms": [{"slug": "ships", "title": "Ships", "text": "# Ships\\n\\nAll *old*."}, '
        '{"slug": "clocks", "title": "Clocks", "text": "# Clocks\\n\\n<script>x</script>Tick."}]}\n',
        "app/src/entry-client.js": """import { createMuseum } from './main';

const { app, router } = createMuseum();
router.isReady().then(() => app.mount('#app'));
""",
        "app/src/entry-server.js": """import { createHead, renderSSRHead } from '@unhead/vue/server';
import { stringify } from 'devalue';
import { renderToString } from 'vue/server-renderer';
import { createMuseum } from './main';

export async function render(url, locale, base) {
  const head = createHead();
  const { app, router, pinia } = createMuseum({ head, locale, base });
  await router.push(url);
  await router.isReady();
  const html = await renderToString(app);
  const { headTags } = await renderSSRHead(head);
  return { html, head: headTags, state: stringify(pinia.state.value), status: router.currentRoute.value.meta.status };
}
""",
        "app/src/main.js": """import { createHead } from '@unhead/vue/client';
import { createPinia } from 'pinia';
import { createSSRApp } from 'vue';
import { createI18n } from 'vue-i18n';
import App from './App.vue';
import { createMuseumRouter } from './router';
import { BASE } from './store';

const messages = { en: { rooms: 'Rooms', none: 'No such room' }, de: { rooms: 'Räume', none: 'Kein solcher Raum' } };
export function createMuseum({ head = createHead(), locale = 'en', base = '' } = {}) {
  const app = createSSRApp(App);
  const pinia = createPinia();
  const router = createMuseumRouter();
  app.use(pinia).use(router).use(head).use(createI18n({ legacy: false, locale, messages }));
  app.provide(BASE, base);
  return { app, router, pinia };
}
""",
        "app/src/router.js": """import { createMemoryHistory, createRouter, createWebHistory } from 'vue-router';

const routes = [
  { path: '/', component: () => import('./pages/Rooms.vue') },
  { path: '/rooms/:slug', component: () => import('./pages/Room.vue') },
  { path: '/visit', component: () => import('./pages/Visit.vue') },
  { path: '/:any(.*)*', component: () => import('./pages/Missing.vue'), meta: { status: 404 } },
];
export const createMuseumRouter = () => createRouter({
  history: import.meta.env.SSR ? createMemoryHistory() : createWebHistory(), routes,
});
""",
        "app/src/store.js": """import { ofetch } from 'ofetch';
import { defineStore } from 'pinia';

export const BASE = Symbol('base');
export const useRooms = defineStore('rooms', {
  state: () => ({ rooms: [] }),
  actions: {
    async load(base) {
      this.rooms = (await ofetch('/api/rooms', { baseURL: base })).rooms;
    },
  },
});
""",
        "app/src/App.vue": "<template><main><RouterView /></main></template>\n",
        "app/src/pages/Rooms.vue": """<script setup>
import { useHead } from '@unhead/vue';
import { inject, onServerPrefetch } from 'vue';
import { useI18n } from 'vue-i18n';
import { BASE, useRooms } from '../store';

const { t } = useI18n();
const store = useRooms();
const base = inject(BASE);
useHead({ title: t('rooms') });
onServerPrefetch(() => store.load(base));
</script>
<template><h1>{{ t('rooms') }}</h1><ul><li v-for="room in store.rooms" :key="room.slug">
<RouterLink :to="`/rooms/${room.slug}`">{{ room.title }}</RouterLink></li></ul></template>
""",
        "app/src/pages/Room.vue": """<script setup>
import { useHead } from '@unhead/vue';
import { useCounter } from '@vueuse/core';
import DOMPurify from 'isomorphic-dompurify';
import MarkdownIt from 'markdown-it';
import anchor from 'markdown-it-anchor';
import { computed, inject, onServerPrefetch } from 'vue';
import { useRoute } from 'vue-router';
import { BASE, useRooms } from '../store';

const store = useRooms();
const route = useRoute();
const base = inject(BASE);
const markdown = new MarkdownIt({ html: true }).use(anchor);
const { count } = useCounter(1);
const room = computed(() => store.rooms.find(({ slug }) => slug === route.params.slug));
const html = computed(() => DOMPurify.sanitize(markdown.render(room.value?.text ?? '')));
useHead({ title: () => room.value?.title ?? '' });
onServerPrefetch(() => store.load(base));
</script>
<template><article v-html="html" /><p>{{ count }}</p></template>
""",
        "app/src/pages/Visit.vue": """<script setup>
import { useForm } from 'vee-validate';

const { values, defineField } = useForm({ initialValues: { day: '' } });
const [day] = defineField('day');
</script>
<template><form><input v-model="day" name="day"><p>{{ values.day }}</p></form></template>
""",
        "app/src/pages/Missing.vue": """<script setup>
import { useI18n } from 'vue-i18n';

const { t } = useI18n();
</script>
<template><p>{{ t('none') }}</p></template>
""",
        "app/server/index.js": """import fs from 'node:fs/promises';
import compression from 'compression';
import express from 'express';
import pinoHttp from 'pino-http';
import sirv from 'sirv';
import { api } from './api.js';
import { cached } from './cache.js';
import { localeOf } from './locale.js';
import { sitemap } from './sitemap.js';

const port = Number(process.env.PORT ?? 8080);
const base = `http://127.0.0.1:${port}`;
const template = await fs.readFile('dist/client/index.html', 'utf8');
const { render } = await import('../dist/server/entry-server.js');
if (process.env.SENTRY_DSN) (await import('@sentry/node')).init({ dsn: process.env.SENTRY_DSN });

const app = express();
app.use(pinoHttp(), compression());
app.use(sirv('dist/client', { extensions: [], gzip: true }));
app.use('/api', api);
app.get('/health', (request, response) => response.json({ status: 'up' }));
app.get('/sitemap.xml', sitemap);
app.use('*all', async (request, response) => {
  const locale = localeOf(request);
  const page = await cached(`${locale}${request.originalUrl}`, () => render(request.originalUrl, locale, base));
  const html = template.replace('<!--head-->', page.head).replace('<!--app-->', page.html)
    .replace('<!--state-->', page.state.replaceAll("'", '&#39;'));
  response.status(page.status ?? 200).type('html').send(html);
});
const server = app.listen(port, '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
""",
        "app/server/api.js": """import fs from 'node:fs/promises';
import { Router } from 'express';

export const api = Router();
api.get('/rooms', async (request, response) => {
  if (process.env.CONTENTFUL_SPACE) {
    const { default: contentful } = await import('contentful');
    const { documentToHtmlString } = await import('@contentful/rich-text-html-renderer');
    const { CONTENTFUL_SPACE: space, CONTENTFUL_TOKEN: accessToken } = process.env;
    const client = contentful.createClient({ space, accessToken });
    const { items } = await client.getEntries({ content_type: 'room' });
    response.json({ rooms: items.map(({ fields }) => ({ ...fields, text: documentToHtmlString(fields.text) })) });
    return;
  }
  response.json(JSON.parse(await fs.readFile('content/rooms.json', 'utf8')));
});
api.get('/search', async (request, response) => {
  const { algoliasearch } = await import('algoliasearch');
  const client = algoliasearch(process.env.ALGOLIA_APP, process.env.ALGOLIA_KEY);
  response.json(await client.searchSingleIndex({ indexName: 'rooms', searchParams: { query: request.query.q } }));
});
""",
        "app/server/cache.js": """import { createStorage } from 'unstorage';
import memory from 'unstorage/drivers/lru-cache';

const storage = createStorage({ driver: memory({ max: 200, ttl: 3000 }) });
export async function cached(key, make) {
  const found = await storage.getItem(key);
  if (found) return found;
  const made = await make();
  await storage.setItem(key, made);
  return made;
}
""",
        "app/server/locale.js": """import parser from 'accept-language-parser';

export const localeOf = (request) => parser.pick(['en', 'de'], request.get('accept-language') ?? '') ?? 'en';
""",
        "app/server/sitemap.js": """import fs from 'node:fs/promises';
import { SitemapStream, streamToPromise } from 'sitemap';

export async function sitemap(request, response) {
  const { rooms } = JSON.parse(await fs.readFile('content/rooms.json', 'utf8'));
  const stream = new SitemapStream({ hostname: 'http://museum.example' });
  for (const { slug } of rooms) stream.write({ url: `/rooms/${slug}` });
  stream.end();
  response.type('xml').send((await streamToPromise(stream)).toString());
}
""",
    },
    prepare=_COMPILED,
    asks=tuple(
        f"http://127.0.0.1:10807/{path}"
        for path in ("", "rooms/ships", "rooms/clocks", "visit", "health", "sitemap.xml", "api/rooms", "no")
    ),
    seconds=20,
)

NODE_PAGES = (PANTRY, COURSES, MUSEUM)
