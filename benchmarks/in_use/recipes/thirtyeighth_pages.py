"""The thirty-eighth set's applications of pages of Node.js: what a build leaves is copied from another stage."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.thirtyeighth_sources import written
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")


BOUTIQUE = Recipe(
    name="boutique",
    packages=_TOOLS,
    env=PRODUCTION_NODE
    | {
        "NITRO_PORT": "11304",
        "NITRO_HOST": "127.0.0.1",
        "NUXT_DATABASE": "/tmp/boutique.db",
        "NUXT_SECRET": "one",
    },
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", ".output/server/index.mjs"),
    files=HOSTS | {"usr/local/bin/docker-entrypoint.sh": DOCKER_NODE},
    prepare=(
        *NODE,
        "hash -r",
        *written(
            {
                "package.json": """{
  "name": "boutique", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"build": "nuxt build", "start": "node .output/server/index.mjs"},
  "dependencies": {"nuxt": "~4.1", "vue": "^3", "vue-router": "^4", "pinia": "^3", "@pinia/nuxt": "^0.11",
    "@nuxtjs/i18n": "^10", "@vueuse/core": "^13", "postgres": "^3", "zod": "^3", "marked": "^15",
    "nodemailer": "^7", "stripe": "^18", "sharp": "^0.34", "date-fns": "^4", "xss": "^1",
    "jsonwebtoken": "^9", "consola": "^3", "fuse.js": "^7"},
  "devDependencies": {"typescript": "^5", "vitest": "^3"}
}
""",
                "nuxt.config.ts": """export default defineNuxtConfig({
  compatibilityDate: '2025-05-01',
  telemetry: false,
  modules: ['@pinia/nuxt', '@nuxtjs/i18n'],
  i18n: { defaultLocale: 'en', strategy: 'prefix_except_default', vueI18n: './i18n.config.ts',
    locales: [{ code: 'en', name: 'English' }, { code: 'de', name: 'Deutsch' }] },
  runtimeConfig: { database: '', postgres: '', secret: '', stripe: '', smtp: '' },
  routeRules: { '/about': { swr: 60 } },
  nitro: { storage: { carts: { driver: 'fs', base: '/tmp/carts' } } },
})
""",
                "i18n/i18n.config.ts": """export default defineI18nConfig(() => ({
  legacy: false,
  messages: { en: { welcome: 'Welcome', price: 'Price {amount}' }, de: { welcome: 'Hallo', price: 'Preis {amount}' } },
}))
""",
                "app/app.vue": "<template><NuxtLayout><NuxtPage /></NuxtLayout></template>\n",
                "app/layouts/default.vue": """<script setup lang="ts">
const cart = useCart()
</script>
<template><div><nav>{{ $t('welcome') }} ({{ cart.count }})</nav><slot /></div></template>
""",
                "app/stores/cart.ts": """import { defineStore } from 'pinia'

export const useCart = defineStore('cart', {
  state: () => ({ items: [] as string[] }),
  getters: { count: (state) => state.items.length },
  actions: { add(name: string) { this.items.push(name) } },
})
""",
                "app/pages/index.vue": """<script setup lang="ts">
import Fuse from 'fuse.js'
import { useNow } from '@vueuse/core'

const { data } = await useFetch('/api/products')
const found = computed(() => new Fuse(data.value ?? [], { keys: ['name'] }).search('one'))
const now = useNow()
useHead({ title: 'Boutique' })
</script>
<template><main><h1>{{ $t('welcome') }}</h1><p>{{ now.getFullYear() }}</p>
<ul><li v-for="one in data" :key="one.id">{{ one.name }}</li></ul><p>{{ found.length }}</p></main></template>
""",
                "app/pages/about.vue": "<template><p>About</p></template>\n",
                "app/pages/products/[id].vue": """<script setup lang="ts">
const route = useRoute()
const { data, error } = await useFetch(`/api/products/${route.params.id}`)
if (error.value) throw createError({ statusCode: 404, statusMessage: 'none' })
</script>
<template><article><h1>{{ data?.name }}</h1><div v-html="data?.text" /></article></template>
""",
                "server/utils/shop.ts": """import { DatabaseSync } from 'node:sqlite'

type Row = Record<string, unknown>
export interface Shop { all(words: string, ...given: (string | number)[]): Promise<Row[]> }

