"""The fifteenth set's applications of Node.js."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, FULL, NODE
from benchmarks.in_use.recipes.twelfth import HOSTS

_SHOP = "http://127.0.0.1:9811"
_NOTES = "http://127.0.0.1:9812"
_PAGES = "http://127.0.0.1:9814"
_ENTRYPOINT = HOSTS | {"usr/local/bin/docker-entrypoint.sh": DOCKER_NODE}

EXPRESS_KNEX = Recipe(
    name="express-knex",
    packages=("ca-certificates", "tini", "curl", "gosu", "passwd"),
    env=SYSTEM | {"NODE_ENV": "production", "PORT": "9811", "LOG_LEVEL": "info"},
    entrypoint=("/usr/bin/tini", "--", "/app/entrypoint.sh"),
    cmd=("node", "dist/server.js"),
    files=HOSTS
    | {
        "app/entrypoint.sh": """#!/bin/sh
set -e
if [ "$RUN_MIGRATIONS" != "false" ]; then
  gosu node ./node_modules/.bin/knex migrate:latest --knexfile dist/knexfile.js
fi
exec gosu node "$@"
""",
        "app/package.json": """{
  "name": "shop", "version": "1.0.0", "private": true,
  "scripts": {"build": "tsc -p tsconfig.json", "start": "node dist/server.js", "dev": "tsx watch src/server.ts",
              "migrate": "knex migrate:latest", "test": "vitest run", "lint": "eslint src", "format": "prettier -w ."},
  "dependencies": {"compression": "^1", "cors": "^2", "dotenv": "^17", "express": "^5", "express-async-handler": "^1",
    "helmet": "^8", "http-errors": "^2", "ioredis": "^5", "jsonwebtoken": "^9", "knex": "^3", "lodash": "^4",
    "node-cron": "^4", "objection": "^3", "pg": "^8", "pino": "^9", "pino-http": "^10", "reflect-metadata": "^0.2",
    "knex-pglite": "^0.14", "@electric-sql/pglite": "^0.3", "swagger-jsdoc": "^6", "swagger-ui-express": "^5",
    "tsyringe": "^4", "zod": "^4", "@aws-sdk/client-s3": "^3", "axios": "^1"},
  "devDependencies": {"@types/compression": "^1", "@types/cors": "^2", "@types/express": "^5",
    "@types/http-errors": "^2", "@types/jsonwebtoken": "^9", "@types/lodash": "^4", "@types/node": "^22",
    "@types/swagger-jsdoc": "^6", "@types/swagger-ui-express": "^4", "eslint": "^9", "prettier": "^3", "tsx": "^4",
    "typescript": "^5", "vitest": "^3"}
}
""",
        "app/tsconfig.json": '{"compilerOptions": {"target": "es2022", "module": "commonjs", "outDir": "dist", '
        '"rootDir": "src", "strict": true, "noImplicitAny": false, "esModuleInterop": true, "skipLibCheck": true, '
        '"experimentalDecorators": true, "emitDecoratorMetadata": true}, "include": ["src"]}\n',
        "app/src/knexfile.ts": """import 'dotenv/config';
import path from 'node:path';
import type { Knex } from 'knex';
import ClientPgLite from 'knex-pglite';

const config: Knex.Config = {
  client: process.env.DATABASE_URL ? 'pg' : ClientPgLite,
  dialect: 'postgres',
  connection: (process.env.DATABASE_URL ?? {}) as any,
  migrations: { directory: path.join(__dirname, 'migrations'), loadExtensions: ['.js'] },
};
export default config;
module.exports = config;
""",
        "app/src/migrations/20260101_products.ts": """import type { Knex } from 'knex';

export const up = (knex: Knex) => knex.schema.createTable('products', (table) => {
  table.increments();
  table.string('name').notNullable();
});
export const down = (knex: Knex) => knex.schema.dropTable('products');
""",
        "app/src/server.ts": """import 'reflect-metadata';
import 'dotenv/config';
import { createServer } from 'node:http';
import { createApp } from './app';
import { database } from './lib/database';
import { logger } from './lib/logger';
import { schedule } from './jobs';

