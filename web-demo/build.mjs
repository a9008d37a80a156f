// Makes build/web-demo: the page as a folder that any web server can serve (with headers.mjs).
//   usage: node web-demo/build.mjs          needs dist/, which `npm run build` makes
//
//   index.html, style.css ...   as they stand here
//   app/, workers/              compiled from the TypeScript here
//   andon/                      the package, as published, and in packages/ what it depends on; without a
//                               bundler a browser cannot look up names of package.json, so these become paths
//   examples/                   the models and experts one click away, and the assistant
//   sw.js                       the service worker, told the name of every file above: what it keeps at once, and
//                               what at its first use, the assistant and the builds for language models

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const source = fileURLToPath(new URL(".", import.meta.url));
const root = join(source, "..");
const site = join(root, "build/web-demo");

async function lay(from, to, wanted) {
  await cp(from, to, { recursive: true, filter: (path) => wanted(relative(from, path)) });
}

const bareName = / from "([#@a-z][^"]*)"/g;

async function packageScripts() {
  const scripts = (await filesOfSite()).filter((file) => /^andon\/.*\.js$/.test(file));
  return Promise.all(
    scripts.map(async (file) => ({ file, text: await readFile(join(site, file), "utf8") })),
  );
}

/** Modules of other packages, in whatever form they are published, as modules that a browser loads. */
async function layDependencies(names) {
  const entries = names.map((name) => [name, fileURLToPath(import.meta.resolve(name))]);
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    build: {
      outDir: join(site, "andon/packages"),
      emptyOutDir: false,
      minify: false,
      target: "es2023",
      modulePreload: false,
      rollupOptions: {
        input: Object.fromEntries(entries),
        preserveEntrySignatures: "strict",
        output: {
          entryFileNames: ({ name }) => placeOfDependency(name),
          chunkFileNames: "shared/[name].js",
        },
      },
    },
  });
}

const placeOfDependency = (name) => `${name.replace(/\.js$/, "")}.js`;

/** Where in the site the names lie that are imported: the package's own, and those of other packages. */
async function placesOfNames(scripts) {
  const { imports, dependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const isOfDependency = (name) =>
    Object.keys(dependencies).some((other) => name === other || name.startsWith(`${other}/`));
  const used = scripts.flatMap(({ text }) => [...text.matchAll(bareName)].map(([, name]) => name));
  const others = [...new Set(used)].filter(isOfDependency);
  await layDependencies(others);
  return new Map([
    ...Object.entries(imports).map(([name, { default: path }]) => [
      name,
      join("andon", relative("dist", path)),
    ]),
    ...others.map((name) => [name, join("andon/packages", placeOfDependency(name))]),
  ]);
}

async function resolvePackageImports() {
  const scripts = await packageScripts();
  const places = await placesOfNames(scripts);
  for (const { file, text } of scripts) {
    const resolved = text.replace(bareName, (whole, name) => {
      const place = places.get(name);
      if (place === undefined) return whole; // of Node.js, in what a browser never loads
      const path = relative(dirname(file), place);
      return ` from "${path.startsWith(".") ? path : `./${path}`}"`;
    });
    if (resolved !== text) await writeFile(join(site, file), resolved);
  }
}

function compile() {
  for (const project of ["web-demo", "web-demo/workers"]) {
    const { status } = spawnSync("npx", ["--no-install", "tsc", "-p", project], {
      cwd: root,
      stdio: "inherit",
    });
    if (status !== 0) process.exit(1);
  }
}

async function filesOfSite() {
  const entries = await readdir(site, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(site, join(entry.parentPath, entry.name)))
    .sort();
}

/** Kept when it is first used. */
const isForLater = (file) => /^(andon\/wasm\/andon-text|examples\/assistant\/)/.test(file);

async function writeServiceWorker() {
  const compiled = join(site, "workers/service-worker.js");
  const text = await readFile(compiled, "utf8");
  await rm(compiled);
  const files = await filesOfSite();
  const digest = (content) => createHash("sha256").update(content);
  const hash = digest(text);
  const kept = { files: [], later: {} };
  for (const file of files) {
    const content = await readFile(join(site, file));
    hash.update(file).update(content);
    if (isForLater(file)) kept.later[file] = `sha256-${digest(content).digest("base64")}`;
    else kept.files.push(file === "index.html" ? "./" : file);
  }
  const version = hash.digest("hex").slice(0, 16);
  const list = JSON.stringify({ version, ...kept }, undefined, 1);
  await writeFile(join(site, "sw.js"), `const PRECACHE = ${list};\n${text}`);
}

await rm(site, { recursive: true, force: true });
await mkdir(site, { recursive: true });
await lay(
  join(root, "dist"),
  join(site, "andon"),
  (path) => !/^cli(\/|$)|\.map$|\.d\.m?ts$/.test(path),
);
await lay(join(root, "examples"), join(site, "examples"), (path) =>
  /^$|\.(aprender|expert|crl)$|^example-root\.pub\.pem$/.test(path),
);
const assistant = join(root, "examples/assistant");
await lay(assistant, join(site, "examples/assistant"), (path) =>
  /^$|\.(gguf|expert|crl|pem)$/.test(path),
);
await cp(join(assistant, "SHA256SUMS"), join(site, "examples/assistant/base.sha256"));
await lay(source, site, (path) => /^$|\.(html|css|svg|webmanifest)$/.test(path));
await resolvePackageImports();
compile();
await writeServiceWorker();
