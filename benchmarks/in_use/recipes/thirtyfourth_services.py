"""The thirty-fourth set's payroll, dispensary, payments and pages of React of Node.js on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, NODE, PRODUCTION_NODE
from benchmarks.in_use.recipes.thirtyfourth_node import COMPILED, INSTALLED, without_sources, written
from benchmarks.in_use.recipes.twelfth import HOSTS
from benchmarks.in_use.recipes.twentysixth_node import TYPESCRIPT

_TOOLS = ("ca-certificates", "netbase", "tzdata")

PAYROLL = Recipe(
    name="payroll",
    packages=(*_TOOLS, "redis-server", "dumb-init", "gosu"),
    env=PRODUCTION_NODE | {"PORT": "10815", "REDIS_HOST": "127.0.0.1", "LANG": "C.UTF-8"},
    entrypoint=("dumb-init", "--", "/usr/local/bin/entrypoint.sh"),
    cmd=("worker",),
    files=HOSTS
    | {
        "usr/local/bin/entrypoint.sh": """#!/bin/sh
set -e
if [ "$REDIS_HOST" = 127.0.0.1 ]; then
  gosu redis redis-server --daemonize yes --dir /tmp
fi
case "$1" in
  worker) exec gosu nobody node src/worker.js ;;
  import) shift; exec gosu nobody node src/import.js "$@" ;;
  *) exec "$@" ;;
esac
""",
        "app/package.json": """{
  "name": "payroll", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"start": "node src/worker.js", "test": "mocha"},
  "dependencies": {"node-resque": "^9", "ioredis": "^5", "@react-pdf/renderer": "^4", "react": "^19",
    "node-schedule": "^2", "date-holidays": "^3", "currency.js": "^2", "ibantools": "^4", "fast-xml-parser": "^5",
    "bottleneck": "^2", "@bugsnag/js": "^8", "loglevel": "^1", "loglevel-plugin-prefix": "^0.8", "@sendgrid/mail": "^8",
    "basic-ftp": "^5", "lightship": "^9", "xlsx-js-style": "^1", "email-addresses": "^5", "openpgp": "^6",
    "node-forge": "^1", "ldapts": "^8", "commander": "^14", "csv-writer": "^1", "number-to-words": "^1",
    "@googleapis/sheets": "^9", "mssql": "^11", "p-event": "^6", "delay": "^6"},
  "devDependencies": {"mocha": "^11", "sinon": "^21"}
}
""",
        "app/src/worker.js": """import fs from 'node:fs';
import { createServer } from 'node:http';
import Bugsnag from '@bugsnag/js';
import { Queue, Scheduler, Worker } from 'node-resque';
import schedule from 'node-schedule';
import { isWorkday } from './calendar.js';
import { log } from './log.js';

const connection = { pkg: 'ioredis', host: process.env.REDIS_HOST, port: 6379, database: 0 };
const jobs = {};
for (const file of fs.readdirSync(new URL('./jobs', import.meta.url))) {
  const { default: job } = await import(`./jobs/${file}`);
  jobs[file.replace('.js', '')] = job;
}
if (process.env.BUGSNAG_KEY) Bugsnag.start({ apiKey: process.env.BUGSNAG_KEY });

const queue = new Queue({ connection }, jobs);
const worker = new Worker({ connection, queues: ['default', 'mails'] }, jobs);
const scheduler = new Scheduler({ connection });
worker.on('success', (name, job, result) => log.info(job.class, result));
worker.on('failure', (name, job, failure) => {
  log.error(job.class, failure.message);
  if (process.env.BUGSNAG_KEY) Bugsnag.notify(failure);
});
await queue.connect();
await worker.connect();
await scheduler.connect();
scheduler.start();
worker.start();
schedule.scheduleJob('*/4 * * * * *', async () => {
  if (!isWorkday(new Date())) log.debug('a holiday');
  await queue.enqueue('default', 'payslip', [{ name: 'a', gross: 1200.5 }]);
  await queue.enqueue('default', 'transfer', [[{ iban: 'DE89370400440532013000', amount: 12 }]]);
  await queue.enqueue('default', 'report', []);
  await queue.enqueueIn(500, 'mails', 'mail', [{ to: 'a@shop.example' }]);
});
createServer(async (request, response) => {
  const numbers = await queue.stats();
  response.writeHead(request.url === '/health' ? 200 : 404).end(JSON.stringify(numbers));
}).listen(Number(process.env.PORT), '127.0.0.1', () => log.info('ready'));
process.on('SIGTERM', async () => {
  schedule.gracefulShutdown();
  await worker.end();
  process.exit(0);
});
""",
        "app/src/log.js": """import log from 'loglevel';
import prefix from 'loglevel-plugin-prefix';

prefix.reg(log);
prefix.apply(log, { template: '%t %l' });
log.setLevel(process.env.LOG_LEVEL ?? 'info');
export { log };
""",
        "app/src/calendar.js": """import Holidays from 'date-holidays';

