"""The twenty-third set's tools of Node.js."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, FULL, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS

_INSTALLED = (*NODE, "hash -r", f"cd /app && {NPM_CI} || exit 1")
_GLOBAL = "npm install -q -g --no-audit --no-fund"
_SLIM = ("ca-certificates", "tini", "git")
_CODE = {
    "app/src/index.js": """import { names } from './orders.js';

export const first = () => names()[0] ?? 'none';
console.log(first());
""",
    "app/src/orders.js": "export const names = () => ['one', 'two'].map((name) => name.toUpperCase());\n",
}

GULP = Recipe(
    name="gulp",
    packages=FULL,
    env=PRODUCTION_NODE,
    entrypoint=("docker-entrypoint.sh",),
    cmd=("npx", "gulp", "--continue"),
    files=HOSTS
    | _CODE
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "theme", "version": "1.0.0", "private": true,
  "devDependencies": {"gulp": "^4", "gulp-load-plugins": "^2", "gulp-concat": "^2", "gulp-uglify": "^3",
    "gulp-rename": "^2", "gulp-sass": "^5", "sass": "^1", "gulp-postcss": "^10", "autoprefixer": "^10",
    "postcss": "^8", "gulp-htmlmin": "^5", "gulp-sourcemaps": "^3", "gulp-babel": "^8", "@babel/core": "^7",
    "@babel/preset-env": "^7", "gulp-imagemin": "^7", "gulp-eslint-new": "^2", "browser-sync": "^3", "del": "^6"}
}
""",
        "app/gulpfile.js": """const { dest, parallel, series, src } = require('gulp');
const $ = require('gulp-load-plugins')();
const del = require('del');

const styles = () => src('styles/*.scss')
  .pipe($.sass(require('sass'))().on('error', console.error))
  .pipe($.postcss([require('autoprefixer')]))
  .pipe(dest('/tmp/out/css'));
const scripts = () => src('src/*.js')
  .pipe($.sourcemaps.init())
  .pipe($.babel({ presets: ['@babel/env'] }))
  .pipe($.concat('all.js'))
  .pipe($.uglify())
  .pipe($.rename({ suffix: '.min' }))
  .pipe($.sourcemaps.write('.'))
  .pipe(dest('/tmp/out/js'));
const pages = () => src('pages/*.html').pipe($.htmlmin({ collapseWhitespace: true })).pipe(dest('/tmp/out'));
const serve = (done) => require('browser-sync').create().init({ server: '/tmp/out' }, done);

exports.serve = serve;
exports.default = series(() => del('/tmp/out', { force: true }), parallel(styles, scripts, pages));
""",
        "app/styles/one.scss": "$a: red;\n.one { .two { color: $a; user-select: none; } }\n",
        "app/pages/index.html": "<h1>\n  Shop\n</h1>\n",
    },
    prepare=_INSTALLED,
    seconds=20,
)

