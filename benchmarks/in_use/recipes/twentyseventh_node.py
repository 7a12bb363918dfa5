"""The twenty-seventh set's test runners, generators, release tools and jobs of Node.js."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS

_SLIM = ("ca-certificates", "tini", "procps", "git")
_INSTALLED = (*NODE, "hash -r", f"cd /app && {NPM_CI} --include=dev || exit 1")
_JOB = (*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1")

VITEST = Recipe(
    name="vitest",
    packages=_SLIM,
    env=PRODUCTION_NODE | {"CI": "true"},
    entrypoint=("tini", "--"),
    cmd=("npx", "vitest", "run", "--coverage", "--reporter=default", "--reporter=junit", "--outputFile=/tmp/junit.xml"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "widgets", "version": "1.0.0", "private": true, "type": "module",
  "dependencies": {"zustand": "^5", "date-fns": "^4", "react": "^19", "react-dom": "^19"},
  "devDependencies": {"vitest": "^3", "@vitest/coverage-v8": "^3", "jsdom": "^26", "@testing-library/react": "^16",
    "@testing-library/jest-dom": "^6", "@testing-library/user-event": "^14", "@testing-library/dom": "^10",
    "@vitejs/plugin-react": "^4", "vite": "^6", "happy-dom": "^17", "msw": "^2", "@faker-js/faker": "^9",
    "vitest-mock-extended": "^3", "@vitest/ui": "^3", "typescript": "^5", "playwright-core": "^1"}
}
""",
        "app/vitest.config.js": """import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  cacheDir: '/tmp/vite',
  test: { environment: 'jsdom', globals: true, setupFiles: ['./test/setup.js'],
    coverage: { provider: 'v8', reportsDirectory: '/tmp/coverage', reporter: ['text', 'lcov'] } },
});
""",
        "app/test/setup.js": "import '@testing-library/jest-dom/vitest';\n",
        "app/src/Order.jsx": """import { format } from 'date-fns';
import { useState } from 'react';

export function Order({ name }) {
  const [paid, pay] = useState(false);
  return <button onClick={() => pay(true)}>{name} {paid ? 'paid' : format(new Date(0), 'yyyy')}</button>;
}
""",
        "app/src/Order.test.jsx": """import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { Order } from './Order';

const server = setupServer(http.get('http://shop.example/orders', () => HttpResponse.json([{ name: 'one' }])));
beforeAll(() => server.listen());
afterAll(() => server.close());

test('pays', async () => {
  render(<Order name="one" />);
  await userEvent.click(screen.getByRole('button'));
  expect(screen.getByText(/paid/)).toBeInTheDocument();
});
test('asks', async () => {
  expect(await (await fetch('http://shop.example/orders')).json()).toHaveLength(1);
});
test('fails', () => { expect(1).toBe(2); });
""",
    },
    prepare=_INSTALLED,
    seconds=35,
)