const server = createServer(createApp());
database.migrate.latest().catch((error) => logger.error(error.message));
server.listen(Number(process.env.PORT), '127.0.0.1', () => logger.info('listening'));
schedule();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => server.close(() => process.exit(0)));
}
""",
        "app/src/app.ts": """import compression from 'compression';
import cors from 'cors';
import express, { type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import createError from 'http-errors';
import pinoHttp from 'pino-http';
import swaggerUi from 'swagger-ui-express';
import { ZodError } from 'zod';
import { logger } from './lib/logger';
import { router } from './routes';
import { specification } from './lib/swagger';

export function createApp() {
  const app = express();
  app.use(helmet(), cors(), compression(), express.json(), pinoHttp({ logger }));
  app.use('/docs', swaggerUi.serve, swaggerUi.setup(specification));
  app.use('/api', router);
  app.use((req, res, next) => next(createError(404)));
  app.use((error: any, req: Request, res: Response, next: NextFunction) => {
    const status = error instanceof ZodError ? 422 : error.status ?? 500;
    res.status(status).json({ message: error.message });
  });
  return app;
}
""",
        "app/src/lib/logger.ts": """import pino from 'pino';

export const logger = pino({ level: process.env.LOG_LEVEL ?? 'debug' });
""",
        "app/src/lib/swagger.ts": """import swaggerJsdoc from 'swagger-jsdoc';

export const specification = swaggerJsdoc({
  definition: { openapi: '3.0.0', info: { title: 'shop', version: '1.0.0' } },
  apis: ['./dist/routes/*.js'],
});
""",
        "app/src/lib/database.ts": """import knex from 'knex';
import { Model } from 'objection';
import config from '../knexfile';

export const database = knex(config);
Model.knex(database);
""",
        "app/src/models/product.ts": """import { Model } from 'objection';

export class Product extends Model {
  static tableName = 'products';
  id!: number;
  name!: string;
}
""",
        "app/src/services/products.ts": """import { groupBy } from 'lodash';
import { singleton } from 'tsyringe';
import { Product } from '../models/product';
import '../lib/database';

@singleton()
export class Products {
  async all() {
    return groupBy(await Product.query().limit(10), 'name');
  }

  add(name: string) {
    return Product.query().insert({ name });
  }
}
""",
        "app/src/routes/index.ts": """import { Router } from 'express';
import handler from 'express-async-handler';
import { container } from 'tsyringe';
import { z } from 'zod';
import { Products } from '../services/products';

export const router = Router();
const products = container.resolve(Products);
const body = z.object({ name: z.string().min(1) });

/**
 * @openapi
 * /products:
 *   get:
 *     responses: {200: {description: all}}
 */
router.get('/products', handler(async (req, res) => { res.json(await products.all()); }));
router.post('/products', handler(async (req, res) => {
  res.status(201).json(await products.add(body.parse(req.body).name));
}));
router.get('/token', async (req, res) => {
  const { default: jwt } = await import('jsonwebtoken');
  res.json({ token: jwt.sign({ sub: 'one' }, 'k'.repeat(32)) });
});
router.get('/upload', async (req, res) => {
  const { upload } = require('../lib/storage');
  res.json({ uploaded: await upload('one').catch(() => false) });
});
""",
        "app/src/lib/storage.ts": """import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const client = new S3Client({
  region: 'eu-central-1', endpoint: 'http://127.0.0.1:1', maxAttempts: 1,
  credentials: { accessKeyId: 'one', secretAccessKey: 'two' },
});
export const upload = (text: string) => client.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: text }));
""",
        "app/src/jobs/index.ts": """import cron from 'node-cron';
import { logger } from '../lib/logger';

