// Makes build/web-demo: the page as a folder that any web server can serve (with headers.mjs).
//   usage: node web-demo/build.mjs          needs dist/, which `npm run build` makes
//
//   index.html, style.css ...   as they stand here
//   app/, workers/              compiled from the TypeScript here
//   andon/                      the package, as published; without a bundler a browser cannot look up
//                               the "#..." names of package.json, so these become paths
//   examples/                   the models and experts one click away
//   sw.js                       the service worker, told the name of every file above

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

async function resolvePackageImports() {
  const { imports } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  for (const file of await filesOfSite()) {
    if (!/^andon\/.*\.js$/.test(file)) continue;
    const text = await readFile(join(site, file), "utf8");
    const resolved = text.replace(/ from "(#[^"]+)"/g, (_, name) => {
      const target = join("andon", relative("dist", imports[name].default));
      const path = relative(dirname(file), target);
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

async function writeServiceWorker() {
  const compiled = join(site, "workers/service-worker.js");
  const text = await readFile(compiled, "utf8");
  await rm(compiled);
  const files = await filesOfSite();
  const hash = createHash("sha256").update(text);
  for (const file of files) hash.update(file).update(await readFile(join(site, file)));
  const version = hash.digest("hex").slice(0, 16);
  const addresses = files.map((file) => (file === "index.html" ? "./" : file));
  const list = JSON.stringify({ version, files: addresses }, undefined, 1);
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
