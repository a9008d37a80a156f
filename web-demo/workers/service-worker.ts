// Keeps one version of the page: its files are fetched when it is installed, and from then on come from
// there. Some are kept when they are first used, and fetched at once for the next version: the assistant, and of the
// builds that run language models the one that this browser uses. The build puts PRECACHE before this text.

declare const PRECACHE: {
  version: string;
  files: string[];
  later: Record<string, string>; // by their names, the hash (W3C, Subresource Integrity) of this version's
};

const scope = self as unknown as ServiceWorkerGlobalScope;
const prefix = "andon-";
const cacheName = prefix + PRECACHE.version;

const later = new Map(
  Object.entries(PRECACHE.later).map(([file, hash]) => [new URL(file, location.href).href, hash]),
);

const fresh = (file: string, integrity = ""): Request =>
  new Request(file, { cache: "reload", integrity });

async function keepAll(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll(PRECACHE.files.map((file) => fresh(file)));
  for (const [file, hash] of later)
    // those that the version before this one has kept
    if (await caches.match(file)) await cache.add(fresh(file, hash));
}

/** Never that of another version, which may lie on the server by now. */
async function keepLater(cache: Cache, file: string, hash: string): Promise<Response> {
  const response = await fetch(fresh(file, hash));
  if (response.ok) await cache.put(file, response.clone());
  return response;
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(prefix) && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
  await scope.clients.claim();
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(request, { ignoreSearch: request.mode === "navigate" });
  if (kept) return kept;
  const hash = later.get(request.url);
  return hash === undefined ? fetch(request) : keepLater(cache, request.url, hash);
}

scope.addEventListener("install", (event) => {
  event.waitUntil(keepAll());
});
scope.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers());
});
scope.addEventListener("message", ({ data }) => {
  if (data === "take over") void scope.skipWaiting();
});
scope.addEventListener("fetch", (event) => {
  if (event.request.method === "GET" && new URL(event.request.url).origin === location.origin)
    event.respondWith(answer(event.request));
});