GRUNT = Recipe(
    name="grunt",
    packages=_SLIM,
    env=PRODUCTION_NODE,
    entrypoint=("tini", "--", "grunt"),
    cmd=("build", "--no-color"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "legacy", "version": "1.0.0", "private": true,
  "devDependencies": {"grunt": "^1", "load-grunt-tasks": "^5", "time-grunt": "^2", "grunt-contrib-jshint": "^3",
    "grunt-contrib-uglify": "^5", "grunt-contrib-cssmin": "^5", "grunt-contrib-copy": "^1", "grunt-contrib-less": "^3",
    "grunt-contrib-concat": "^2", "grunt-contrib-watch": "^1", "grunt-contrib-htmlmin": "^3", "grunt-newer": "^1",
    "grunt-contrib-clean": "^2", "grunt-contrib-connect": "^5", "jshint-stylish": "^2"}
}
""",
        "app/Gruntfile.js": """module.exports = function (grunt) {
  require('time-grunt')(grunt);
  require('load-grunt-tasks')(grunt);

  grunt.initConfig({
    pkg: grunt.file.readJSON('package.json'),
    clean: { options: { force: true }, out: ['/tmp/out'] },
    jshint: { options: { reporter: require('jshint-stylish'), esversion: 6 }, all: ['src/*.js'] },
    concat: { all: { src: ['src/*.js'], dest: '/tmp/out/all.js' } },
    uglify: { all: { files: { '/tmp/out/all.min.js': ['/tmp/out/all.js'] } } },
    less: { all: { files: { '/tmp/out/all.css': 'styles/all.less' } } },
    cssmin: { all: { files: { '/tmp/out/all.min.css': ['/tmp/out/all.css'] } } },
    watch: { all: { files: ['src/*.js'], tasks: ['newer:jshint'] } },
  });
  grunt.registerTask('build', ['clean', 'jshint', 'concat', 'uglify', 'less', 'cssmin']);
};
""",
        "app/src/one.js": "var one = function () { return 1; };\n",
        "app/styles/all.less": "@a: red;\n.one { color: darken(@a, 10%); }\n",
    },
    prepare=(*_INSTALLED, f"{_GLOBAL} grunt-cli"),
    seconds=15,
)

METALSMITH = Recipe(
    name="metalsmith",
    packages=_SLIM,
    env=PRODUCTION_NODE,
    entrypoint=("tini", "--"),
    cmd=("npm", "run", "--silent", "build"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "pages", "version": "1.0.0", "private": true,
  "scripts": {"build": "metalsmith --config site.json", "start": "serve out"},
  "dependencies": {"metalsmith": "^2", "@metalsmith/markdown": "^1", "@metalsmith/layouts": "^2",
    "jstransformer-handlebars": "^1", "@metalsmith/permalinks": "^2", "@metalsmith/collections": "^1",
    "@metalsmith/sass": "^1", "sass": "^1", "@metalsmith/drafts": "^1", "metalsmith-sitemap": "^1",
    "@metalsmith/in-place": "^4", "jstransformer-nunjucks": "^1", "metalsmith-html-minifier": "^4"}
}
""",
        "app/site.json": """{
  "source": "pages", "destination": "/tmp/out", "clean": true, "metadata": {"title": "Shop"},
  "plugins": [
    {"@metalsmith/drafts": true},
    {"@metalsmith/collections": {"posts": "posts/*.md"}},
    {"@metalsmith/markdown": {}},
    {"@metalsmith/permalinks": {"relative": false}},
    {"@metalsmith/layouts": {"directory": "layouts", "default": "base.hbs", "transform": "handlebars"}},
    {"metalsmith-sitemap": {"hostname": "http://shop.example"}}
  ]
}
""",
        "app/pages/index.md": "---\ntitle: Shop\n---\n# Shop\n",
        "app/pages/posts/one.md": "---\ntitle: One\n---\nOne **two**\n",
        "app/layouts/base.hbs": "<title>{{title}}</title>{{{contents}}}\n",
    },
    prepare=_INSTALLED,
    seconds=15,
)

VITEPRESS = Recipe(
    name="vitepress",
    packages=_SLIM,
    env=PRODUCTION_NODE,
    entrypoint=("tini", "--"),
    cmd=("npm", "run", "docs:dev"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "docs", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"docs:dev": "vitepress dev docs --host 127.0.0.1 --port 10301", "docs:build": "vitepress build docs"},
  "devDependencies": {"vitepress": "^1", "vue": "^3", "markdown-it-footnote": "^4", "markdown-it-mathjax3": "^4",
    "vitepress-plugin-group-icons": "^1", "vitepress-plugin-llms": "^1", "unocss": "^66"}
}
""",
        "app/docs/.vitepress/config.mjs": """import { defineConfig } from 'vitepress';
import footnote from 'markdown-it-footnote';

