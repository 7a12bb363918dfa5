"""The seventeenth set's pages that Node.js serves, each beside what built them."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL, NODE
from benchmarks.in_use.recipes.seventeenth_node import PRODUCTION
from benchmarks.in_use.recipes.twelfth import HOSTS

_INSTALL = "cd /app && npm install -q --include=dev --no-audit --no-fund"

SVELTEKIT = Recipe(
    name="sveltekit",
    packages=(*FULL, "tini"),
    env=PRODUCTION | {"PORT": "9907", "HOST": "127.0.0.1", "ORIGIN": "http://127.0.0.1:9907"},
    entrypoint=("/usr/bin/tini", "--"),
    cmd=("node", "build"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "posts", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"dev": "vite dev", "build": "vite build", "preview": "vite preview",
              "check": "svelte-kit sync && svelte-check", "test": "vitest", "lint": "prettier --check . && eslint ."},
  "dependencies": {"marked": "^15", "bcryptjs": "^3", "jose": "^6", "pino": "^9", "sanitize-html": "^2"},
  "devDependencies": {"@sveltejs/adapter-node": "^5", "@sveltejs/kit": "^2", "@sveltejs/vite-plugin-svelte": "^6",
    "@tailwindcss/vite": "^4", "@testing-library/svelte": "^5", "eslint": "^9", "eslint-plugin-svelte": "^3",
    "jsdom": "^26", "mdsvex": "^0.12", "prettier": "^3", "prettier-plugin-svelte": "^3", "svelte": "^5",
    "svelte-check": "^4", "sveltekit-superforms": "^2", "tailwindcss": "^4", "typescript": "^5", "vite": "^7",
    "vitest": "^3", "zod": "^4"}
}
""",
        "app/svelte.config.js": """import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default { preprocess: vitePreprocess(), kit: { adapter: adapter() } };
""",
        "app/vite.config.ts": """import tailwindcss from '@tailwindcss/vite';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

export default defineConfig({ plugins: [tailwindcss(), sveltekit()] });
""",
        "app/tsconfig.json": '{"extends": "./.svelte-kit/tsconfig.json"}\n',
        "app/src/app.html": "<!doctype html><html lang='en'><head>%sveltekit.head%</head>"
        "<body>%sveltekit.body%</body></html>\n",
        "app/src/app.css": '@import "tailwindcss";\n',
        "app/src/hooks.server.ts": """import pino from 'pino';

const logger = pino();

export const handle = async ({ event, resolve }: any) => {
  logger.info(event.url.pathname);
  return resolve(event);
};
""",
        "app/src/routes/+layout.svelte": "<script>import '../app.css'; let { children } = $props();</script>\n"
        "{@render children()}\n",
        "app/src/routes/+page.server.ts": """import { marked } from 'marked';
import sanitize from 'sanitize-html';

export const load = async () => ({ text: sanitize(await marked('# posts')) });
""",
        "app/src/routes/+page.svelte": "<script>let { data } = $props();</script>\n"
        "<p class='p-2'>{@html data.text}</p>\n",
        "app/src/routes/sign/+page.server.ts": """import { fail, redirect } from '@sveltejs/kit';
import { superValidate } from 'sveltekit-superforms';
import { zod4 } from 'sveltekit-superforms/adapters';
import { z } from 'zod';

const schema = z.object({ name: z.string().min(1) });

export const load = async () => ({ form: await superValidate(zod4(schema)) });
export const actions = {
  default: async ({ request, cookies }: any) => {
    const form = await superValidate(request, zod4(schema));
    if (!form.valid) return fail(400, { form });
    const { hash } = await import('bcryptjs');
    const { SignJWT } = await import('jose');
    const token = new SignJWT({ word: await hash('one', 4) }).setProtectedHeader({ alg: 'HS256' });
    cookies.set('token', await token.sign(new TextEncoder().encode('k'.repeat(32))), { path: '/' });
    redirect(303, '/');
  },
};
""",
        "app/src/routes/sign/+page.svelte": "<form method='post'><input name='name' /></form>\n",
        "app/src/routes/api/+server.ts": """import { error, json } from '@sveltejs/kit';

export const GET = () => json({ one: 1 });
export const POST = async () => error(418, 'teapot');
""",
    },
    prepare=(*NODE, "hash -r", f"{_INSTALL} && npm run build"),
    asks=tuple(f"http://127.0.0.1:9907/{path}" for path in ("", "sign", "api", "no", "_app/version.json")),
    sends=(
        ("http://127.0.0.1:9907/sign", "name=one"),
        ("http://127.0.0.1:9907/sign", "name="),
        ("http://127.0.0.1:9907/api", "{}"),
    ),
    seconds=20,
)