export function schedule() {
  cron.schedule('*/5 * * * * *', async () => {
    const axios = (await import('axios')).default;
    await axios.get('http://127.0.0.1:1', { timeout: 500 }).catch((error) => logger.warn(error.code));
  });
}
""",
    },
    prepare=(
        *NODE,
        "hash -r",
        "(id node || useradd -m -u 1000 node) && cd /app && npm install -q --include=dev --no-audit --no-fund && "
        "npm run build && npm prune -q --omit=dev && chown -R node:node /app",
    ),
    asks=tuple(f"{_SHOP}/{path}" for path in ("api/products", "api/token", "api/upload", "docs/", "no")),
    sends=((f"{_SHOP}/api/products", '{"name": "one"}'), (f"{_SHOP}/api/products", '{"name": ""}')),
    seconds=30,
)

WORKSPACE = Recipe(
    name="workspace",
    packages=(*FULL, "python3"),
    env=SYSTEM | {"NODE_ENV": "production", "PORT": "9812", "YARN_VERSION": "1.22.22"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("yarn", "workspace", "@notes/api", "start"),
    files=_ENTRYPOINT
    | {
        "app/package.json": """{
  "name": "notes", "private": true, "workspaces": ["apps/*", "packages/*"],
  "scripts": {"build": "yarn workspace @notes/shared build && yarn workspace @notes/api build",
              "test": "jest", "lint": "eslint .", "prepare": "husky || true"},
  "devDependencies": {"@types/node": "^22", "eslint": "^9", "husky": "^9", "jest": "^30", "lint-staged": "^16",
    "tsup": "^8", "turbo": "^2", "typescript": "^5"}
}
""",
        "app/turbo.json": '{"tasks": {"build": {"dependsOn": ["^build"], "outputs": ["dist/**"]}}}\n',
        "app/apps/api/package.json": """{
  "name": "@notes/api", "version": "1.0.0", "private": true, "type": "commonjs",
  "scripts": {"build": "tsc", "start": "fastify start -a 127.0.0.1 -p $PORT -l info dist/app.js",
              "dev": "fastify start -w dist/app.js"},
  "dependencies": {"@fastify/autoload": "^6", "@fastify/cookie": "^11", "@fastify/cors": "^11", "@fastify/env": "^5",
    "@fastify/jwt": "^9", "@fastify/multipart": "^9", "@fastify/rate-limit": "^10", "@fastify/redis": "^7",
    "@fastify/sensible": "^6", "@fastify/static": "^8", "@fastify/swagger": "^9", "@fastify/swagger-ui": "^5",
    "@fastify/view": "^11", "@notes/shared": "1.0.0", "@sinclair/typebox": "^0.34", "eta": "^3", "fastify": "^5",
    "fastify-cli": "^7", "fastify-plugin": "^5", "pino-pretty": "^13"},
  "devDependencies": {"tap": "^21"}
}
""",
        "app/apps/api/tsconfig.json": '{"compilerOptions": {"target": "es2022", "module": "commonjs", "outDir": '
        '"dist", "rootDir": "src", "strict": false, "esModuleInterop": true, "skipLibCheck": true}, '
        '"include": ["src"]}\n',
        "app/apps/api/src/app.ts": """import * as path from 'path';
import AutoLoad from '@fastify/autoload';
import { FastifyPluginAsync } from 'fastify';

const app: FastifyPluginAsync = async (fastify, opts) => {
  await fastify.register(AutoLoad, { dir: path.join(__dirname, 'plugins'), options: opts });
  await fastify.register(AutoLoad, { dir: path.join(__dirname, 'routes'), options: opts });
};
export default app;
export { app };
""",
        "app/apps/api/src/plugins/sensible.ts": """import fp from 'fastify-plugin';
import sensible from '@fastify/sensible';

export default fp(async (fastify) => { fastify.register(sensible); });
""",
        "app/apps/api/src/plugins/docs.ts": """import fp from 'fastify-plugin';

export default fp(async (fastify) => {
  await fastify.register(require('@fastify/swagger'), { openapi: { info: { title: 'notes', version: '1' } } });
  await fastify.register(require('@fastify/swagger-ui'), { routePrefix: '/docs' });
});
""",
        "app/apps/api/src/plugins/security.ts": """import fp from 'fastify-plugin';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import jwt from '@fastify/jwt';
import limit from '@fastify/rate-limit';