const holidays = new Holidays('DE', 'by');
export const isWorkday = (day) => !holidays.isHoliday(day) && day.getDay() % 6 !== 0;
""",
        "app/src/documents.js": """import { Document, Page, StyleSheet, Text, renderToFile } from '@react-pdf/renderer';
import React from 'react';

const styles = StyleSheet.create({ title: { fontSize: 20, marginBottom: 10 } });
const e = React.createElement;

export const payslip = ({ name, net }, file) => renderToFile(
  e(Document, null, e(Page, { size: 'A4' }, e(Text, { style: styles.title }, name), e(Text, null, net))),
  file,
);
""",
        "app/src/jobs/payslip.js": """import currency from 'currency.js';
import { payslip } from '../documents.js';

export default {
  perform: async ({ name, gross }) => {
    const net = currency(gross).multiply(0.62).format({ symbol: 'EUR ' });
    await payslip({ name, net }, `/tmp/${name}.pdf`);
    return net;
  },
};
""",
        "app/src/jobs/transfer.js": """import fs from 'node:fs/promises';
import { XMLBuilder } from 'fast-xml-parser';
import { isValidIBAN } from 'ibantools';

const builder = new XMLBuilder({ ignoreAttributes: false, format: true });

async function deliver(file) {
  const { Client } = await import('basic-ftp');
  const client = new Client();
  await client.access({ host: process.env.BANK_HOST });
  await client.uploadFrom(file, 'in/transfer.xml');
}

async function encrypted(text) {
  const openpgp = await import('openpgp');
  const encryptionKeys = await openpgp.readKey({ armoredKey: process.env.BANK_KEY });
  return openpgp.encrypt({ message: await openpgp.createMessage({ text }), encryptionKeys });
}

export default {
  perform: async (payments) => {
    const valid = payments.filter(({ iban }) => isValidIBAN(iban));
    const xml = builder.build({ Document: { CstmrCdtTrfInitn: valid.map((one) => ({ PmtInf: one })) } });
    await fs.writeFile('/tmp/transfer.xml', process.env.BANK_KEY ? await encrypted(xml) : xml);
    if (process.env.BANK_HOST) await deliver('/tmp/transfer.xml');
    return valid.length;
  },
};
""",
        "app/src/jobs/report.js": """import { createObjectCsvWriter } from 'csv-writer';
import words from 'number-to-words';

export default {
  perform: async () => {
    const header = [{ id: 'name', title: 'Name' }, { id: 'sum', title: 'Sum' }];
    await createObjectCsvWriter({ path: '/tmp/report.csv', header }).writeRecords([{ name: 'a', sum: 3 }]);
    if (process.env.SHEET) {
      const { sheets } = await import('@googleapis/sheets');
      await sheets('v4').spreadsheets.get({ spreadsheetId: process.env.SHEET });
    }
    return words.toWords(3);
  },
};
""",
        "app/src/jobs/mail.js": """import Bottleneck from 'bottleneck';
import addresses from 'email-addresses';

const limiter = new Bottleneck({ minTime: 50, maxConcurrent: 2 });

async function send(message) {
  if (!process.env.SENDGRID_KEY) return 'printed';
  const { default: sendgrid } = await import('@sendgrid/mail');
  sendgrid.setApiKey(process.env.SENDGRID_KEY);
  return sendgrid.send(message);
}

export default {
  perform: async ({ to }) => {
    const { address } = addresses.parseOneAddress(to);
    return limiter.schedule(() => send({ to: address, from: 'b@shop.example', subject: 'Payslip', text: 'new' }));
  },
};
""",
        "app/src/import.js": """import { program } from 'commander';

