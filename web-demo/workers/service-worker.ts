// Keeps one version of the page, whole: every file of it is fetched when it is installed, and from
// then on comes from there. The build puts PRECACHE before this text.

declare const PRECACHE: { version: string; files: string[] };

const scope = self as unknown as ServiceWorkerGlobalScope;
const prefix = "andon-";
const cacheName = prefix + PRECACHE.version;

async function keepAll(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll(PRECACHE.files.map((file) => new Request(file, { cache: "reload" })));
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
  return kept ?? fetch(request);
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