let shop: Shop | undefined
export async function useShop(): Promise<Shop> {
  if (shop) return shop
  const { database, postgres: address } = useRuntimeConfig()
  if (address) {
    const { default: postgres } = await import('postgres')
    const sql = postgres(address)
    shop = { all: (words, ...given) => sql.unsafe(words, given) as never }
  } else {
    const file = new DatabaseSync(database)
    file.exec('create table if not exists products (id integer primary key, name text, text text)')
    shop = { all: async (words, ...given) => file.prepare(words).all(...given) as Row[] }
  }
  return shop
}
""",
                "server/api/products/index.get.ts": """export default defineEventHandler(async () => {
  const shop = await useShop()
  const rows = await shop.all('select id, name from products limit 5')
  return rows.map((row) => ({ id: Number(row.id), name: String(row.name) }))
})
""",
                "server/api/products/index.post.ts": """import { z } from 'zod'

const Product = z.object({ name: z.string().min(1), text: z.string().default('') })

export default defineEventHandler(async (event) => {
  const product = await readValidatedBody(event, Product.parse)
  const shop = await useShop()
  await shop.all('insert into products (name, text) values (?, ?)', product.name, product.text)
  setResponseStatus(event, 201)
  return product
})
""",
                "server/api/products/[id].get.ts": """import { marked } from 'marked'
import xss from 'xss'

export default defineEventHandler(async (event) => {
  const shop = await useShop()
  const rows = await shop.all('select name, text from products where id = ?', Number(getRouterParam(event, 'id')))
  if (!rows[0]) throw createError({ statusCode: 404 })
  return { name: String(rows[0].name), text: xss(await marked(String(rows[0].text))) }
})
""",
                "server/api/cart.post.ts": """import { format } from 'date-fns'

export default defineEventHandler(async (event) => {
  const { name } = await readBody(event)
  await useStorage('carts').setItem(String(name), { at: format(new Date(), 'yyyy-MM-dd') })
  return { keys: await useStorage('carts').getKeys() }
})
""",
                "server/api/picture.get.ts": """import sharp from 'sharp'

export default defineEventHandler(async (event) => {
  const picture = sharp({ create: { width: 20, height: 20, channels: 3, background: { r: 9, g: 9, b: 9 } } })
  setHeader(event, 'content-type', 'image/webp')
  return picture.webp().toBuffer()
})
""",
                "server/api/session.get.ts": """import jwt from 'jsonwebtoken'

export default defineEventHandler(() => ({ token: jwt.sign({ sub: 'a' }, useRuntimeConfig().secret) }))
""",
                "server/api/pay.post.ts": """export default defineEventHandler(async (event) => {
  const { stripe, smtp } = useRuntimeConfig()
  if (!stripe) throw createError({ statusCode: 503, statusMessage: 'no payments' })
  const { default: Stripe } = await import('stripe')
  const intent = await new Stripe(stripe).paymentIntents.create({ amount: 100, currency: 'eur' })
  if (smtp) {
    const { createTransport } = await import('nodemailer')
    await createTransport(smtp).sendMail({ to: 'a@shop.example.com', text: intent.id })
  }
  return { id: intent.id }
})
""",
                "server/middleware/log.ts": """import { consola } from 'consola'

export default defineEventHandler((event) => { consola.info(event.method, event.path) })
""",
            },
            "/build",
        ),
        "cd /build && npm install -q --no-audit --no-fund && npm run build && cp -r .output /app/.output && "
        "cd / && rm -rf /build || exit 1",
    ),
    asks=tuple(
        f"http://127.0.0.1:11304/{path}"
        for path in (
            *("", "de", "about", "products/1", "products/900", "api/products", "api/products/1", "api/picture"),
            *("api/session", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:11304/api/products", '{"name": "one", "text": "**bold**"}'),
        ("http://127.0.0.1:11304/api/products", "{}"),
        ("http://127.0.0.1:11304/api/cart", '{"name": "one"}'),
        ("http://127.0.0.1:11304/api/pay", '{"name": "one"}'),
    ),
    seconds=25,
)

PLAYLISTS = Recipe(
    name="playlists",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE
    | {"PORT": "11305", "HOST": "127.0.0.1", "ORIGIN": "http://127.0.0.1:11305", "DATABASE_URL": "file:/tmp/play.db"},
    entrypoint=("tini", "--"),
    cmd=("node", "build"),
    files=HOSTS,
    prepare=(
        *NODE,
        "hash -r",
        *written(
            {
                "package.json": """{
  "name": "playlists", "version": "0.3.0", "private": true, "type": "module",
  "scripts": {"build": "svelte-kit sync && vite build", "start": "node build"},
  "dependencies": {"@libsql/client": "^0.15", "drizzle-orm": "^0.44", "pino": "^9", "@node-rs/argon2": "^2",
    "@oslojs/crypto": "^1", "@oslojs/encoding": "^1", "marked": "^15", "nanoid": "^5", "music-metadata": "^11",
    "nodemailer": "^7", "ioredis": "^5", "@aws-sdk/client-s3": "^3", "feed": "^5", "isbot": "^5"},
  "devDependencies": {"@sveltejs/kit": "^2", "@sveltejs/adapter-node": "^5", "@sveltejs/vite-plugin-svelte": "^5",
    "svelte": "^5", "vite": "^6", "sveltekit-superforms": "^2.27", "zod": "^3", "typescript": "^5",
    "svelte-check": "^4", "bits-ui": "^2", "clsx": "^2", "tailwind-merge": "^3", "vitest": "^3"}
}
""",
                "svelte.config.js": """import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default { preprocess: vitePreprocess(), kit: { adapter: adapter(), csrf: { checkOrigin: false } } };