program.command('people <server>').action(async (server) => {
  const { default: mssql } = await import('mssql');
  await mssql.connect({ server });
});
program.command('staff <url>').action(async (url) => {
  const { Client } = await import('ldapts');
  await new Client({ url }).search('dc=shop', { filter: '(mail=*)' });
});
await program.parseAsync();
""",
    },
    prepare=INSTALLED,
    asks=("http://127.0.0.1:10815/health", "http://127.0.0.1:10815/no"),
    seconds=30,
)

DISPENSARY = Recipe(
    name="dispensary",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE | {"PORT": "10816", "JWT_SECRET": "one"},
    entrypoint=("tini", "--"),
    cmd=("node", "dist/main"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "dispensary", "version": "1.0.0", "private": true,
  "scripts": {"build": "nest build", "start:prod": "node dist/main", "test": "jest"},
  "dependencies": {"@nestjs/common": "^11", "@nestjs/core": "^11", "@nestjs/platform-express": "^11",
    "@nestjs/config": "^4", "@nestjs/passport": "^11", "@nestjs/jwt": "^11", "@nestjs/swagger": "^11",
    "@nestjs/serve-static": "^5", "@nestjs/bullmq": "^11", "bullmq": "^5", "@nestjs/mapped-types": "^2",
    "@nestjs-modules/mailer": "^2", "handlebars": "^4", "nodemailer": "^8", "nestjs-i18n": "^10", "passport": "^0.7",
    "passport-jwt": "^4", "passport-headerapikey": "^1", "class-validator": "^0.14", "class-transformer": "^0.5",
    "nestjs-knex": "^2", "knex": "^3", "pg": "^8", "@willsoto/nestjs-prometheus": "^6", "prom-client": "^15",
    "@keyv/redis": "^4", "@sentry/node": "^8", "joi": "^17", "pdf-lib": "^1", "bwip-js": "^4",
    "reflect-metadata": "^0.2", "rxjs": "^7", "helmet": "^8", "@casl/ability": "^6", "nestjs-form-data": "^1"},
  "devDependencies": {"@nestjs/cli": "^11", "@nestjs/schematics": "^11", "@nestjs/testing": "^11", "typescript": "^5",
    "@types/node": "^22", "@types/express": "^5", "jest": "^30", "ts-jest": "^29"}
}
""",
        "app/tsconfig.json": TYPESCRIPT.replace('"src"]', '"src/**/*"]'),
        "app/nest-cli.json": '{"collection": "@nestjs/schematics", "sourceRoot": "src", "compilerOptions": '
        '{"assets": [{"include": "i18n/**/*"}, {"include": "mails/**/*"}], "typeCheck": false}}\n',
        "app/src/main.ts": """import { ValidationPipe } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import helmet from 'helmet';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.use(helmet());
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  app.enableShutdownHooks();
  const document = SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('Dispensary').build());
  SwaggerModule.setup('docs', app, document);
  await app.listen(app.get(ConfigService).get('PORT'), '127.0.0.1');
}
bootstrap();
""",
        "app/src/app.module.ts": """import path from 'node:path';
import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ServeStaticModule } from '@nestjs/serve-static';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import * as Joi from 'joi';
import { AcceptLanguageResolver, I18nModule, QueryResolver } from 'nestjs-i18n';
import { HealthController } from './health.controller';
import { MailsModule } from './mails.module';
import { PrescriptionsModule } from './prescriptions/prescriptions.module';
import { SignInModule } from './sign-in/sign-in.module';

const redis = process.env.REDIS_URL ? [BullModule.forRoot({ connection: { url: process.env.REDIS_URL } })] : [];

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, validationSchema: Joi.object({ PORT: Joi.number().required() }) }),
    I18nModule.forRoot({
      fallbackLanguage: 'en',
      loaderOptions: { path: path.join(__dirname, 'i18n/'), watch: false },
      resolvers: [{ use: QueryResolver, options: ['lang'] }, AcceptLanguageResolver],
    }),
    PrometheusModule.register(),
    ServeStaticModule.forRoot({ rootPath: path.join(__dirname, '..', 'public'), serveRoot: '/public' }),
    ...redis,
    MailsModule,
    SignInModule,
    PrescriptionsModule,
  ],
  controllers: [HealthController],
})
export class AppModule {}
""",
        "app/src/health.controller.ts": """import { Controller, Get } from '@nestjs/common';
import { I18n, I18nContext } from 'nestjs-i18n';

@Controller()
export class HealthController {
  @Get('health') health() { return { status: 'up' }; }
  @Get('hello') hello(@I18n() i18n: I18nContext) { return i18n.t('pages.hello', { args: { name: 'a' } }); }
  @Get('fail') fail() { throw new Error('on purpose'); }
}
""",
        "app/src/mails.module.ts": """import path from 'node:path';
import { Module } from '@nestjs/common';
import { MailerModule } from '@nestjs-modules/mailer';
import { HandlebarsAdapter } from '@nestjs-modules/mailer/adapters/handlebars.adapter';

@Module({
  imports: [MailerModule.forRoot({
    transport: process.env.SMTP_URL ?? { jsonTransport: true },
    defaults: { from: 'a@shop.example' },
    template: { dir: path.join(__dirname, 'mails'), adapter: new HandlebarsAdapter(), options: { strict: true } },
  })],
  exports: [MailerModule],
})
export class MailsModule {}
""",
        "app/src/sign-in/sign-in.module.ts": """import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { ApiKeyStrategy } from './api-key.strategy';
import { JwtStrategy } from './jwt.strategy';
import { SignInController } from './sign-in.controller';

@Module({
  imports: [PassportModule, JwtModule.register({ secret: process.env.JWT_SECRET, signOptions: { expiresIn: '1h' } })],
  providers: [JwtStrategy, ApiKeyStrategy],
  controllers: [SignInController],
})
export class SignInModule {}
""",
        "app/src/sign-in/jwt.strategy.ts": """import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor() {
    super({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: process.env.JWT_SECRET! });
  }

  validate(payload: { sub: string }) { return { id: payload.sub }; }
}
""",
        "app/src/sign-in/api-key.strategy.ts": """import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { HeaderAPIKeyStrategy } from 'passport-headerapikey';

@Injectable()
export class ApiKeyStrategy extends PassportStrategy(HeaderAPIKeyStrategy, 'api-key') {
  constructor() { super({ header: 'X-Key', prefix: '' }, false); }

  validate(key: string) { return key === process.env.API_KEY && { id: 'machine' }; }
}
""",
        "app/src/sign-in/sign-in.controller.ts": """
import { Body, Controller, Get, Post, Request, UseGuards } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { AuthGuard } from '@nestjs/passport';
import { IsEmail } from 'class-validator';

class SignIn { @IsEmail() mail: string; }

@Controller()
export class SignInController {
  constructor(private readonly jwt: JwtService) {}

  @Post('sign-in') async signIn(@Body() body: SignIn) {
    return { token: await this.jwt.signAsync({ sub: body.mail }) };
  }

  @UseGuards(AuthGuard(['jwt', 'api-key'])) @Get('me') me(@Request() request) { return request.user; }
}
""",
        "app/src/prescriptions/prescriptions.module.ts": """import { Module } from '@nestjs/common';
import { makeCounterProvider } from '@willsoto/nestjs-prometheus';
import { MailsModule } from '../mails.module';
import { Labels } from './labels';
import { PrescriptionsController } from './prescriptions.controller';
import { PrescriptionsService } from './prescriptions.service';

@Module({
  imports: [MailsModule],
  controllers: [PrescriptionsController],
  providers: [PrescriptionsService, Labels, makeCounterProvider({ name: 'prescriptions', help: 'made' })],
})
export class PrescriptionsModule {}
""",
        "app/src/prescriptions/prescription.ts": """import { PartialType } from '@nestjs/mapped-types';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsNotEmpty, Max } from 'class-validator';
import { i18nValidationMessage } from 'nestjs-i18n';

export class Prescription {
  @ApiProperty() @IsNotEmpty({ message: i18nValidationMessage('pages.required') }) name: string;
  @ApiProperty() @Type(() => Number) @IsInt() @Max(100) amount: number;
}
export class PrescriptionChange extends PartialType(Prescription) {}
""",
        "app/src/prescriptions/prescriptions.service.ts": """import { Injectable } from '@nestjs/common';
import { MailerService } from '@nestjs-modules/mailer';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';
import { Prescription } from './prescription';

@Injectable()
export class PrescriptionsService {
  private readonly all: Prescription[] = [];
  constructor(private readonly mailer: MailerService, @InjectMetric('prescriptions') private readonly made: Counter) {}

  list() { return this.all.slice(-5); }

  async add(prescription: Prescription) {
    this.all.push(prescription);
    this.made.inc();
    await this.mailer.sendMail({ to: 'b@shop.example', template: 'ready', context: { name: prescription.name } });
    if (process.env.DATABASE_URL) await this.save(prescription);
    return prescription;
  }

  private async save(prescription: Prescription) {
    const { knex } = await import('knex');
    await knex({ client: 'pg', connection: process.env.DATABASE_URL })('prescriptions').insert(prescription);
  }
}
""",
        "app/src/prescriptions/labels.ts": """import { Injectable } from '@nestjs/common';
import * as bwip from 'bwip-js';
import { PDFDocument } from 'pdf-lib';

@Injectable()
export class Labels {
  code(text: string) { return bwip.toBuffer({ bcid: 'code128', text }); }

  async sheet(text: string) {
    const pdf = await PDFDocument.create();
    const picture = await pdf.embedPng(await this.code(text));
    pdf.addPage([200, 100]).drawImage(picture, { x: 10, y: 10 });
    return pdf.save();
  }
}
""",
        "app/src/prescriptions/prescriptions.controller.ts": """
import { Body, Controller, Get, Param, Post, StreamableFile } from '@nestjs/common';
import { Labels } from './labels';
import { Prescription } from './prescription';
import { PrescriptionsService } from './prescriptions.service';

@Controller('prescriptions')
export class PrescriptionsController {
  constructor(private readonly prescriptions: PrescriptionsService, private readonly labels: Labels) {}

  @Get() list() { return this.prescriptions.list(); }
  @Post() add(@Body() prescription: Prescription) { return this.prescriptions.add(prescription); }
  @Get(':name/label') async label(@Param('name') name: string) {
    return new StreamableFile(await this.labels.sheet(name), { type: 'application/pdf' });
  }
}
""",
        "app/src/i18n/en/pages.json": '{"hello": "Hello {name}", "required": "is required"}\n',
        "app/src/i18n/de/pages.json": '{"hello": "Hallo {name}", "required": "fehlt"}\n',
        "app/src/mails/ready.hbs": "<p>{{name}} is ready</p>\n",
        "app/public/index.html": "<h1>Dispensary</h1>\n",
    },
    prepare=COMPILED,
    asks=tuple(
        f"http://127.0.0.1:10816/{path}"
        for path in (
            *("health", "hello", "hello?lang=de", "metrics", "docs", "public/index.html", "prescriptions"),
            *("prescriptions/one/label", "me", "fail", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10816/prescriptions", '{"name": "one", "amount": "3"}'),
        ("http://127.0.0.1:10816/prescriptions", '{"amount": 300}'),
        ("http://127.0.0.1:10816/sign-in", '{"mail": "a@shop.example"}'),
    ),
    seconds=25,
)

CHECKOUT = Recipe(
    name="checkout",
    packages=(*_TOOLS, "dumb-init"),
    env=PRODUCTION_NODE | {"PORT": "10817", "STRIPE_SECRET": "whsec_one"},
    entrypoint=("dumb-init", "--"),
    cmd=("node", "--require", "./instrument.cjs", "dist/index.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "checkout", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"build": "tsc --noCheck", "start": "node dist/index.js", "docs": "node dist/documentation.js"},
  "dependencies": {"express-zod-api": "^25", "express": "^5", "zod": "^4", "http-errors": "^2", "compression": "^1",
    "cookie-parser": "^1", "express-fileupload": "^1", "stripe": "^18", "@mollie/api-client": "^4", "braintree": "^3",
    "firebase-admin": "^13", "@google-cloud/tasks": "^6", "@honeybadger-io/js": "^6", "ky": "^1", "big.js": "^7",
    "currency-codes": "^2", "ioredis": "^5", "rate-limiter-flexible": "^7", "unleash-client": "^6", "typeid-js": "^1",
    "neverthrow": "^8", "ts-pattern": "^5", "tslog": "^4", "jsvat-next": "^3", "credit-card-type": "^10", "ioc": "^1",
    "@aws-sdk/client-eventbridge": "^3", "graphile-config": "^0.0.1-beta.18", "postgres": "^3", "emittery": "^1"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "@types/express": "^5", "vitest": "^3"}
}
""".replace(', "ioc": "^1"', "").replace('"graphile-config": "^0.0.1-beta.18", ', ""),
        "app/instrument.cjs": """const Honeybadger = require('@honeybadger-io/js');

Honeybadger.configure({ apiKey: process.env.HONEYBADGER_KEY, reportData: Boolean(process.env.HONEYBADGER_KEY) });
process.on('uncaughtExceptionMonitor', (error) => Honeybadger.notify(error));
""",
        "app/tsconfig.json": TYPESCRIPT.replace('"commonjs"', '"nodenext"').replace('"node"', '"nodenext"'),
        "app/src/index.ts": """import { createConfig, createServer } from 'express-zod-api';
import { log } from './log.js';
import { routing } from './routing.js';

const config = createConfig({
  http: { listen: { host: '127.0.0.1', port: Number(process.env.PORT) } },
  cors: true,
  compression: true,
  cookies: true,
  upload: { limits: { fileSize: 51200 } },
  logger: { level: 'info', color: false },
  startupLogo: false,
  gracefulShutdown: true,
});
await createServer(config, routing);
log.info('ready');
""",
        "app/src/log.ts": "import { Logger } from 'tslog';\n\nexport const log = new Logger({ type: 'json' });\n",
        "app/src/routing.ts": """import { defaultEndpointsFactory, type Routing } from 'express-zod-api';
import { z } from 'zod';
import { event, signed } from './endpoints/webhooks.js';
import { pay, quote } from './endpoints/payments.js';
import { receipt } from './endpoints/receipts.js';

const health = defaultEndpointsFactory.build({ output: z.object({ up: z.number() }),
  handler: async () => ({ up: process.uptime() }) });
const fail = defaultEndpointsFactory.build({ output: z.object({}),
  handler: async () => { throw new Error('on purpose'); } });

export const routing: Routing = {
  health,
  fail,
  v1: {
    quotes: quote,
    payments: pay,
    receipts: receipt,
    webhooks: { stripe: event, signed },
  },
};
""",
        "app/src/factory.ts": """import createHttpError from 'http-errors';
import { defaultEndpointsFactory, Middleware } from 'express-zod-api';
import { RateLimiterMemory } from 'rate-limiter-flexible';

const limiter = new RateLimiterMemory({ points: 900, duration: 60 });
const limit = new Middleware({
  handler: async ({ request }) => {
    await limiter.consume(request.ip ?? 'none').catch(() => { throw createHttpError(429); });
    return {};
  },
});
const identity = new Middleware({
  handler: async ({ request }) => {
    if (!process.env.FIREBASE) return { user: 'a' };
    const { initializeApp } = await import('firebase-admin/app');
    const { getAuth } = await import('firebase-admin/auth');
    const token = await getAuth(initializeApp()).verifyIdToken(request.get('authorization') ?? '');
    return { user: token.uid };
  },
});
export const factory = defaultEndpointsFactory.addMiddleware(limit).addMiddleware(identity);
""",
        "app/src/providers.ts": """import { ok, ResultAsync } from 'neverthrow';
import { match } from 'ts-pattern';

async function braintree(amount: string) {
  const { default: sdk } = await import('braintree');
  const gateway = new sdk.BraintreeGateway({ environment: sdk.Environment.Sandbox, merchantId: 'a', publicKey: 'b',
    privateKey: 'c' });
  return (await gateway.transaction.sale({ amount, paymentMethodNonce: 'fake' })).transaction.id;
}
async function mollie(value: string) {
  const { createMollieClient } = await import('@mollie/api-client');
  const payment = await createMollieClient({ apiKey: 'test_one' }).payments.create({ amount: { value, currency: 'EUR' },
    description: 'one', redirectUrl: 'http://shop.example' });
  return payment.id;
}
export const charge = (provider: string, amount: string) => match(provider)
  .with('braintree', () => ResultAsync.fromPromise(braintree(amount), String))
  .with('mollie', () => ResultAsync.fromPromise(mollie(amount), String))
  .otherwise(async () => ok('none'));
""",
        "app/src/endpoints/payments.ts": """import Big from 'big.js';
import currencies from 'currency-codes';
import createHttpError from 'http-errors';
import { typeid } from 'typeid-js';
import { z } from 'zod';
import { factory } from '../factory.js';
import { charge } from '../providers.js';

export const quote = factory.build({
  input: z.object({ amount: z.string(), currency: z.string().length(3).default('EUR') }),
  output: z.object({ total: z.string(), digits: z.number() }),
  handler: async ({ input }) => {
    const currency = currencies.code(input.currency);
    if (!currency) throw createHttpError(422, 'currency');
    return { total: new Big(input.amount).times('1.19').toFixed(currency.digits), digits: currency.digits };
  },
});
export const pay = factory.build({
  method: 'post',
  input: z.object({ amount: z.string(), provider: z.enum(['none', 'mollie', 'braintree']),
    card: z.string().optional() }),
  output: z.object({ id: z.string(), payment: z.string() }),
  handler: async ({ input }) => {
    if (input.card) {
      const { default: creditCardType } = await import('credit-card-type');
      if (!creditCardType(input.card).length) throw createHttpError(422, 'card');
    }
    const charged = await charge(input.provider, input.amount);
    if (charged.isErr()) throw createHttpError(502, charged.error);
    return { id: typeid('pay').toString(), payment: charged.value };
  },
});
""",
        "app/src/endpoints/webhooks.ts": """import Stripe from 'stripe';
import { z } from 'zod';
import { factory } from '../factory.js';
import { log } from '../log.js';

const stripe = new Stripe(process.env.STRIPE_KEY ?? 'sk_test_one');
const secret = process.env.STRIPE_SECRET!;

async function later(id: string) {
  const { CloudTasksClient } = await import('@google-cloud/tasks');
  await new CloudTasksClient().createTask({ parent: 'queue', task: { httpRequest: { url: id } } });
}
export const event = factory.build({
  method: 'post',
  input: z.object({ payload: z.string(), signature: z.string() }),
  output: z.object({ type: z.string() }),
  handler: async ({ input }) => {
    const happened = stripe.webhooks.constructEvent(input.payload, input.signature, secret);
    log.info(happened.type);
    if (process.env.QUEUE) await later(happened.id);
    return { type: happened.type };
  },
});
export const signed = factory.build({
  output: z.object({ payload: z.string(), signature: z.string() }),
  handler: async () => {
    const payload = JSON.stringify({ id: 'evt_one', object: 'event', type: 'charge.succeeded' });
    return { payload, signature: stripe.webhooks.generateTestHeaderString({ payload, secret }) };
  },
});
""",
        "app/src/endpoints/receipts.ts": """import { z } from 'zod';
import { factory } from '../factory.js';

export const receipt = factory.build({
  method: 'get',
  input: z.object({ country: z.string().default('DE') }),
  output: z.object({ rates: z.array(z.number()) }),
  handler: async ({ input }) => {
    if (process.env.RATES_URL) {
      const { default: ky } = await import('ky');
      return ky.get(process.env.RATES_URL, { searchParams: { country: input.country } }).json();
    }
    return { rates: [19, 7] };
  },
});
""",
    },
    prepare=COMPILED,
    asks=tuple(
        f"http://127.0.0.1:10817/{path}"
        for path in (
            *("health", "v1/quotes?amount=12.5", "v1/quotes?amount=1&currency=XXQ", "v1/receipts"),
            *("v1/webhooks/signed", "v1/payments", "fail", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10817/v1/payments", '{"amount": "12", "provider": "none", "card": "4111"}'),
        ("http://127.0.0.1:10817/v1/payments", '{"amount": "12"}'),
        ("http://127.0.0.1:10817/v1/webhooks/stripe", '{"payload": "{}", "signature": "none"}'),
    ),
    seconds=22,
)

_SITE = {
    "package.json": """{
  "name": "classifieds", "version": "1.0.0", "private": true,
  "scripts": {"dev": "next dev", "build": "next build", "start": "next start"},
  "dependencies": {"next": "^15", "react": "^19", "react-dom": "^19", "next-auth": "^4", "next-intl": "^4",
    "@tanstack/react-query": "^5", "react-hook-form": "^7", "@hookform/resolvers": "^5", "zod": "^3", "swr": "^2",
    "@libsql/client": "^0.15", "drizzle-orm": "^0.44", "nodemailer": "^7", "sharp": "^0.34", "resend": "^4",
    "stripe": "^18", "pino": "^9", "@radix-ui/react-dialog": "^1", "class-variance-authority": "^0.7", "clsx": "^2",
    "tailwind-merge": "^3", "lucide-react": "^0.525", "feed": "^5", "@upstash/ratelimit": "^2", "@upstash/redis": "^1",
    "next-safe-action": "^8", "server-only": "^0.0.1", "@vercel/og": "^0.8", "rehype-sanitize": "^6"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "@types/react": "^19", "eslint": "^9",
    "eslint-config-next": "^15", "@playwright/test": "^1"}
}
""",
    "next.config.mjs": """import createNextIntlPlugin from 'next-intl/plugin';

const withNextIntl = createNextIntlPlugin('./i18n/request.ts');
export default withNextIntl({
  output: 'standalone',
  serverExternalPackages: ['@libsql/client', 'pino'],
  typescript: { ignoreBuildErrors: true },
  eslint: { ignoreDuringBuilds: true },
});
""",
    "tsconfig.json": '{"compilerOptions": {"target": "es2022", "module": "esnext", "moduleResolution": "bundler", '
    '"jsx": "preserve", "strict": false, "noEmit": true, "paths": {"@/*": ["./*"]}}, "include": ["**/*.ts"]}\n',
    "i18n/request.ts": """import { cookies } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';

export default getRequestConfig(async () => {
  const locale = (await cookies()).get('locale')?.value === 'en' ? 'en' : 'de';
  return { locale, timeZone: 'UTC', messages: (await import(`../messages/${locale}.json`)).default };
});
""",
    "messages/de.json": '{"home": {"title": "Kleinanzeigen", "count": "{count} Anzeigen"}, "new": {"send": "Los"}}\n',
    "messages/en.json": '{"home": {"title": "Classifieds", "count": "{count} ads"}, "new": {"send": "Go"}}\n',
    "lib/database.ts": """import 'server-only';
import { createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const ads = sqliteTable('ads', { id: text('id').primaryKey(), title: text('title') });
const client = createClient({ url: process.env.DATABASE ?? ':memory:' });
export const database = drizzle(client);
export const ready = client.execute('create table if not exists ads (id text primary key, title text)');
""",
    "lib/log.ts": "import pino from 'pino';\n\nexport const log = pino();\n",
    "lib/auth.ts": """import type { NextAuthOptions } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import GitHub from 'next-auth/providers/github';

export const authOptions: NextAuthOptions = {
  session: { strategy: 'jwt' },
  providers: [
    GitHub({ clientId: process.env.GITHUB_ID ?? '', clientSecret: process.env.GITHUB_SECRET ?? '' }),
    Credentials({
      credentials: { word: {} },
      authorize: async (given) => (given?.word === 'one' ? { id: '1', name: 'a' } : null),
    }),
  ],
};
""",
    "lib/mail.ts": """export async function announce(title: string) {
  if (process.env.RESEND_KEY) {
    const { Resend } = await import('resend');
    return new Resend(process.env.RESEND_KEY).emails.send({ from: 'a@shop.example', to: 'b', subject: title });
  }
  const { createTransport } = await import('nodemailer');
  return createTransport({ jsonTransport: true }).sendMail({ to: 'b@shop.example', subject: title });
}
""",
    "middleware.ts": """export { default } from 'next-auth/middleware';

export const config = { matcher: ['/admin/:path*'] };
""",
    "app/layout.tsx": """import { NextIntlClientProvider } from 'next-intl';
import { getLocale } from 'next-intl/server';
import { Providers } from './providers';

export default async function Layout({ children }) {
  return (
    <html lang={await getLocale()}>
      <body><NextIntlClientProvider><Providers>{children}</Providers></NextIntlClientProvider></body>
    </html>
  );
}
""",
    "app/providers.tsx": """'use client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';

export function Providers({ children }) {
  const [client] = useState(() => new QueryClient());
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
""",
    "app/page.tsx": """import { getTranslations } from 'next-intl/server';
import Image from 'next/image';
import Link from 'next/link';
import { ads, database, ready } from '@/lib/database';

export const dynamic = 'force-dynamic';

export default async function Home() {
  await ready;
  const all = await database.select().from(ads).limit(5);
  const t = await getTranslations('home');
  return (
    <main>
      <h1>{t('title')}</h1><p>{t('count', { count: all.length })}</p>
      <Image src="/one.png" alt="one" width={64} height={64} />
      {all.map((ad) => <Link key={ad.id} href={`/ads/${ad.id}`}>{ad.title}</Link>)}
    </main>
  );
}
""",
    "app/ads/[id]/page.tsx": """import { eq } from 'drizzle-orm';
import { notFound } from 'next/navigation';
import { ads, database, ready } from '@/lib/database';

export default async function Ad({ params }) {
  await ready;
  const [ad] = await database.select().from(ads).where(eq(ads.id, (await params).id));
  if (!ad) notFound();
  return <h1>{ad.title}</h1>;
}
""",
    "app/new/page.tsx": """'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import * as Dialog from '@radix-ui/react-dialog';
import { useMutation } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useForm } from 'react-hook-form';
import { z } from 'zod';

const Ad = z.object({ title: z.string().min(1) });

export default function New() {
  const t = useTranslations('new');
  const { register, handleSubmit } = useForm({ resolver: zodResolver(Ad) });
  const send = useMutation({
    mutationFn: (ad) => fetch('/api/ads', { method: 'POST', body: JSON.stringify(ad) }),
  });
  return (
    <Dialog.Root open>
      <Dialog.Trigger><Plus /></Dialog.Trigger>
      <form className={clsx('form', send.isPending && 'pending')} onSubmit={handleSubmit((ad) => send.mutate(ad))}>
        <input {...register('title')} /><button>{t('send')}</button>
      </form>
    </Dialog.Root>
  );
}
""",
    "app/admin/page.tsx": "export default () => <h1>Admin</h1>;\n",
    "app/api/health/route.ts": "export const dynamic = 'force-dynamic';\n\n"
    "export const GET = () => Response.json({ up: process.uptime() });\n",
    "app/api/fail/route.ts": "export const dynamic = 'force-dynamic';\n\n"
    "export const GET = () => { throw new Error('on purpose'); };\n",
    "app/api/auth/[...nextauth]/route.ts": """import NextAuth from 'next-auth';
import { authOptions } from '@/lib/auth';

const handler = NextAuth(authOptions);
export { handler as GET, handler as POST };
""",
    "app/api/ads/route.ts": """import { z } from 'zod';
import { ads, database, ready } from '@/lib/database';
import { log } from '@/lib/log';
import { announce } from '@/lib/mail';

const Ad = z.object({ title: z.string().min(1), paid: z.boolean().optional() });

export async function GET() {
  await ready;
  return Response.json(await database.select().from(ads).limit(5));
}

export async function POST(request: Request) {
  const ad = Ad.safeParse(await request.json());
  if (!ad.success) return Response.json(ad.error.issues, { status: 422 });
  await ready;
  const [made] = await database.insert(ads).values({ id: crypto.randomUUID(), title: ad.data.title }).returning();
  if (ad.data.paid) {
    const { default: Stripe } = await import('stripe');
    await new Stripe(process.env.STRIPE!).paymentIntents.create({ amount: 1, currency: 'eur' });
  }
  await announce(made.title);
  log.info(made, 'made');
  return Response.json(made, { status: 201 });
}
""",
    "app/feed.xml/route.ts": """import { Feed } from 'feed';
import { ads, database, ready } from '@/lib/database';

export const dynamic = 'force-dynamic';

export async function GET() {
  await ready;
  const feed = new Feed({ id: 'ads', title: 'Classifieds', copyright: 'a' });
  for (const { id, title } of await database.select().from(ads).limit(5)) {
    feed.addItem({ id, title, link: `http://shop.example/${id}`, date: new Date() });
  }
  return new Response(feed.rss2(), { headers: { 'Content-Type': 'application/xml' } });
}
""",
}
_PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

CLASSIFIEDS = Recipe(
    name="classifieds",
    packages=_TOOLS,
    env=PRODUCTION_NODE
    | {"PORT": "10818", "HOSTNAME": "127.0.0.1", "NEXTAUTH_SECRET": "one", "NEXTAUTH_URL": "http://127.0.0.1:10818"}
    | {"NEXT_TELEMETRY_DISABLED": "1", "DATABASE": "file:/tmp/classifieds.db"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "server.js"),
    files=HOSTS | {"usr/local/bin/docker-entrypoint.sh": DOCKER_NODE},
    prepare=(
        *NODE,
        "hash -r",
        *written("/build", _SITE),
        f"mkdir /build/public && echo {_PICTURE} | base64 -d > /build/public/one.png",
        "cd /build && npm install -q --no-audit --no-fund --include=dev || exit 1",
        "NEXT_TELEMETRY_DISABLED=1 npm run build || exit 1",
        "cp -a /build/.next/standalone/. /app/ && cp -a /build/public /app/ && cp -a /build/.next/static /app/.next/",
        "cd / && rm -rf /build /root/.config",
    ),
    asks=tuple(
        f"http://127.0.0.1:10818/{path}"
        for path in (
            *("", "new", "ads/none", "api/health", "api/ads", "feed.xml", "api/auth/session", "api/auth/providers"),
            *("api/auth/signin", "admin", "_next/image?url=%2Fone.png&w=64&q=75", "api/fail", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10818/api/ads", '{"title": "one"}'),
        ("http://127.0.0.1:10818/api/ads", "{}"),
    ),
    seconds=30,
)

MORE_SERVICES = (
    PAYROLL,
    without_sources(DISPENSARY, "app/src/"),
    without_sources(CHECKOUT, "app/src/"),
    CLASSIFIEDS,
)