export default fp(async (fastify) => {
  await fastify.register(cors);
  await fastify.register(cookie);
  await fastify.register(limit, { max: 1000 });
  await fastify.register(jwt, { secret: 'k'.repeat(32) });
  if (process.env.REDIS_URL) {
    await fastify.register(import('@fastify/redis'), { url: process.env.REDIS_URL });
  }
});
""",
        "app/apps/api/src/plugins/view.ts": """import path from 'path';
import fp from 'fastify-plugin';
import { Eta } from 'eta';

export default fp(async (fastify) => {
  await fastify.register(import('@fastify/view'), { engine: { eta: new Eta() }, templates: path.join('views') });
  await fastify.register(import('@fastify/multipart'));
});
""",
        "app/apps/api/views/index.eta": "<h1><%= it.name %></h1>\n",
        "app/apps/api/src/routes/root.ts": """import { FastifyPluginAsync } from 'fastify';

const root: FastifyPluginAsync = async (fastify) => {
  fastify.get('/', async (request, reply) => (reply as any).view('index.eta', { name: 'notes' }));
  fastify.get('/token', async () => ({ token: (fastify as any).jwt.sign({ sub: 'one' }) }));
  fastify.get('/broken', async () => { throw (fastify as any).httpErrors.imATeapot(); });
};
export default root;
""",
        "app/apps/api/src/routes/notes/index.ts": """import { Type } from '@sinclair/typebox';
import { FastifyPluginAsync } from 'fastify';
import { Notes } from '@notes/shared';

const notes: FastifyPluginAsync = async (fastify) => {
  const store = new Notes();
  fastify.get('/', async () => store.all());
  fastify.post('/', { schema: { body: Type.Object({ text: Type.String() }) } }, async (request, reply) => {
    reply.code(201);
    return store.add((request.body as any).text);
  });
};
export default notes;
""",
        "app/packages/shared/package.json": """{
  "name": "@notes/shared", "version": "1.0.0", "private": true, "main": "dist/index.js", "types": "dist/index.d.ts",
  "exports": {".": {"types": "./dist/index.d.ts", "import": "./dist/index.mjs", "require": "./dist/index.js"}},
  "scripts": {"build": "tsup src/index.ts --format cjs,esm --dts"},
  "dependencies": {"dayjs": "^1", "nanoid": "^3", "sanitize-html": "^2", "marked": "^15", "lru-cache": "^11"}
}
""",
        "app/packages/shared/src/index.ts": """import dayjs from 'dayjs';
import { LRUCache } from 'lru-cache';
import { nanoid } from 'nanoid';
import sanitize from 'sanitize-html';