ANGULAR = Recipe(
    name="angular",
    packages=("ca-certificates",),
    env=PRODUCTION | {"PORT": "9908", "NG_CLI_ANALYTICS": "false"},
    cmd=("node", "dist/shop/server/server.mjs"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "shop", "version": "1.0.0", "private": true,
  "scripts": {"ng": "ng", "start": "ng serve", "build": "ng build", "test": "ng test",
              "serve:ssr:shop": "node dist/shop/server/server.mjs"},
  "dependencies": {"@angular/common": "^20", "@angular/compiler": "^20", "@angular/core": "^20",
    "@angular/forms": "^20", "@angular/platform-browser": "^20", "@angular/platform-server": "^20",
    "@angular/router": "^20", "@angular/ssr": "^20", "compression": "^1", "express": "^5", "helmet": "^8",
    "rxjs": "^7", "tslib": "^2", "zone.js": "~0.15.0"},
  "devDependencies": {"@angular/build": "^20", "@angular/cli": "^20", "@angular/compiler-cli": "^20",
    "@types/compression": "^1", "@types/express": "^5", "@types/jasmine": "^5", "@types/node": "^22", "jasmine-core":
    "^5", "karma": "^6", "karma-chrome-launcher": "^3", "karma-coverage": "^2", "karma-jasmine": "^5",
    "karma-jasmine-html-reporter": "^2", "typescript": "~5.9"}
}
""",
        "app/angular.json": """{
  "version": 1, "newProjectRoot": "projects", "cli": {"analytics": false},
  "projects": {"shop": {"projectType": "application", "root": "", "sourceRoot": "src", "prefix": "app", "architect": {
    "build": {"builder": "@angular/build:application", "options": {"browser": "src/main.ts",
      "tsConfig": "tsconfig.json", "polyfills": ["zone.js"], "assets": [], "styles": ["src/styles.css"],
      "server": "src/main.server.ts", "outputMode": "server", "ssr": {"entry": "src/server.ts"}}}}}}
}
""",
        "app/tsconfig.json": '{"compilerOptions": {"target": "ES2022", "module": "preserve", "strict": false, '
        '"skipLibCheck": true, "experimentalDecorators": true, "types": ["node"]}, "include": ["src/**/*.ts"]}\n',
        "app/src/styles.css": "h1 { color: green }\n",
        "app/src/index.html": "<!doctype html><html><head><base href='/'></head><body><app-root></app-root></body>"
        "</html>\n",
        "app/src/main.ts": """import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app';
import { config } from './config';

bootstrapApplication(App, config).catch((error) => console.error(error));
""",
        "app/src/main.server.ts": """import { mergeApplicationConfig } from '@angular/core';
import { bootstrapApplication, BootstrapContext } from '@angular/platform-browser';
import { provideServerRendering, RenderMode, withRoutes } from '@angular/ssr';
import { App } from './app';
import { config } from './config';

const server = mergeApplicationConfig(config, {
  providers: [provideServerRendering(withRoutes([{ path: '**', renderMode: RenderMode.Server }]))],
});
export default (context: BootstrapContext) => bootstrapApplication(App, server, context);
""",
        "app/src/config.ts": """import { provideHttpClient, withFetch } from '@angular/common/http';
import { ApplicationConfig } from '@angular/core';
import { provideClientHydration } from '@angular/platform-browser';
import { provideRouter } from '@angular/router';

export const config: ApplicationConfig = {
  providers: [
    provideRouter([
      { path: '', loadComponent: () => import('./home').then((one) => one.Home) },
      { path: 'sign', loadComponent: () => import('./sign').then((one) => one.Sign) },
    ]),
    provideClientHydration(),
    provideHttpClient(withFetch()),
  ],
};
""",
        "app/src/app.ts": """import { Component } from '@angular/core';
import { RouterOutlet } from '@angular/router';

@Component({ selector: 'app-root', imports: [RouterOutlet], template: '<h1>shop</h1><router-outlet />' })
export class App {}
""",
        "app/src/home.ts": """import { AsyncPipe, DatePipe } from '@angular/common';
import { Component } from '@angular/core';
import { of } from 'rxjs';

@Component({ selector: 'app-home', imports: [AsyncPipe, DatePipe], template: '{{ at | async | date }}' })
export class Home {
  at = of(new Date(0));
}
""",
        "app/src/sign.ts": """import { Component } from '@angular/core';
import { FormControl, ReactiveFormsModule, Validators } from '@angular/forms';

@Component({ selector: 'app-sign', imports: [ReactiveFormsModule], template: '<input [formControl]="name" />' })
export class Sign {
  name = new FormControl('', Validators.required);
}
""",
        "app/src/server.ts": """import { join } from 'node:path';
import { AngularNodeAppEngine, createNodeRequestHandler, isMainModule, writeResponseToNodeResponse }
  from '@angular/ssr/node';
import compression from 'compression';
import express from 'express';

const app = express();
const engine = new AngularNodeAppEngine({ allowedHosts: ['127.0.0.1'] });
app.use(compression());
app.get('/api', (req, res) => { res.json({ one: 1 }); });
app.use(express.static(join(import.meta.dirname, '../browser'), { maxAge: '1y', index: false, redirect: false }));
app.use((req, res, next) => {
  engine.handle(req)
    .then((response) => (response ? writeResponseToNodeResponse(response, res) : next()))
    .catch(next);
});
if (isMainModule(import.meta.url)) {
  app.listen(Number(process.env['PORT']), '127.0.0.1', () => console.log('listening'));
}
export const reqHandler = createNodeRequestHandler(app);
""",
    },
    prepare=(*NODE, "hash -r", f"{_INSTALL} --legacy-peer-deps && NG_CLI_ANALYTICS=false npm run build"),
    asks=tuple(f"http://127.0.0.1:9908/{path}" for path in ("", "sign", "api", "no", "favicon.ico")),
    sends=(("http://127.0.0.1:9908/api", "{}"),),
    seconds=20,
)

CRA = Recipe(
    name="cra",
    packages=(*FULL, "python3"),
    env=PRODUCTION | {"PORT": "9909"},
    cmd=("node", "server.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "board", "version": "0.1.0", "private": true,
  "dependencies": {"@testing-library/dom": "^10", "@testing-library/jest-dom": "^6", "@testing-library/react": "^16",
    "@testing-library/user-event": "^13", "ajv": "^8", "axios": "^1", "body-parser": "^1", "cookie-session": "^2",
    "express": "^4", "http-proxy-middleware": "^2", "mongoose": "^8", "morgan": "^1", "multer": "^2", "react": "^19",
    "react-dom": "^19", "react-scripts": "5.0.1", "serve-favicon": "^2", "validator": "^13", "web-vitals": "^2"},
  "scripts": {"start": "react-scripts start", "build": "react-scripts build", "test": "react-scripts test",
              "server": "node server.js", "eject": "react-scripts eject"},
  "eslintConfig": {"extends": ["react-app", "react-app/jest"]},
  "browserslist": {"production": [">0.2%", "not dead"], "development": ["last 1 chrome version"]}
}
""",
        "app/public/index.html": "<!DOCTYPE html><html lang='en'><body><div id='root'></div></body></html>\n",
        "app/src/index.js": """import React from 'react';
import ReactDOM from 'react-dom/client';
import axios from 'axios';
import './index.css';

function App() {
  const [cards, setCards] = React.useState([]);
  React.useEffect(() => { axios.get('/api/cards').then((answer) => setCards(answer.data)); }, []);
  return <ul>{cards.map((card) => <li key={card.title}>{card.title}</li>)}</ul>;
}
ReactDOM.createRoot(document.getElementById('root')).render(<App />);
""",
        "app/src/index.css": "ul { margin: 0 }\n",
        "app/server/cards.js": """const express = require('express');
const multer = require('multer');
const validator = require('validator');

const router = express.Router();
const upload = multer({ storage: multer.memoryStorage() });
const cards = [];

router.get('/', (req, res) => res.json(cards));
router.post('/', (req, res) => {
  if (!req.body.title || validator.isEmpty(req.body.title)) return res.status(422).json({ error: 'title' });
  cards.push({ title: validator.escape(req.body.title) });
  return res.status(201).json(cards[cards.length - 1]);
});
router.post('/files', upload.single('file'), (req, res) => res.json({ size: req.file ? req.file.size : 0 }));
module.exports = router;
""",
        "app/server.js": """const path = require('path');
const bodyParser = require('body-parser');
const session = require('cookie-session');
const express = require('express');
const { createProxyMiddleware } = require('http-proxy-middleware');
const morgan = require('morgan');

const app = express();
app.use(morgan('combined'));
app.use(session({ name: 'session', keys: ['one'] }));
app.use(bodyParser.json());
app.use(bodyParser.urlencoded({ extended: false }));
app.use('/old', createProxyMiddleware({ target: 'http://127.0.0.1:1', changeOrigin: true }));
app.use('/api/cards', require('./server/cards'));
app.use(express.static(path.join(__dirname, 'build')));
app.get('*', (req, res) => res.sendFile(path.join(__dirname, 'build', 'index.html')));
if (process.env.MONGO_URL) {
  require('mongoose').connect(process.env.MONGO_URL);
}
app.listen(process.env.PORT || 5000, '127.0.0.1', () => console.log('listening'));
""",
    },
    prepare=(*NODE, "hash -r", f"{_INSTALL} --legacy-peer-deps && CI=false npm run build"),
    asks=tuple(f"http://127.0.0.1:9909/{path}" for path in ("", "api/cards", "old/one", "asset-manifest.json", "no")),
    sends=(
        ("http://127.0.0.1:9909/api/cards", '{"title": "<one>"}'),
        ("http://127.0.0.1:9909/api/cards", "title="),
        ("http://127.0.0.1:9909/api/cards/files", "{}"),
    ),
    seconds=20,
)

NODE_PAGES = (SVELTEKIT, ANGULAR, CRA)