export default defineConfig({
  title: 'Shop',
  vite: { cacheDir: '/tmp/vite' },
  markdown: { math: false, config: (md) => md.use(footnote) },
  themeConfig: { search: { provider: 'local' }, nav: [{ text: 'One', link: '/one' }] },
});
""",
        "app/docs/index.md": "---\nlayout: home\nhero: {name: Shop}\n---\n",
        "app/docs/one.md": "# One\n\nA[^1] {{ 1 + 1 }}\n\n```js\nlet a = 1;\n```\n\n[^1]: note\n",
    },
    prepare=_INSTALLED,
    asks=tuple(
        f"http://127.0.0.1:10301/{path}"
        for path in ("", "one", "one.md", "index.md", "@vite/client", "@localSearchIndex", "no")
    ),
    seconds=30,
)

HONKIT = Recipe(
    name="honkit",
    packages=FULL,
    env=PRODUCTION_NODE,
    folder="/book",
    entrypoint=("docker-entrypoint.sh",),
    cmd=("npx", "honkit", "serve", "--port", "10302", "--lrport", "10303", "/book", "/tmp/book"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "book/package.json": """{
  "name": "book", "version": "1.0.0", "private": true,
  "dependencies": {"honkit": "^5", "gitbook-plugin-include-codeblock": "^3", "gitbook-plugin-anchors": "^0.7",
    "gitbook-plugin-hints": "^1", "gitbook-plugin-mermaid-gb3": "^2",
    "gitbook-plugin-page-toc-button": "^0.1", "gitbook-plugin-ga": "^2"}
}
""",
        "book/book.json": """{
  "title": "Shop", "plugins": ["anchors", "hints", "include-codeblock", "-sharing", "-lunr", "-search"],
  "pluginsConfig": {"include-codeblock": {"unindent": true}}
}
""",
        "book/README.md": '# Shop\n\n{% hint style="info" %}\none\n{% endhint %}\n\n[import](one.js)\n',
        "book/SUMMARY.md": "# Summary\n\n* [Shop](README.md)\n* [One](one.md)\n",
        "book/one.md": "# One\n\n```js\nlet a = 1;\n```\n",
        "book/one.js": "let b = 2;\n",
    },
    prepare=(*NODE, "hash -r", f"cd /book && {NPM_CI} || exit 1"),
    asks=tuple(f"http://127.0.0.1:10302/{path}" for path in ("", "one.html", "gitbook/style.css", "no")),
    seconds=30,
)

ESLINT = Recipe(
    name="eslint",
    packages=_SLIM,
    env=PRODUCTION_NODE,
    entrypoint=("tini", "--", "npx", "eslint"),
    cmd=("--ext", ".js,.jsx,.ts", "--format", "stylish", "src"),
    files=HOSTS
    | _CODE
    | {
        "app/package.json": """{
  "name": "web", "version": "1.0.0", "private": true, "type": "module",
  "devDependencies": {"eslint": "^8", "eslint-config-airbnb": "^19", "eslint-plugin-import": "^2",
    "eslint-plugin-jsx-a11y": "^6", "eslint-plugin-react": "^7", "eslint-plugin-react-hooks": "^4",
    "eslint-config-prettier": "^9", "eslint-plugin-prettier": "^5", "eslint-plugin-unicorn": "^51",
    "@typescript-eslint/parser": "^7", "@typescript-eslint/eslint-plugin": "^7", "typescript": "^5",
    "eslint-import-resolver-typescript": "^3", "eslint-plugin-jest": "^28",
    "eslint-plugin-vue": "^9", "prettier": "^3"}
}
""",
        "app/.eslintrc.yml": """root: true
env: {es2022: true, node: true}
extends: [airbnb, "plugin:unicorn/recommended", prettier]
plugins: [prettier]
rules: {prettier/prettier: warn, no-console: off}
settings: {import/resolver: {node: {}}}
overrides:
  - files: ["*.ts"]
    parser: "@typescript-eslint/parser"
    extends: ["plugin:@typescript-eslint/recommended"]
""",
        "app/src/page.jsx": "import React from 'react';\n\nexport default () => <a href=\"#\">{1}</a>;\n",
        "app/src/types.ts": "export const a: any = 1;\n",
    },
    prepare=_INSTALLED,
    seconds=25,
)

STYLELINT = Recipe(
    name="stylelint",
    packages=_SLIM,
    env=PRODUCTION_NODE,
    cmd=("npm", "run", "lint"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "styles", "version": "1.0.0", "private": true,
  "scripts": {"lint": "stylelint 'src/**/*.{css,scss}' --formatter verbose; postcss src/*.css --dir /tmp/out"},
  "devDependencies": {"stylelint": "^16", "stylelint-config-standard-scss": "^14", "stylelint-order": "^6",
    "stylelint-config-recess-order": "^5", "stylelint-prettier": "^5", "prettier": "^3", "stylelint-less": "^3",
    "postcss": "^8", "postcss-cli": "^11", "autoprefixer": "^10", "postcss-preset-env": "^10", "cssnano": "^7",
    "postcss-import": "^16", "postcss-nested": "^7", "tailwindcss": "^3"},
  "postcss": {"plugins": {"postcss-import": {}, "postcss-nested": {}, "autoprefixer": {}, "cssnano": {}}}
}
""",
        "app/.stylelintrc.json": """{
  "extends": ["stylelint-config-standard-scss", "stylelint-config-recess-order"],
  "plugins": ["stylelint-order"], "rules": {"order/properties-order": null}
}
""",
        "app/src/one.css": "@import 'two.css';\n.one { .two { user-select: none; color: RED } }\n",
        "app/src/two.css": ".three { color: #ffffff; }\n",
        "app/src/three.scss": "$a: red;\n.one { color: $a; }\n",
    },
    prepare=_INSTALLED,
    seconds=20,
)