""",
                "vite.config.ts": """import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

export default defineConfig({ plugins: [sveltekit()] });
""",
                "tsconfig.json": '{"extends": "./.svelte-kit/tsconfig.json", "compilerOptions": {"strict": false}}\n',
                "src/app.html": "<!doctype html>\n<html><head>%sveltekit.head%</head>"
                "<body><div>%sveltekit.body%</div></body></html>\n",
                "src/hooks.server.ts": """import type { Handle, HandleServerError } from '@sveltejs/kit';
import { isbot } from 'isbot';
import { nanoid } from 'nanoid';
import { log } from '$lib/server/log';
import { migrate } from '$lib/server/database';
import { validate } from '$lib/server/session';

const ready = migrate();

export const handle: Handle = async ({ event, resolve }) => {
  await ready;
  event.locals.user = await validate(event.cookies.get('session'));
  event.locals.bot = isbot(event.request.headers.get('user-agent') ?? '');
  const response = await resolve(event);
  log.info({ path: event.url.pathname, status: response.status }, 'request');
  return response;
};

export const handleError: HandleServerError = ({ error }) => {
  const id = nanoid();
  log.error({ id, error: String(error) }, 'failed');
  return { message: 'failed', id };
};
""",
                "src/lib/server/log.ts": "import pino from 'pino';\n\nexport const log = pino({ level: 'info' });\n",
                "src/lib/server/database.ts": """import { env } from '$env/dynamic/private';
import { createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const users = sqliteTable('users', { name: text('name').primaryKey(), hash: text('hash').notNull() });
export const lists = sqliteTable('lists', { id: integer('id').primaryKey(), title: text('title').notNull() });
const client = createClient({ url: env.DATABASE_URL! });
export const database = drizzle(client);

export async function migrate() {
  await client.execute('create table if not exists users (name text primary key, hash text not null)');
  await client.execute('create table if not exists lists (id integer primary key, title text not null)');
}
""",
                "src/lib/server/session.ts": """import { env } from '$env/dynamic/private';
import { sha256 } from '@oslojs/crypto/sha2';
import { encodeBase32LowerCaseNoPadding, encodeHexLowerCase } from '@oslojs/encoding';

const known = new Map<string, string>();
const key = (token: string) => encodeHexLowerCase(sha256(new TextEncoder().encode(token)));

export async function create(name: string) {
  const token = encodeBase32LowerCaseNoPadding(crypto.getRandomValues(new Uint8Array(20)));
  if (env.REDIS_URL) {
    const { Redis } = await import('ioredis');
    await new Redis(env.REDIS_URL).set(key(token), name);
  } else known.set(key(token), name);
  return token;
}
export const validate = async (token?: string) => (token ? known.get(key(token)) ?? null : null);
""",
                "src/lib/server/covers.ts": """import { env } from '$env/dynamic/private';

export async function keep(name: string, body: Uint8Array) {
  if (!env.BUCKET) return;
  const { S3Client, PutObjectCommand } = await import('@aws-sdk/client-s3');
  await new S3Client({}).send(new PutObjectCommand({ Bucket: env.BUCKET, Key: name, Body: body }));
}
""",
                "src/lib/schema.ts": """import { z } from 'zod';

export const login = z.object({ name: z.string().min(1), password: z.string().min(3) });
export const list = z.object({ title: z.string().min(1) });
""",
                "src/lib/classes.ts": """import { clsx, type ClassValue } from 'clsx';
import { twMerge } from 'tailwind-merge';

export const classes = (...given: ClassValue[]) => twMerge(clsx(given));
""",
                "src/routes/+layout.svelte": """<script lang="ts">
  let { children } = $props();
</script>
<nav><a href="/">Playlists</a></nav>
{@render children()}
""",
                "src/routes/+page.server.ts": """import { fail } from '@sveltejs/kit';
import { superValidate } from 'sveltekit-superforms';
import { zod } from 'sveltekit-superforms/adapters';
import { list } from '$lib/schema';
import { database, lists } from '$lib/server/database';

export const load = async () => ({
  form: await superValidate(zod(list)),
  lists: await database.select().from(lists).limit(5),
});
export const actions = {
  default: async ({ request }) => {
    const form = await superValidate(request, zod(list));
    if (!form.valid) return fail(400, { form });
    await database.insert(lists).values({ title: form.data.title });
    return { form };
  },
};
""",
                "src/routes/+page.svelte": """<script lang="ts">
  import { Button } from 'bits-ui';
  import { superForm } from 'sveltekit-superforms';
  import { classes } from '$lib/classes';
  let { data } = $props();
  const { form, enhance } = superForm(data.form);
</script>
<form method="post" use:enhance><input name="title" bind:value={$form.title} /><Button.Root>Add</Button.Root></form>
<ul class={classes('p-1', 'p-2')}>{#each data.lists as one}<li>{one.title}</li>{/each}</ul>
""",
                "src/routes/login/+page.server.ts": """import { fail, redirect } from '@sveltejs/kit';
import { hash, verify } from '@node-rs/argon2';
import { eq } from 'drizzle-orm';
import { superValidate } from 'sveltekit-superforms';
import { zod } from 'sveltekit-superforms/adapters';
import { login } from '$lib/schema';
import { database, users } from '$lib/server/database';
import { create } from '$lib/server/session';

export const load = async () => ({ form: await superValidate(zod(login)) });
export const actions = {
  default: async ({ request, cookies }) => {
    const form = await superValidate(request, zod(login));
    if (!form.valid) return fail(400, { form });
    const { name, password } = form.data;
    const [user] = await database.select().from(users).where(eq(users.name, name));
    if (!user) await database.insert(users).values({ name, hash: await hash(password) });
    else if (!(await verify(user.hash, password))) return fail(401, { form });
    cookies.set('session', await create(name), { path: '/' });
    redirect(303, '/');
  },
};
""",
                "src/routes/login/+page.svelte": """<script lang="ts">
  let { data } = $props();
</script>
<form method="post"><input name="name" value={data.form.data.name} /><input name="password" type="password" /></form>
""",
                "src/routes/about/+page.server.ts": """import { marked } from 'marked';

export const load = async () => ({ text: await marked('# About **us**') });
""",
                "src/routes/about/+page.svelte": """<script lang="ts">
  let { data } = $props();
</script>
{@html data.text}
""",
                "src/routes/api/lists/+server.ts": """import { json } from '@sveltejs/kit';
import { database, lists } from '$lib/server/database';

export const GET = async () => json(await database.select().from(lists).limit(5));
""",
                "src/routes/api/tracks/+server.ts": """import { json } from '@sveltejs/kit';
import { keep } from '$lib/server/covers';

export const POST = async ({ request }) => {
  const { parseBuffer } = await import('music-metadata');
  const body = new Uint8Array(await request.arrayBuffer());
  const data = await parseBuffer(body, { mimeType: 'audio/mpeg' }).catch(() => ({ format: {} }));
  await keep('one', body);
  return json({ format: data.format }, { status: 201 });
};
""",
                "src/routes/feed.xml/+server.ts": """import { Feed } from 'feed';

export const GET = async () => {
  const feed = new Feed({ title: 'Playlists', id: 'one', copyright: 'none' });
  feed.addItem({ title: 'one', link: 'https://shop.example.com', date: new Date() });
  return new Response(feed.rss2(), { headers: { 'content-type': 'application/xml' } });
};
""",
                "src/routes/fail/+server.ts": "export const GET = async () => { throw new Error('on purpose'); };\n",
                "src/routes/remind/+server.ts": """import { json } from '@sveltejs/kit';
import { env } from '$env/dynamic/private';

export const POST = async () => {
  if (!env.SMTP_URL) return json({ sent: false });
  const { createTransport } = await import('nodemailer');
  await createTransport(env.SMTP_URL).sendMail({ to: 'a@shop.example.com', text: 'one' });
  return json({ sent: true });
};
""",
            },
            "/build",
        ),
        f"cd /build && {NPM_CI} --include=dev && DATABASE_URL=file:/tmp/none npm run build && "
        "npm prune -q --omit=dev && cp -r build node_modules package.json /app && cd / && rm -rf /build /tmp/none* "
        "|| exit 1",
    ),
    asks=tuple(
        f"http://127.0.0.1:11305/{path}" for path in ("", "login", "about", "api/lists", "feed.xml", "fail", "no")
    ),
    sends=(
        ("http://127.0.0.1:11305/", "title=one"),
        ("http://127.0.0.1:11305/", "none=1"),
        ("http://127.0.0.1:11305/login", "name=a&password=one-two"),
        ("http://127.0.0.1:11305/login", "name=&password="),
        ("http://127.0.0.1:11305/api/tracks", '{"no": "music"}'),
        ("http://127.0.0.1:11305/remind", "{}"),
    ),
    seconds=25,
)

NODE_PAGES = (BOUTIQUE, PLAYLISTS)