export class Notes {
  private notes = new LRUCache<string, { at: string; html: string }>({ max: 100 });
  all() {
    return [...this.notes.entries()];
  }
  async add(text: string) {
    const { marked } = await import('marked');
    const id = nanoid();
    this.notes.set(id, { at: dayjs().format(), html: sanitize(await marked(text)) });
    return { id };
  }
}
""",
        "app/packages/shared/tsconfig.json": '{"compilerOptions": {"target": "es2022", "module": "esnext", '
        '"moduleResolution": "bundler", "strict": false, "skipLibCheck": true}, "include": ["src"]}\n',
    },
    prepare=(
        *NODE,
        "hash -r",
        "npm install -q -g yarn@1.22.22 && cd /app && yarn install --silent --non-interactive --production=false && "
        "yarn build",
    ),
    asks=tuple(f"{_NOTES}/{path}" for path in ("", "notes", "token", "broken", "docs/", "docs/json", "no")),
    sends=((f"{_NOTES}/notes", '{"text": "*one*"}'), (f"{_NOTES}/notes", '{"txt": 1}')),
    seconds=30,
)

NEST_WORKER = Recipe(
    name="nest-worker",
    packages=("ca-certificates", "dumb-init", "procps"),
    env=SYSTEM | {"NODE_ENV": "production", "NODE_OPTIONS": "--enable-source-maps", "WORKER_NAME": "one"},
    entrypoint=("/usr/bin/dumb-init", "--", "docker-entrypoint.sh"),
    cmd=("node", "dist/main"),
    files=_ENTRYPOINT
    | {
        "app/package.json": """{
  "name": "worker", "version": "1.0.0", "private": true,
  "scripts": {"build": "nest build", "start:prod": "node dist/main", "test": "jest", "lint": "eslint src"},
  "dependencies": {"@nestjs/common": "^11", "@nestjs/config": "^4", "@nestjs/core": "^11", "@nestjs/cqrs": "^11",
    "@nestjs/event-emitter": "^3", "@nestjs/microservices": "^11", "@nestjs/schedule": "^6", "@nestjs/typeorm": "^11",
    "@nestjs/cache-manager": "^3", "@nestjs/axios": "^4", "axios": "^1", "cache-manager": "^7",
    "class-transformer": "^0.5", "class-validator": "^0.14", "ioredis": "^5", "joi": "^17", "amqplib": "^0.10",
    "amqp-connection-manager": "^5", "nest-winston": "^1", "reflect-metadata": "^0.2", "rxjs": "^7", "sql.js": "^1",
    "typeorm": "^0.3", "winston": "^3", "exceljs": "^4", "handlebars": "^4", "nodemailer": "^7", "pg": "^8"},
  "devDependencies": {"@nestjs/cli": "^11", "@nestjs/schematics": "^11", "@nestjs/testing": "^11", "@types/node": "^22",
    "@types/nodemailer": "^7", "jest": "^30", "ts-jest": "^29", "ts-node": "^10", "typescript": "^5"}
}
""",
        "app/nest-cli.json": '{"collection": "@nestjs/schematics", "sourceRoot": "src"}\n',
        "app/tsconfig.json": '{"compilerOptions": {"target": "es2022", "module": "commonjs", "outDir": "dist", '
        '"rootDir": "src", "strict": false, "esModuleInterop": true, "skipLibCheck": true, "sourceMap": true, '
        '"experimentalDecorators": true, "emitDecoratorMetadata": true}, "include": ["src"]}\n',
        "app/tsconfig.build.json": '{"extends": "./tsconfig.json"}\n',
        "app/src/main.ts": """import { NestFactory } from '@nestjs/core';
import { MicroserviceOptions, Transport } from '@nestjs/microservices';
import { WinstonModule } from 'nest-winston';
import * as winston from 'winston';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port: 9813 },
    logger: WinstonModule.createLogger({ transports: [new winston.transports.Console()] }),
  });
  app.enableShutdownHooks();
  await app.listen();
}
bootstrap();
""",
        "app/src/app.module.ts": """import { CacheModule } from '@nestjs/cache-manager';
import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { CqrsModule } from '@nestjs/cqrs';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import * as Joi from 'joi';
import { Job } from './jobs/job.entity';
import { JobsController } from './jobs/jobs.controller';
import { JobsService } from './jobs/jobs.service';
import { AddJobHandler } from './jobs/add-job.handler';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, validationSchema: Joi.object({ WORKER_NAME: Joi.string().required() }) }),
    CacheModule.register(),
    CqrsModule,
    EventEmitterModule.forRoot(),
    ScheduleModule.forRoot(),
    TypeOrmModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        type: config.get('DATABASE_TYPE', 'sqljs'), synchronize: true, autoLoadEntities: true,
      }) as any,
    }),
    TypeOrmModule.forFeature([Job]),
  ],
  controllers: [JobsController],
  providers: [JobsService, AddJobHandler],
})
export class AppModule {}
""",
        "app/src/jobs/job.entity.ts": """import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class Job {
  @PrimaryGeneratedColumn()
  id: number;
  @Column()
  name: string;
}
""",
        "app/src/jobs/add-job.dto.ts": """import { Type } from 'class-transformer';
import { IsString, MinLength } from 'class-validator';

export class AddJob {
  @IsString()
  @MinLength(1)
  @Type(() => String)
  name: string;
}
""",
        "app/src/jobs/jobs.controller.ts": """import { Controller, UsePipes, ValidationPipe } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { AddJob } from './add-job.dto';
import { AddJobCommand } from './add-job.handler';
import { JobsService } from './jobs.service';

