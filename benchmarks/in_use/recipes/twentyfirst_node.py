"""The twenty-first set's jobs and workers of Node.js."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, FULL, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS

_INSTALLED = (*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev")

ELEVENTY = Recipe(
    name="eleventy",
    packages=("ca-certificates", "tini", "curl", "git"),
    env=PRODUCTION_NODE,
    entrypoint=("tini", "--"),
    cmd=("npm", "run", "build"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "site", "version": "1.0.0", "private": true,
  "scripts": {"build": "eleventy --output=/tmp/site", "start": "eleventy --serve", "lint": "markdownlint ."},
  "dependencies": {"@11ty/eleventy": "^3", "@11ty/eleventy-plugin-rss": "^2", "markdown-it-anchor": "^9",
    "@11ty/eleventy-plugin-syntaxhighlight": "^5", "luxon": "^3", "html-minifier-terser": "^7", "sass": "^1"},
  "devDependencies": {"markdownlint-cli": "^0.45", "prettier": "^3"}
}
""",
        "app/eleventy.config.js": """const { DateTime } = require('luxon');
const highlight = require('@11ty/eleventy-plugin-syntaxhighlight');

module.exports = function (config) {
  config.addPlugin(highlight);
  config.addFilter('day', (date) => DateTime.fromJSDate(date).toISODate());
  config.addPassthroughCopy('static');
  config.addTransform('minify', async function (content) {
    if (!process.env.MINIFY) return content;
    const { minify } = await import('html-minifier-terser');
    return minify(content);
  });
  return { dir: { input: 'pages', includes: '../layouts' } };
};
""",
        "app/layouts/base.njk": "<title>{{ title }}</title>{{ content | safe }}{{ page.date | day }}\n",
        "app/pages/index.md": "---\nlayout: base.njk\ntitle: Shop\n---\n# Shop\n\n```js\nlet a = 1;\n```\n",
        "app/pages/orders.njk": "---\nlayout: base.njk\n---\n{% for order in orders %}{{ order.name }}{% endfor %}\n",
        "app/pages/_data/orders.json": '[{"name": "one"}]\n',
        "app/static/robots.txt": "User-agent: *\n",
    },
    prepare=_INSTALLED,
    seconds=20,
)

