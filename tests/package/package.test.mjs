// The package as it would be published: packed, then used by fresh projects outside the repository.
// Needs dist/ (npm run build) and Chromium.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "@playwright/test";
import * as vite from "vite";
import { makeModel } from "../../scripts/lib/random-gguf.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tools = join(root, "node_modules/.bin");
const work = mkdtempSync(join(tmpdir(), "andon-package-"));
after(() => rmSync(work, { recursive: true, force: true }));

const run = (command, args, cwd) => execFileSync(command, args, { cwd, encoding: "utf8" });

let tarball;
before(() => {
  const printed = run(
    "npm",
    ["pack", "--ignore-scripts", "--json", "--pack-destination", work],
    root,
  );
  tarball = join(work, JSON.parse(printed)[0].filename);
});

/** A project as a stranger would start it: a folder of tests/package, the example and the tarball. */
function freshProject(name) {
  const project = join(work, name);
  cpSync(join(root, "tests/package", name), project, { recursive: true });
  cpSync(join(root, "examples/iris.aprender"), join(project, "iris.aprender"));
  run("npm", ["init", "--yes", "--init-type=module"], project);
  run("npm", ["install", "--no-audit", "--no-fund", "--offline", tarball], project);
  return project;
}

describe("the tarball", () => {
  test("holds the package and nothing else", () => {
    const files = run("tar", ["-tzf", tarball]).trim().split("\n");
    const strays = files.filter(
      (file) =>
        !/^package\/(dist\/.+\.(js|mjs|wasm|d\.ts|d\.mts|js\.map)|schemas\/expert-metadata\.schema\.json|package\.json|README\.md|LICENSE)$/.test(
          file,
        ),
    );
    assert.deepEqual(strays, []);
    for (const file of [
      "LICENSE",
      "README.md",
      "dist/index.js",
      "dist/index.d.ts",
      "dist/wasm/andon.wasm",
      "dist/wasm/andon-pack.wasm",
      "dist/wasm/andon-text.wasm",
      "dist/wasm/andon-text-relaxed.wasm",
      "dist/wasm/andon-text-threads.wasm",
      "dist/wasm/andon-text-relaxed-threads.wasm",
      "schemas/expert-metadata.schema.json",
    ])
      assert.ok(files.includes(`package/${file}`), file);
  });

  test("satisfies publint", () => {
    run(join(tools, "publint"), ["--strict", "--pack", "npm", root], root);
  });

  test("satisfies arethetypeswrong, as a package for ES modules alone", () => {
    run(join(tools, "attw"), [tarball, "--profile", "esm-only"], root);
  });
});