@Controller()
export class JobsController {
  constructor(private readonly bus: CommandBus, private readonly jobs: JobsService) {}

  @MessagePattern('add')
  @UsePipes(new ValidationPipe({ transform: true }))
  add(@Payload() job: AddJob) {
    return this.bus.execute(new AddJobCommand(job.name));
  }

  @MessagePattern('report')
  async report() {
    return this.jobs.report();
  }

  @EventPattern('mail')
  async mail(@Payload() to: string) {
    const { send } = await import('../mail/mail.js');
    await send(to);
  }
}
""",
        "app/src/jobs/add-job.handler.ts": """import { CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Job } from './job.entity';

export class AddJobCommand {
  constructor(public readonly name: string) {}
}

@CommandHandler(AddJobCommand)
export class AddJobHandler implements ICommandHandler<AddJobCommand> {
  constructor(@InjectRepository(Job) private readonly jobs: Repository<Job>, private readonly events: EventEmitter2) {}

  async execute({ name }: AddJobCommand) {
    const job = await this.jobs.save({ name });
    this.events.emit('job.added', job);
    return job;
  }
}
""",
        "app/src/jobs/jobs.service.ts": """import { Injectable, Logger } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { Cron, CronExpression } from '@nestjs/schedule';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Job } from './job.entity';

@Injectable()
export class JobsService {
  private readonly logger = new Logger(JobsService.name);
  constructor(@InjectRepository(Job) private readonly jobs: Repository<Job>) {}

  @Cron(CronExpression.EVERY_5_SECONDS)
  async count() {
    this.logger.log(`${await this.jobs.count()} jobs`);
  }

  @OnEvent('job.added')
  added(job: Job) {
    this.logger.log(`added ${job.name}`);
  }

  async report() {
    const Excel = await import('exceljs');
    const book = new Excel.Workbook();
    book.addWorksheet('jobs').addRows((await this.jobs.find()).map((job) => [job.id, job.name]));
    return (await book.xlsx.writeBuffer()).byteLength;
  }
}
""",
        "app/src/mail/mail.ts": """import * as Handlebars from 'handlebars';
import * as nodemailer from 'nodemailer';

const text = Handlebars.compile('Hello {{to}}');
const transport = nodemailer.createTransport({ jsonTransport: true });
export const send = (to: string) => transport.sendMail({ from: 'one@shop.example', to, text: text({ to }) });
""",
    },
    prepare=(*NODE, "hash -r", "cd /app && npm install -q --include=dev --no-audit --no-fund && npm run build"),
    sends=(
        ("tcp://127.0.0.1:9813", '46#{"pattern":"add","data":{"name":"o"},"id":"1"}'),
        ("tcp://127.0.0.1:9813", '38#{"pattern":"report","data":0,"id":"2"}'),
        ("tcp://127.0.0.1:9813", '42#{"pattern":"mail","data":"o@shop.example"}'),
    ),
    seconds=30,
)

REACT_ROUTER = Recipe(
    name="react-router",
    packages=(*FULL, "python3"),
    env=SYSTEM | {"NODE_ENV": "production", "PORT": "9814", "HOST": "127.0.0.1"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("npm", "run", "start"),
    files=_ENTRYPOINT
    | {
        "app/package.json": """{
  "name": "pages", "version": "1.0.0", "private": true, "type": "module", "sideEffects": false,
  "scripts": {"build": "react-router build", "dev": "react-router dev",
              "start": "react-router-serve ./build/server/index.js", "typecheck": "react-router typegen && tsc",
              "test": "vitest", "lint": "eslint ."},
  "dependencies": {"@react-router/node": "7.18.4", "@react-router/serve": "7.18.4", "clsx": "^2",
    "intl-parse-accept-language": "^1", "isbot": "^5", "prisma-json-types-generator": "^3", "react": "^19",
    "react-dom": "^19", "react-router": "7.18.4", "bcryptjs": "^3", "@tanstack/react-query": "^5",
    "react-markdown": "^10", "zod": "^4", "tiny-invariant": "^1", "date-fns": "^4"},
  "devDependencies": {"@react-router/dev": "7.18.4", "@tailwindcss/vite": "^4", "@types/node": "^22",
    "@types/react": "^19", "@types/react-dom": "^19", "eslint": "^9", "tailwindcss": "^4", "typescript": "^5",
    "vite": "^7",
    "vite-tsconfig-paths": "^5", "vitest": "^3"}
}
""",
        "app/tsconfig.json": '{"compilerOptions": {"target": "es2022", "module": "esnext", "moduleResolution": '
        '"bundler", "jsx": "react-jsx", "strict": false, "skipLibCheck": true, "paths": {"~/*": ["./app/*"]}}}\n',
        "app/vite.config.ts": """import { reactRouter } from '@react-router/dev/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import tsconfigPaths from 'vite-tsconfig-paths';

