import { request as httpRequest } from "node:http";
import { expect, test } from "./page.js";
import { sharedPort } from "./playwright.config.js";

const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types andon page",
];

for (const path of ["/", "/app/main.js", "/andon/worker.js", "/sw.js", "/nothing-here"])
  test(`${path} comes with the strict headers`, async ({ request }) => {
    const headers = (await request.get(path)).headers();
    expect(headers["content-security-policy"]?.split("; ")).toEqual(policy);
    expect(headers).toMatchObject({
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
  });

test("with --shared only the headers that isolate the page are left out", async ({ request }) => {
  const headers = (await request.get(`http://localhost:${sharedPort}/`)).headers();
  expect(headers["content-security-policy"]?.split("; ")).toEqual(policy);
  expect(headers).toMatchObject({ "referrer-policy": "no-referrer" });
  expect(headers).not.toHaveProperty("cross-origin-opener-policy");
  expect(headers).not.toHaveProperty("cross-origin-embedder-policy");
});

function ask(
  baseURL: string | undefined,
  path: string,
  options: { host?: string; method?: string } = {},
) {
  const { port } = new URL(baseURL ?? "");
  return new Promise<number | undefined>((resolve, reject) => {
    const headers = { host: options.host ?? `localhost:${port}` };
    httpRequest(
      { host: "127.0.0.1", port, path, method: options.method ?? "GET", headers },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      },
    )
      .on("error", reject)
      .end();
  });
}

test("only files of the site are served", async ({ baseURL }) => {
  for (const path of [
    "/../package.json",
    "/..%2f..%2fpackage.json",
    "/%2e%2e/%2e%2e/package.json",
    "/app/",
    "/app",
    "/%00",
    "/%",
    "//etc/passwd",
  ])
    expect(await ask(baseURL, path), path).toBe(404);
});

test("another name for this machine gets nothing", async ({ baseURL }) => {
  expect(await ask(baseURL, "/", { host: "rebound.example" })).toBe(404);
  expect(await ask(baseURL, "/", { host: "127.0.0.1:1" })).toBe(200);
});

test("files can be read and not written", async ({ baseURL }) => {
  expect(await ask(baseURL, "/", { method: "HEAD" })).toBe(200);
  expect(await ask(baseURL, "/", { method: "POST" })).toBe(405);
});

test("a part of a file is served alone, where there is such a part", async ({ request }) => {
  const url = "/examples/iris.aprender";
  const whole = await request.get(url);
  const body = await whole.body();
  expect(whole.headers()["accept-ranges"]).toBe("bytes");
  const get = async (range: string) => {
    const answer = await request.get(url, { headers: { range } });
    return [answer.status(), answer.headers()["content-range"], await answer.body()];
  };
  const { length } = body;
  expect(await get("bytes=4-9")).toEqual([206, `bytes 4-9/${length}`, body.subarray(4, 10)]);
  expect(await get("bytes=4-")).toEqual([206, `bytes 4-${length - 1}/${length}`, body.subarray(4)]);
  expect(await get(`bytes=9-${length + 9}`)).toEqual([
    206,
    `bytes 9-${length - 1}/${length}`,
    body.subarray(9),
  ]);
  expect((await get(`bytes=${length}-`)).slice(0, 2)).toEqual([416, `bytes */${length}`]);
  expect((await get("bytes=1-2,4-5"))[0]).toBe(200); // several parts: the whole
  expect((await get("lines=1-2"))[0]).toBe(200);
});

test("strings never become scripts", async ({ page }) => {
  await page.goto("/");
  const outcome = await page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve)); // evaluate() itself is let through
    const attempts: Record<string, () => unknown> = {
      markup: () => (document.body.innerHTML = "<img src=x onerror=alert(1)>"),
      "a script's address": () => (document.createElement("script").src = "/app/main.js"),
      "a worker's address": () => new Worker("/andon/worker.js"),
      "a handler": () => document.body.setAttribute("onclick", "alert(1)"),
      eval: () => void window.eval("1"),
    };
    return Object.entries(attempts).map(([name, attempt]) => {
      try {
        return `${name}: ${String(attempt())}`;
      } catch (error) {
        return `${name}: refused with ${(error as Error).name}`;
      }
    });
  });
  for (const line of outcome) expect(line).toMatch(/refused with (TypeError|EvalError)$/);
});

test("a style in an attribute and an inline style sheet have no effect", async ({ page }) => {
  await page.goto("/");
  const colors = await page.evaluate(() => {
    const sheet = document.createElement("style");
    sheet.textContent = "h1 { color: rgb(1, 2, 3) }";
    document.head.append(sheet);
    const title = document.querySelector("h1") as HTMLElement;
    title.setAttribute("style", "background: rgb(1, 2, 3)");
    const { color, backgroundColor } = getComputedStyle(title);
    return [color, backgroundColor];
  });
  expect(colors).not.toContain("rgb(1, 2, 3)");
});