describe("what a page loads", () => {
  const files = (folder, wanted) =>
    readdirSync(folder, { recursive: true })
      .map((file) => join(folder, file))
      .filter((file) => statSync(file).isFile() && wanted.test(file));
  const dist = join(root, "dist");

  test("evaluates no text as code", () => {
    for (const file of files(dist, /\.m?js$/))
      assert.doesNotMatch(
        readFileSync(file, "utf8"),
        /\beval\s*\(|new\s+Function\s*\(|\bFunction\s*\(/,
        file,
      );
  });

  const gzipped = (paths) =>
    paths
      .map((file) => gzipSync(readFileSync(file), { level: 9 }).length)
      .reduce((sum, size) => sum + size, 0);

  test("is at most 350 KB after gzip", () => {
    // What makes packages and what runs language models is loaded when it is needed. The manager of experts is for
    // those that run a language model: bundlers leave it out where nothing uses it.
    const others =
      /\/cli\/|\/(node(-thread(-script)?)?|file-source|model-folder|(trust|locked)-file|(expert|user)-folder)\.js$|\/andon-pack\.|\/(writer|core-packing)\.js$|\/andon-text|\/text\/(?!(text-generator)\.js)|\/experts\//;
    const total = gzipped(files(dist, /\.(m?js|wasm)$/).filter((file) => !others.test(file)));
    console.log(`wasm and JavaScript: ${(total / 1000).toFixed(1)} KB after gzip`);
    assert.ok(total <= 350_000, `${total} bytes`);
  });

  test("is at most 700 KB more with a language model, after gzip", () => {
    const jinja = join(root, "node_modules/@huggingface/jinja/dist/index.js");
    const code = [
      ...["text", "experts"].flatMap((name) => files(join(dist, name), /\.js$/)),
      jinja,
    ];
    const modules = files(join(dist, "wasm"), /andon-text[^.]*\.wasm$/);
    for (const module of modules) {
      const total = gzipped([...code, module, module.replace(/wasm$/, "mjs")]);
      console.log(`${module.split("/").at(-1)}: ${(total / 1000).toFixed(1)} KB after gzip`);
      assert.ok(total <= 700_000, `${total} bytes`);
    }
  });
});

describe("an empty Node.js project", () => {
  let project;
  before(() => {
    project = freshProject("node");
  });

  test("gets what renders chat templates and compares versions, and no other package", () => {
    const installed = readdirSync(join(project, "node_modules")).filter(
      (name) => !name.startsWith("."),
    );
    assert.deepEqual(installed.sort(), ["@huggingface", "andon", "semver"]);
    assert.deepEqual(readdirSync(join(project, "node_modules/@huggingface")), ["jinja"]);
  });

  test("predicts in ten lines of TypeScript", () => {
    run(
      join(tools, "tsc"),
      ["-p", project, "--typeRoots", join(root, "node_modules/@types")],
      project,
    );
    const { one, many } = JSON.parse(run("node", ["predict.js"], project));
    assert.equal(one.probabilities.length, 3);
    assert.equal(Object.keys(many.classIndices).length, 3);
  });

  test("has the command andon", () => {
    const andon = (...args) =>
      spawnSync("npx", ["--no-install", "andon", ...args], { cwd: project, encoding: "utf8" });
    assert.match(andon("--help").stdout, /verify/);
    assert.equal(andon("verify", "iris.aprender").status, 0);
    assert.equal(
      JSON.parse(andon("inspect", "--json", "iris.aprender").stdout).verdict.integrity,
      "ok",
    );
    assert.notEqual(andon("verify", "package.json").status, 0);
  });
});

describe("a page made with Vite", () => {
  let project, browser;
  before(async () => {
    project = freshProject("vite");
    await makeModel(join(project, "public/random.gguf"), {
      architecture: "qwen3",
      type: "q8_0",
      headType: "q8_0",
      tied: true,
      shape: {
        ...{ layers: 1, hidden: 256, intermediate: 512, heads: 4, kvHeads: 2, headDim: 64 },
        ...{ vocabulary: 2048, context: 256 },
      },
    });
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-sync",
      ],
    });
  });
  after(() => browser?.close());

  async function answerAt(address, threads = 1) {
    const page = await browser.newPage();
    const problems = [];
    const workers = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("worker", (worker) => workers.push(worker.url()));
    await page.goto(address);
    await page
      .waitForFunction(
        () => globalThis.document.body.textContent.trim().startsWith("{"),
        undefined,
        {
          timeout: 20_000,
        },
      )
      .catch(() => {});
    const text = await page.textContent("body");
    await page.close();
    assert.deepEqual(problems, []);
    assert.equal(workers.length, threads, "the model ran in a worker, and its threads in more");
    return JSON.parse(text);
  }

  /** A language model with its threads. */
  async function assertWrites(address) {
    const { build, tokens, violations } = await answerAt(new URL("language.html", address).href, 2);
    assert.deepEqual(build, ["relaxed", 2]);
    assert.equal(tokens, 8);
    assert.deepEqual(violations, []);
  }

  function assertPredicted({ verdict, one, violations }) {
    assert.equal(verdict.integrity, "ok");
    assert.equal(one.probabilities.length, 3);
    assert.deepEqual(violations, []);
  }

  test("satisfies the TypeScript compiler", () => {
    run(join(tools, "tsc"), ["-p", project], project);
  });

  test("predicts and writes once built, under a strict policy with Trusted Types", async () => {
    await vite.build({ root: project, logLevel: "warn" });
    cpSync(join(project, "iris.aprender"), join(project, "dist/iris.aprender"));
    const assets = readdirSync(join(project, "dist/assets"));
    const modules = assets.filter((name) => name.endsWith(".wasm"));
    // To open; and, loaded when asked for, to pack, and four builds for language models.
    assert.equal(modules.length, 6, assets.join(" "));
    const server = await vite.preview({
      root: project,
      logLevel: "warn",
      preview: { port: 0, host: "localhost" },
    });
    try {
      const address = server.resolvedUrls.local[0];
      const { headers } = await fetch(address);
      assert.match(headers.get("content-security-policy"), /require-trusted-types-for 'script'/);
      assertPredicted(await answerAt(address));
      await assertWrites(address);
    } finally {
      await server.close();
    }
  });

  test("predicts and writes on the development server", async () => {
    const server = await vite.createServer({
      root: project,
      logLevel: "warn",
      server: { port: 0, host: "localhost" },
    });
    await server.listen();
    try {
      const address = server.resolvedUrls.local[0];
      assertPredicted(await answerAt(address));
      await assertWrites(address);
      const inside = await answerAt(new URL("inside.html", address).href);
      assert.equal(inside.verdict.integrity, "ok");
      assert.equal(typeof inside.prediction, "string");
    } finally {
      await server.close();
    }
  });
});
