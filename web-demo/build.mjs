// Makes build/web-demo: the page as a folder that any web server can serve (with headers.mjs).
//   usage: node web-demo/build.mjs          needs dist/, which `npm run build` makes
//
//   index.html, style.css ...   as they stand here
//   app/, workers/              compiled from the TypeScript here
//   andon/                      the package, as published, and in packages/ what it depends on; without a
//                               bundler a browser cannot look up names of package.json, so these become paths
//   examples/                   the models and experts one click away
//   sw.js                       the service worker, told the name of every file above: what it keeps at once,
//                               and the builds for language models, of which a browser uses one

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL(".", import.meta.url));
const root = join(source, "..");
const site = join(root, "build/web-demo");

async function lay(from, to, wanted) {
  await cp(from, to, { recursive: true, filter: (path) => wanted(relative(from, path)) });
}

/** Where in the site the names lie that package.json gives: its own, and those of other packages. */
async function placesOfNames() {
  const { imports, dependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const places = new Map();
  for (const [name, { default: path }] of Object.entries(imports))
    places.set(name, join("andon", relative("dist", path)));
  for (const name of Object.keys(dependencies)) {
    const place = join("andon/packages", `${name.replace(/.*\//, "")}.js`);
    await cp(fileURLToPath(import.meta.resolve(name)), join(site, place));
    places.set(name, place);
  }
  return places;
}

async function resolvePackageImports() {
  const places = await placesOfNames();
  for (const file of await filesOfSite()) {
    if (!/^andon\/.*\.js$/.test(file)) continue;
    const text = await readFile(join(site, file), "utf8");
    const resolved = text.replace(/ from "([#@a-z][^"]*)"/g, (whole, name) => {
      const place = places.get(name);
      if (place === undefined) return whole;
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

const isTextBuild = (file) => file.startsWith("andon/wasm/andon-text");

async function writeServiceWorker() {
  const compiled = join(site, "workers/service-worker.js");
  const text = await readFile(compiled, "utf8");
  await rm(compiled);
  const files = await filesOfSite();
  const digest = (content) => createHash("sha256").update(content);
  const hash = digest(text);
  const kept = { files: [], builds: {} };
  for (const file of files) {
    const content = await readFile(join(site, file));
    hash.update(file).update(content);
    if (isTextBuild(file)) kept.builds[file] = `sha256-${digest(content).digest("base64")}`;
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
await lay(source, site, (path) => /^$|\.(html|css|svg|webmanifest)$/.test(path));
await resolvePackageImports();
compile();
await writeServiceWorker();