BABEL = Recipe(
    name="babel",
    packages=("ca-certificates", "dumb-init"),
    env=PRODUCTION_NODE,
    entrypoint=("dumb-init", "--", "node_modules/.bin/babel"),
    cmd=("src", "--out-dir", "/tmp/out", "--watch", "--verbose"),
    files=HOSTS
    | _CODE
    | {
        "app/package.json": """{
  "name": "lib", "version": "1.0.0", "private": true,
  "devDependencies": {"@babel/cli": "^7", "@babel/core": "^7", "@babel/preset-env": "^7", "@babel/preset-react": "^7",
    "@babel/preset-typescript": "^7", "babel-plugin-lodash": "^3", "babel-plugin-transform-imports": "^2",
    "babel-plugin-istanbul": "^7", "babel-plugin-styled-components": "^2", "babel-preset-minify": "^0.5",
    "babel-plugin-module-resolver": "^5", "core-js": "^3", "browserslist": "^4"},
  "browserslist": ["> 1%", "last 2 versions"]
}
""",
        "app/.babelrc": """{
  "presets": [["@babel/env", {"useBuiltIns": "usage", "corejs": 3}], "@babel/react"],
  "plugins": ["lodash", ["module-resolver", {"alias": {"~": "./src"}}]],
  "env": {"test": {"plugins": ["istanbul"]}, "production": {"presets": ["minify"]}}
}
""",
        "app/src/page.jsx": "export const Page = ({ names }) => <p>{names?.length ?? 0}</p>;\n",
    },
    prepare=_INSTALLED,
    seconds=20,
)

PARCEL = Recipe(
    name="parcel",
    packages=FULL,
    env=PRODUCTION_NODE,
    cmd=("npm", "start"),
    files=HOSTS
    | _CODE
    | {
        "app/package.json": """{
  "name": "front", "version": "1.0.0", "private": true, "source": "pages/index.html",
  "scripts": {"start": "parcel serve --host 127.0.0.1 --port 10304 --dist-dir /tmp/d --cache-dir /tmp/c --no-hmr"},
  "devDependencies": {"parcel": "2.12.0", "@parcel/transformer-sass": "2.12.0", "@parcel/transformer-pug": "2.12.0",
    "@parcel/config-default": "2.12.0", "parcel-resolver-ignore": "^2", "@parcel/transformer-svg-react": "2.12.0",
    "@parcel/transformer-mdx": "2.12.0", "@parcel/packager-xml": "2.12.0"}
}
""",
        "app/.parcelrc": '{"extends": "@parcel/config-default", '
        '"transformers": {"*.pug": ["@parcel/transformer-pug"]}}\n',
        "app/pages/index.html": '<link rel="stylesheet" href="one.scss"><script type="module" src="../src/index.js">'
        "</script>\n",
        "app/pages/one.scss": "$a: red;\np { color: $a; }\n",
    },
    prepare=_INSTALLED,
    asks=tuple(f"http://127.0.0.1:10304/{path}" for path in ("", "index.html", "no.js")),
    seconds=40,
)

RELEASE = Recipe(
    name="semantic-release",
    packages=FULL,
    env=PRODUCTION_NODE | {"CI": "true", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@shop.example"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("semantic-release", "--no-ci", "--dry-run"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": '{"name": "lib", "version": "0.0.0", "private": true}\n',
        "app/.releaserc.yml": """repositoryUrl: file:///srv/lib.git
branches: [main]
plugins:
  - ["@semantic-release/commit-analyzer", {preset: conventionalcommits}]
  - ["@semantic-release/release-notes-generator", {preset: conventionalcommits}]
  - ["@semantic-release/changelog", {changelogFile: CHANGELOG.md}]
  - ["@semantic-release/exec", {verifyReleaseCmd: "echo ${nextRelease.version}"}]
""",
    },
    prepare=(
        *NODE,
        "hash -r",
        f"{_GLOBAL} semantic-release@24 @semantic-release/changelog @semantic-release/exec @semantic-release/git "
        "@semantic-release/gitlab conventional-changelog-conventionalcommits@8",
        "git config --global user.name a && git config --global user.email a@shop.example",
        "git config --system safe.directory '*' && git init -q --bare -b main /srv/lib.git && cd /app && "
        "git init -q -b main && git add package.json && git commit -qm 'feat: one' && git remote add origin "
        "/srv/lib.git && git tag v1.0.0 && echo a > a.txt && git add a.txt && git commit -qm 'fix: two' && "
        "git push -q --tags origin main || exit 1",
    ),
    seconds=30,
)

