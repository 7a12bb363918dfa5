// Runs `app.js` of a folder, and writes to a file, as JSON, which names packages are asked for by what is outside of them.
"use strict";

const fs = require("fs");
const Module = require("module");
const path = require("path");

const folder = path.resolve(process.argv[2]);
const taken = new Map();
const offered = new Map();
const load = Module._load;
// What every object, list or function has, and is no export.
const NOT_ASKED = new Set(["__esModule", "then", "prototype", "constructor", "toJSON", "inspect", "length", "name"]);

function packageOf(file) {
  const found = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(file || "");
  return found && { root: found[1], name: found[2] };
}

function callerIsInside(root) {
  const frames = new Error().stack.split("\n").slice(3);
  const first = frames.find((line) => !line.includes(__filename) && !line.includes("<anonymous>"));
  return Boolean(first) && first.includes(`${root}/`);
}

function note(owner, name) {
  const key = `${owner.root}\n${owner.name}\n${name}`;
  if (!taken.has(key) && !callerIsInside(owner.root)) taken.set(key, true);
}

function watched(exports, owner, part) {
  if (exports === null || !["object", "function"].includes(typeof exports)) return exports;
  const named = part ? path.basename(part).split(".")[0] : "";
  return new Proxy(exports, {
    get(target, name) {
      if (typeof name === "string" && !NOT_ASKED.has(name)) note(owner, named || name);
      return Reflect.get(target, name);
    },
    apply(target, self, values) {
      note(owner, named || "()");
      return Reflect.apply(target, self, values);
    },
    construct(target, values, made) {
      note(owner, named || "()");
      return Reflect.construct(target, values, made);
    },
  });
}

const known = new WeakMap();
Module._load = function (request, parent, ...rest) {
  const exports = load.call(this, request, parent, ...rest);
  if (request.startsWith(".") || path.isAbsolute(request) || Module.isBuiltin(request)) return exports;
  const owner = packageOf(Module._resolveFilename(request, parent));
  const from = packageOf(parent && parent.filename);
  if (!owner || (from && from.root === owner.root) || Object(exports) !== exports) return exports;
  const part = request.slice(owner.name.length + 1);
  const proxies = known.get(exports) || new Map();
  known.set(exports, proxies);
  if (!part) for (const name of Object.keys(exports)) offered.set(`${owner.root}\n${owner.name}\n${name}`, true);
  if (!proxies.has(part)) proxies.set(part, watched(exports, owner, part));
  return proxies.get(part);
};

process.chdir(folder);
process.on("exit", () => {
  const split = (key) => key.split("\n");
  const rows = (known) => [...known.keys()].map(split).map(([root, ...names]) => [path.relative(folder, root), ...names]);
  fs.writeFileSync(process.argv[3], JSON.stringify({ taken: rows(taken), offered: rows(offered) }));
});
require(path.join(folder, "app.js"));