export default defineConfig({ plugins: [tailwindcss(), reactRouter(), tsconfigPaths()] });
""",
        "app/react-router.config.ts": "export default { ssr: true };\n",
        "app/app/app.css": '@import "tailwindcss";\n',
        "app/app/routes.ts": """import { index, route } from '@react-router/dev/routes';

export default [
  index('routes/home.tsx'),
  route('notes/:id', 'routes/note.tsx'),
  route('sign', 'routes/sign.tsx'),
  route('health', 'routes/health.ts'),
];
""",
        "app/app/root.tsx": """import { isRouteErrorResponse, Links, Meta, Outlet, Scripts } from 'react-router';
import './app.css';

export function Layout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en"><head><Meta /><Links /></head><body>{children}<Scripts /></body></html>
  );
}

export default function App() {
  return <Outlet />;
}

export function ErrorBoundary({ error }: { error: unknown }) {
  return <h1>{isRouteErrorResponse(error) ? error.status : 'error'}</h1>;
}
""",
        "app/app/routes/home.tsx": """import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import clsx from 'clsx';
import { formatDistance } from 'date-fns';

export const meta = () => [{ title: 'pages' }];
export const loader = () => ({ since: formatDistance(new Date(0), new Date()) });

export default function Home({ loaderData }: any) {
  return (
    <QueryClientProvider client={new QueryClient()}>
      <h1 className={clsx('text-lg', 'p-2')}>{loaderData.since}</h1>
    </QueryClientProvider>
  );
}
""",
        "app/app/routes/note.tsx": """import Markdown from 'react-markdown';
import invariant from 'tiny-invariant';

export async function loader({ params }: any) {
  invariant(params.id, 'id');
  if (params.id === 'no') throw new Response('missing', { status: 404 });
  return { text: `# ${params.id}` };
}

export default function Note({ loaderData }: any) {
  return <Markdown>{loaderData.text}</Markdown>;
}
""",
        "app/app/routes/sign.tsx": """import { Form, redirect } from 'react-router';
import { z } from 'zod';
import { verify } from '~/lib/auth.server';

const schema = z.object({ name: z.string().min(1), word: z.string() });

export async function action({ request }: any) {
  const form = schema.safeParse(Object.fromEntries(await request.formData()));
  if (!form.success || !(await verify(form.data.word))) return { message: 'no' };
  return redirect('/');
}

export default function Sign({ actionData }: any) {
  return <Form method="post"><input name="name" /><p>{actionData?.message}</p></Form>;
}
""",
        "app/app/lib/auth.server.ts": """export async function verify(word: string) {
  const bcrypt = await import('bcryptjs');
  return bcrypt.compare(word, await bcrypt.hash('two', 4));
}
""",
        "app/app/routes/health.ts": "export const loader = () => new Response('ok');\n",
    },
    prepare=(*NODE, "hash -r", "cd /app && npm install -q --include=dev --no-audit --no-fund && npm run build"),
    asks=tuple(f"{_PAGES}/{path}" for path in ("", "notes/one", "notes/no", "sign", "health", "favicon.ico", "no")),
    sends=((f"{_PAGES}/sign", "name=one&word=two"), (f"{_PAGES}/sign", "name=&word=two")),
    seconds=25,
)

NODE_APPLICATIONS = (EXPRESS_KNEX, WORKSPACE, NEST_WORKER, REACT_ROUTER)