TEXTLINT = Recipe(
    name="textlint",
    packages=("ca-certificates",),
    env=PRODUCTION_NODE,
    entrypoint=("/usr/local/bin/check",),
    cmd=("texts",),
    files=HOSTS
    | {
        "usr/local/bin/check": """#!/bin/sh
# checks every text, and leaves a report
set -u
status=0
npx textlint --format compact "$@" || status=$?
npx textlint --format junit --output-file /tmp/textlint.xml "$@" || true
npx remark --frail --quiet "$@" || status=$?
exit "$status"
""",
        "app/package.json": """{
  "name": "texts", "version": "1.0.0", "private": true,
  "devDependencies": {"textlint": "^14", "textlint-rule-no-todo": "^2", "textlint-rule-terminology": "^5",
    "textlint-rule-write-good": "^2", "textlint-rule-alex": "^5", "textlint-filter-rule-comments": "^1",
    "textlint-plugin-html": "^1", "textlint-rule-no-dead-link": "^5", "remark-cli": "^12", "remark-frontmatter": "^5",
    "remark-preset-lint-recommended": "^7", "remark-gfm": "^4", "remark-lint-maximum-line-length": "^4"}
}
""",
        "app/.textlintrc.json": """{
  "plugins": {"html": true}, "filters": {"comments": true},
  "rules": {"no-todo": true, "terminology": true, "write-good": {"severity": "warning"}}
}
""",
        "app/.remarkrc.yml": "plugins:\n  - frontmatter\n  - remark-gfm\n  - preset-lint-recommended\n"
        "  - [lint-maximum-line-length, 80]\n",
        "app/texts/one.md": "---\na: 1\n---\n# One\n\nTODO: so this is very good Javascript.\n\n* a\n",
        "app/texts/two.html": "<p>This was done by a.</p>\n",
    },
    prepare=_INSTALLED,
    seconds=25,
)

JEST = Recipe(
    name="jest-runner",
    packages=FULL,
    env=PRODUCTION_NODE | {"NODE_ENV": "test", "CI": "true"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("npm", "test", "--", "--ci", "--runInBand"),
    files=HOSTS
    | _CODE
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "web", "version": "1.0.0", "private": true,
  "scripts": {"test": "jest"},
  "devDependencies": {"jest": "^29", "jest-environment-jsdom": "^29", "jest-junit": "^16", "babel-jest": "^29",
    "@babel/core": "^7", "@babel/preset-env": "^7", "jest-watch-typeahead": "^2", "identity-obj-proxy": "^3",
    "jest-serializer-html": "^7", "jest-extended": "^4", "ts-jest": "^29", "typescript": "^5", "nock": "^13",
    "@testing-library/dom": "^10", "jest-image-snapshot": "^6"},
  "babel": {"presets": [["@babel/env", {"targets": {"node": "current"}}]]},
  "jest": {
    "testEnvironment": "jsdom", "setupFilesAfterEnv": ["jest-extended/all"], "reporters": ["default", "jest-junit"],
    "moduleNameMapper": {"\\\\.css$": "identity-obj-proxy"}, "snapshotSerializers": ["jest-serializer-html"],
    "watchPlugins": ["jest-watch-typeahead/filename"], "cacheDirectory": "/tmp/jest", "coverageDirectory": "/tmp/cov",
    "collectCoverage": true
  }
}
""",
        "app/tests/orders.test.js": """import { names } from '../src/orders';
import styles from '../src/one.css';

test('names', () => {
  expect(names()).toBeArrayOfSize(2);
  expect(styles.red).toBe('red');
  document.body.innerHTML = '<p>one</p>';
  expect(document.body.innerHTML).toContain('one');
});
test('fails', () => expect(names()).toEqual([]));
""",
    },
    prepare=_INSTALLED,
    seconds=30,
)

CUCUMBER = Recipe(
    name="cucumber",
    packages=_SLIM,
    env=PRODUCTION_NODE,
    entrypoint=("tini", "--", "npx", "cucumber-js"),
    cmd=("--profile", "ci"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "features", "version": "1.0.0", "private": true,
  "devDependencies": {"@cucumber/cucumber": "^10", "@cucumber/pretty-formatter": "^1", "ts-node": "^10",
    "typescript": "^5", "chai": "^4", "supertest": "^7", "express": "^4", "cucumber-html-reporter": "^7",
    "multiple-cucumber-html-reporter": "^3", "@faker-js/faker": "^9"}
}
""",
        "app/tsconfig.json": '{"compilerOptions": {"module": "commonjs", "target": "es2022", "noImplicitAny": false, '
        '"esModuleInterop": true, "skipLibCheck": true}, "ts-node": {"transpileOnly": true}}\n',
        "app/cucumber.json": """{
  "ci": {
    "requireModule": ["ts-node/register"], "require": ["steps/**/*.ts"], "paths": ["features/**/*.feature"],
    "format": ["@cucumber/pretty-formatter", "json:/tmp/report.json", "html:/tmp/report.html"], "retry": 1
  }
}
""",
        "app/features/orders.feature": """Feature: orders
  Scenario: one
    Given a shop
    When "one" is ordered
    Then there is 1 order
  Scenario: none
    Given a shop
    Then there is 1 order
""",
        "app/steps/orders.ts": """import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';

let orders: string[];
Given('a shop', () => { orders = []; });
When('{string} is ordered', (name: string) => { orders.push(name); });
Then('there is {int} order', (count: number) => { expect(orders).to.have.length(count); });
""",
    },
    prepare=_INSTALLED,
    seconds=20,
)