HEXO = Recipe(
    name="hexo",
    packages=(*FULL, "python3"),
    env=PRODUCTION_NODE,
    entrypoint=("docker-entrypoint.sh",),
    cmd=("npx", "hexo", "server", "-i", "127.0.0.1", "-p", "10140"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "blog", "version": "0.0.1", "private": true, "hexo": {"version": ""},
  "scripts": {"build": "hexo generate", "server": "hexo server"},
  "dependencies": {"hexo": "^7", "hexo-server": "^3", "hexo-renderer-marked": "^7", "hexo-renderer-ejs": "^2",
    "hexo-generator-index": "^4", "hexo-generator-archive": "^2", "hexo-generator-feed": "^3",
    "hexo-deployer-git": "^4", "hexo-theme-landscape": "^1", "hexo-renderer-stylus": "^3"}
}
""",
        "app/_config.yml": "title: Shop\nurl: http://shop.example\npermalink: :title/\ntheme: landscape\n"
        "feed: {type: atom, path: atom.xml}\ndeploy: {type: git, repo: /srv/pages.git}\n",
        "app/source/_posts/one.md": "---\ntitle: One\ndate: 2026-11-29\n---\n# One\n\n```js\nlet a = 1;\n```\n",
        "app/scaffolds/post.md": "---\ntitle: {{ title }}\n---\n",
    },
    prepare=_INSTALLED,
    asks=tuple(
        f"http://127.0.0.1:10140/{path}" for path in ("", "one/", "archives/", "atom.xml", "css/style.css", "no")
    ),
    seconds=25,
)

MQTT = Recipe(
    name="mqtt-worker",
    packages=(*FULL, "python3", "mosquitto", "supervisor"),
    env=PRODUCTION_NODE | {"MQTT_URL": "mqtt://127.0.0.1:10141"},
    cmd=("supervisord", "-c", "/etc/supervisord.conf"),
    files=HOSTS
    | {
        "etc/supervisord.conf": """[supervisord]
nodaemon=true
user=root
logfile=/dev/null
logfile_maxbytes=0

[program:broker]
command=mosquitto -c /etc/mosquitto/shop.conf
priority=1
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0

[program:worker]
command=node worker.js
directory=/app
startretries=10
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0
redirect_stderr=true

[program:sensor]
command=node sensor.js
directory=/app
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0
redirect_stderr=true
""",
        "etc/mosquitto/shop.conf": "listener 10141 127.0.0.1\nallow_anonymous true\nuser root\n",
        "app/package.json": """{
  "name": "plant", "version": "1.2.0", "private": true, "main": "worker.js",
  "dependencies": {"mqtt": "^5", "ajv": "^8", "ajv-formats": "^3", "pino": "^9", "p-queue": "^6", "node-cron": "^3",
    "influx": "^5", "@aws-sdk/client-dynamodb": "^3", "exceljs": "^4", "nodemailer": "^7", "yaml": "^2"},
  "devDependencies": {"jest": "^29", "aedes": "^0.51"}
}
""",
        "app/worker.js": """const mqtt = require('mqtt');
const cron = require('node-cron');
const { default: PQueue } = require('p-queue');
const logger = require('pino')();
const validate = require('./schema');

const queue = new PQueue({ concurrency: 1 });
const readings = [];
const client = mqtt.connect(process.env.MQTT_URL, { reconnectPeriod: 500 });

async function store(reading) {
  if (process.env.TABLE) return require('./dynamo').put(reading);
  readings.push(reading);
  return reading;
}

client.on('connect', () => client.subscribe('plant/#', () => logger.info('ready')));
client.on('message', (topic, content) => queue.add(async () => {
  try {
    const reading = JSON.parse(content);
    if (!validate(reading)) throw new Error(validate.errors[0].message);
    logger.info(await store(reading));
  } catch (error) { logger.warn(error.message); }
}));
cron.schedule('*/5 * * * * *', async () => {
  if (readings.length > 2) {
    const { table } = require('./report');
    await table(readings, '/tmp/readings.xlsx');
  }
});
""",
        "app/schema.js": """const Ajv = require('ajv');
const formats = require('ajv-formats');

const ajv = new Ajv();
formats(ajv);
module.exports = ajv.compile({
  type: 'object', required: ['at', 'value'],
  properties: { at: { type: 'string', format: 'date-time' }, value: { type: 'number' } },
});
""",
        "app/dynamo.js": """const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');

exports.put = (reading) => new DynamoDBClient({}).send(
  new PutItemCommand({ TableName: process.env.TABLE, Item: { at: { S: reading.at } } }),
);
""",
        "app/report.js": """const ExcelJS = require('exceljs');

exports.table = async (readings, file) => {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('readings');
  for (const reading of readings) sheet.addRow([reading.at, reading.value]);
  await book.xlsx.writeFile(file);
};
""",
        "app/sensor.js": """const mqtt = require('mqtt');

const client = mqtt.connect(process.env.MQTT_URL, { reconnectPeriod: 500 });
let count = 0;
setInterval(() => {
  client.publish('plant/one', JSON.stringify({ at: new Date().toISOString(), value: count }));
  if (count % 3 === 0) client.publish('plant/one', '{no');
  count += 1;
}, 1000);
""",
    },
    prepare=_INSTALLED,
    sends=(("tcp://127.0.0.1:10141", "nothing\n"),),
    seconds=30,
)

NEWMAN = Recipe(
    name="newman",
    packages=("ca-certificates", "tini", "curl", "jq"),
    env=PRODUCTION_NODE | {"API_PORT": "10142"},
    folder="/etc/newman",
    entrypoint=("tini", "--", "/usr/local/bin/check"),
    cmd=("run", "shop.json", "--environment", "local.json", "--reporters", "cli,junit", "--bail"),
    files=HOSTS
    | {
        "usr/local/bin/check": """#!/bin/sh
set -eu
node /srv/stub.js &
stub=$!
trap 'kill $stub' EXIT
until curl -fsS "http://127.0.0.1:$API_PORT/" > /dev/null 2>&1; do sleep 0.2; done
newman "$@" --reporter-junit-export /tmp/junit.xml
""",
        "srv/stub.js": """require('node:http').createServer((request, response) => {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ path: request.url }));
}).listen(process.env.API_PORT, '127.0.0.1');
""",
        "etc/newman/local.json": '{"name": "local", "values": [{"key": "base", "value": "http://127.0.0.1:10142"}]}\n',
        "etc/newman/shop.json": """{
  "info": {"name": "shop", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
  "item": [{"name": "orders", "request": {"url": "{{base}}/orders", "method": "POST",
    "body": {"mode": "raw", "raw": "{\\"name\\": \\"{{$randomFullName}}\\"}"}},
    "event": [{"listen": "test", "script": {"exec": ["const moment = require('moment');",
      "pm.test('ok', () => pm.response.to.have.status(200));", "pm.expect(moment().isValid()).to.equal(true);"]}}]}]
}
""",
    },
    prepare=(*NODE, "hash -r", "npm install -q -g --omit=dev --no-audit --no-fund newman newman-reporter-htmlextra"),
    seconds=20,
)

SPECTRAL = Recipe(
    name="spectral",
    packages=("ca-certificates", "dumb-init"),
    env=PRODUCTION_NODE,
    folder="/spec",
    entrypoint=("dumb-init", "--", "spectral"),
    cmd=("lint", "/spec/openapi.yaml", "--ruleset", "/spec/.spectral.yaml", "--format", "stylish"),
    files=HOSTS
    | {
        "spec/.spectral.yaml": """extends: ["spectral:oas"]
functions: [shop]
functionsDir: ./functions
rules:
  operation-description: warn
  shop-names:
    given: $.paths[*]~
    then: {function: shop}
""",
        "spec/functions/shop.js": """export default (path) => {
  if (!path.startsWith('/shop')) return [{ message: `${path} is not the shop's` }];
};
""",
        "spec/openapi.yaml": 'openapi: "3.1.0"\ninfo: {title: Shop, version: "1"}\npaths:\n  /orders:\n    get:\n'
        '      responses: {"200": {description: all}}\n',
    },
    prepare=(*NODE, "hash -r", "npm install -q -g --omit=dev --no-audit --no-fund @stoplight/spectral-cli"),
    seconds=15,
)

NODE_JOBS = (ELEVENTY, HEXO, MQTT, NEWMAN, SPECTRAL)