CHANGESETS = Recipe(
    name="changesets",
    packages=(*_SLIM, "openssh-client"),
    env=PRODUCTION_NODE | {"CI": "true", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@shop.example"},
    entrypoint=("/app/ci.sh",),
    cmd=("version",),
    files=HOSTS
    | {
        "app/ci.sh": """#!/bin/sh
set -e
export GIT_COMMITTER_NAME="$GIT_AUTHOR_NAME" GIT_COMMITTER_EMAIL="$GIT_AUTHOR_EMAIL"
cp -r /app/repository /tmp/work
cd /tmp/work
git init -q -b main . && git add -A && git commit -qm one
case "$1" in
  version) /app/node_modules/.bin/changeset status --verbose; /app/node_modules/.bin/changeset version ;;
  publish) exec /app/node_modules/.bin/changeset publish ;;
esac
/app/node_modules/.bin/commitlint --config /app/commitlint.config.js --from HEAD || true
git add -A && git commit -qm "chore: release" && git tag v1 && git log --oneline | head -3
cat packages/prices/CHANGELOG.md
""",
        "app/commitlint.config.js": "module.exports = { extends: ['@commitlint/config-conventional'] };\n",
        "app/package.json": """{
  "name": "release", "version": "1.0.0", "private": true,
  "devDependencies": {"@changesets/cli": "^2", "@changesets/changelog-github": "^0.5", "prettier": "^3",
    "@commitlint/cli": "^19", "@commitlint/config-conventional": "^19", "lerna": "^8", "turbo": "^2"}
}
""",
        "app/repository/package.json": '{"name": "shop", "private": true, "workspaces": ["packages/*"]}\n',
        "app/repository/package-lock.json": '{"name": "shop", "lockfileVersion": 3, "packages": {}}\n',
        "app/repository/.changeset/config.json": '{"changelog": "@changesets/cli/changelog", "commit": false, '
        '"access": "restricted", "baseBranch": "main", "updateInternalDependencies": "patch"}\n',
        "app/repository/.changeset/one.md": '---\n"prices": minor\n---\n\nPrices in euros.\n',
        "app/repository/packages/prices/package.json": '{"name": "prices", "version": "1.0.0"}\n',
        "app/repository/packages/orders/package.json": '{"name": "orders", "version": "1.0.0", '
        '"dependencies": {"prices": "^1.0.0"}}\n',
    },
    prepare=_INSTALLED,
    seconds=30,
)

PLOP = Recipe(
    name="plop",
    packages=_SLIM,
    env=PRODUCTION_NODE,
    entrypoint=("tini", "--"),
    cmd=("sh", "-c", "npx plop --dest /tmp/out service orders && npx hygen model new --name order"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "scaffold", "version": "1.0.0", "private": true,
  "devDependencies": {"plop": "^4", "hygen": "^6", "change-case": "^4", "yo": "^5", "mem-fs-editor": "^11"}
}
""",
        "app/.hygen.js": "module.exports = { templates: `${__dirname}/_templates`, "
        "helpers: { upper: (s) => s.toUpperCase() } };\n",
        "app/_templates/model/new/model.ejs.t": "---\nto: /tmp/models/<%= name %>.js\n---\n"
        "module.exports = '<%= h.upper(name) %>';\n",
        "app/plopfile.js": """module.exports = async function (plop) {
  plop.setHelper('shout', (text) => require('change-case').constantCase(text));
  await plop.load('./plop-more.js', {}, { partials: true });
  plop.setGenerator('service', {
    description: 'a service',
    prompts: [{ type: 'input', name: 'name', message: 'name' }],
    actions: [
      { type: 'add', path: '/tmp/out/{{kebabCase name}}.js', templateFile: 'templates/service.hbs' },
      { type: 'addMany', destination: '/tmp/out', base: 'templates/all', templateFiles: 'templates/all/*.hbs' },
    ],
  });
};
""",
        "app/plop-more.js": "module.exports = (plop) => plop.setPartial('head', '// by plop');\n",
        "app/templates/service.hbs": "{{> head}}\nexports.{{camelCase name}} = '{{shout name}}';\n",
        "app/templates/all/readme.md.hbs": "# {{titleCase name}}\n",
    },
    prepare=_INSTALLED,
    seconds=20,
)

SCHEDULED = Recipe(
    name="scheduled",
    packages=(*FULL, "tini"),
    env=PRODUCTION_NODE | {"DATABASE": "file:/tmp/jobs.db", "TZ": "Europe/Berlin"},
    entrypoint=("tini", "--"),
    cmd=("node", "src/index.mjs"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "nightly", "version": "1.0.0", "private": true, "type": "module",
  "dependencies": {"croner": "^9", "umzug": "^3", "@libsql/client": "^0.15", "fast-csv": "^5", "pino": "^9",
    "pino-roll": "^3", "p-queue": "^8", "exceljs": "^4", "nodemailer": "^7", "undici": "^7", "mustache": "^4",
    "archiver": "^7", "ssh2-sftp-client": "^11", "luxon": "^3"},
  "devDependencies": {"tap": "^21", "typescript": "^5"}
}
""",
        "app/src/index.mjs": """import { Cron } from 'croner';
import pino from 'pino';
import { migrate } from './migrate.mjs';

const log = pino({ transport: { target: 'pino-roll', options: { file: '/tmp/jobs.log' } } });
await migrate(log);
const jobs = { orders: '*/3 * * * * *', sheet: '*/5 * * * * *', upload: '0 3 * * *' };
for (const [name, when] of Object.entries(jobs)) {
  new Cron(when, { protect: true, catch: (error) => log.error(error) }, async () => {
    const { default: run } = await import(`./jobs/${name}.mjs`);
    await run(log);
  });
}
""",
        "app/src/migrate.mjs": """import { Umzug } from 'umzug';
import { database } from './database.mjs';

export async function migrate(log) {
  const umzug = new Umzug({
    migrations: { glob: ['migrations/*.mjs', { cwd: import.meta.dirname }] },
    context: database, logger: { ...console, debug() {} },
    storage: { async executed() { return []; }, async logMigration() {}, async unlogMigration() {} },
  });
  await umzug.up();
  log.info('migrated');
}
""",
        "app/src/database.mjs": """import { createClient } from '@libsql/client';

export const database = createClient({ url: process.env.DATABASE });
""",
        "app/src/migrations/001.mjs": """export const up = ({ context }) =>
  context.execute('create table if not exists orders (name text)');
export const down = ({ context }) => context.execute('drop table orders');
""",
        "app/src/jobs/orders.mjs": """import { parseString } from 'fast-csv';
import PQueue from 'p-queue';
import { database } from '../database.mjs';

export default async function run(log) {
  const queue = new PQueue({ concurrency: 2 });
  parseString('name\\none\\ntwo\\n', { headers: true }).on('data', (row) =>
    queue.add(() => database.execute({ sql: 'insert into orders values (?)', args: [row.name] })));
  await queue.onIdle();
  log.info('orders');
}
""",
        "app/src/jobs/sheet.mjs": """import { createWriteStream } from 'node:fs';
import archiver from 'archiver';
import Excel from 'exceljs';
import { DateTime } from 'luxon';

export default async function run(log) {
  const book = new Excel.Workbook();
  book.addWorksheet('orders').addRow([DateTime.now().toISO(), 1]);
  await book.xlsx.writeFile('/tmp/orders.xlsx');
  const archive = archiver('zip');
  archive.pipe(createWriteStream('/tmp/orders.zip'));
  archive.file('/tmp/orders.xlsx', { name: 'orders.xlsx' });
  await archive.finalize();
  log.info('sheet');
}
""",
        "app/src/jobs/upload.mjs": """import Client from 'ssh2-sftp-client';

export default async function run() {
  const client = new Client();
  await client.connect({ host: 'files.shop.example' });
}
""",
    },
    prepare=_JOB,
    seconds=20,
)

NODE_JOBS = (VITEST, CHANGESETS, PLOP, SCHEDULED)