ROLLUP = Recipe(
    name="rollup",
    packages=("ca-certificates", "procps"),
    env=PRODUCTION_NODE,
    entrypoint=("npx", "rollup"),
    cmd=(
        *("--input", "src/index.js", "--file", "/tmp/out/bundle.js", "--format", "umd", "--name", "shop", "--watch"),
        *("--plugin", "node-resolve", "--plugin", "commonjs", "--plugin", "json", "--plugin", "terser={mangle: true}"),
    ),
    files=HOSTS
    | _CODE
    | {
        "app/package.json": """{
  "name": "widget", "version": "1.0.0", "private": true,
  "devDependencies": {"rollup": "^4", "@rollup/plugin-node-resolve": "^16", "@rollup/plugin-commonjs": "^28",
    "@rollup/plugin-json": "^6", "@rollup/plugin-terser": "^0.4", "@rollup/plugin-babel": "^6", "@babel/core": "^7",
    "rollup-plugin-visualizer": "^5", "rollup-plugin-postcss": "^4", "@rollup/plugin-typescript": "^12",
    "typescript": "^5", "tslib": "^2"}
}
""",
    },
    prepare=_INSTALLED,
    seconds=20,
)

TYPEDOC = Recipe(
    name="typedoc",
    packages=_SLIM,
    env=PRODUCTION_NODE,
    entrypoint=("tini", "--"),
    cmd=("node_modules/.bin/typedoc", "--options", "typedoc.json"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "client", "version": "1.0.0", "private": true,
  "devDependencies": {"typedoc": "^0.27", "typedoc-plugin-markdown": "~4.4", "typedoc-material-theme": "^1",
    "typedoc-plugin-mdn-links": "^4", "typedoc-plugin-missing-exports": "^3", "typescript": "^5", "tsup": "^8",
    "@microsoft/api-extractor": "^7", "documentation": "^14"}
}
""",
        "app/typedoc.json": '{"entryPoints": ["src/index.ts"], "out": "/tmp/docs", "plugin": '
        '["typedoc-plugin-markdown", "typedoc-plugin-mdn-links"]}\n',
        "app/tsconfig.json": '{"compilerOptions": {"module": "nodenext", "strict": true}, "include": ["src"]}\n',
        "app/src/index.ts": "/** An order, by {@link Promise}. */\nexport interface Order { name: string }\n",
    },
    prepare=_INSTALLED,
    seconds=20,
)

BUILDERS = (GULP, GRUNT, METALSMITH, VITEPRESS, HONKIT, BABEL, PARCEL, ROLLUP, TYPEDOC)
CHECKERS = (ESLINT, STYLELINT, RELEASE, TEXTLINT, JEST, CUCUMBER)
NODE_TOOLS = (*BUILDERS, *CHECKERS)
