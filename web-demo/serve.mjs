// Serves the page on this machine alone.
//   usage: node web-demo/serve.mjs [port] [folder] [--shared]      default: 4173, build/web-demo; port 0: any
//   --shared: not cross-origin isolated, as by servers that do not send the headers for it

import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { headers as isolated, sharedHeaders } from "./headers.mjs";

const types = {
  ".aprender": "application/octet-stream",
  ".crl": "application/octet-stream",
  ".css": "text/css; charset=utf-8",
  ".expert": "application/octet-stream",
  ".gguf": "application/octet-stream",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".pem": "application/x-pem-file",
  ".sha256": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { shared: { type: "boolean" } },
});
const [port = "4173", folder = fileURLToPath(new URL("../build/web-demo", import.meta.url))] =
  positionals;
const headers = values.shared ? sharedHeaders : isolated;
const site = await realpath(folder);

/** The file that a request names, or undefined; links that lead out of the site name none. */
async function fileOf(url) {
  try {
    const path = decodeURIComponent(new URL(url, "http://localhost").pathname);
    const file = await realpath(join(site, path.endsWith("/") ? `${path}index.html` : path));
    const inside = file.startsWith(site + sep) && (await stat(file)).isFile();
    return inside ? file : undefined;
  } catch {
    return undefined;
  }
}

// A page elsewhere whose name was made to point here has another Host: it gets nothing.
const isLocal = ({ host = "" }) => /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host);

/** The first and last byte that are asked for (RFC 9110, 14.1.2): all where none are, or several parts. */
function rangeOf({ range = "" }, size) {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(range);
  if (!asked) return { first: 0, last: size - 1, part: false };
  const last = asked[2] === "" ? size - 1 : Math.min(Number(asked[2]), size - 1);
  return { first: Number(asked[1]), last, part: true };
}

async function respond(request, response) {
  const file = isLocal(request.headers) ? await fileOf(request.url) : undefined;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (!["GET", "HEAD"].includes(request.method)) return void response.writeHead(405).end();
  const type = file && types[extname(file)];
  if (!type) return void response.writeHead(404).end();
  const { size, mtimeMs } = await stat(file);
  const { first, last, part } = rangeOf(request.headers, size);
  if (part && first > last)
    return void response.writeHead(416, { "Content-Range": `bytes */${size}` }).end();
  if (part) response.setHeader("Content-Range", `bytes ${first}-${last}/${size}`);
  response.writeHead(part ? 206 : 200, {
    "Content-Type": type,
    "Content-Length": last - first + 1,
    "Accept-Ranges": "bytes",
    ETag: `"${size.toString(16)}-${Math.floor(mtimeMs).toString(16)}"`, // of one version of the file
  });
  if (request.method === "HEAD" || size === 0) return void response.end();
  createReadStream(file, { start: first, end: last }).pipe(response);
}

const server = createServer((request, response) => void respond(request, response));
server.on("error", ({ code, message }) => {
  console.error(code === "EADDRINUSE" ? `serve: ${message}; give another port` : message);
  process.exit(1);
});
server.listen(Number(port), "127.0.0.1", () => {
  console.log(`http://localhost:${server.address().port}/`);
});
