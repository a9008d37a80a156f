// Keeps the whole page, models included, so that it works without a network.

import { button, byId } from "./dom.js";
import { serviceWorkerUrl } from "./script-urls.js";

function say(...content: (Node | string)[]): void {
  byId("offline", HTMLElement).replaceChildren(...content);
}

/** A version that waits takes over only when asked: never in the middle of somebody's work. */
function offer(waiting: ServiceWorker): void {
  say(
    "A new version is ready. ",
    button("Use it", () => {
      waiting.postMessage("take over");
    }),
  );
  navigator.serviceWorker.addEventListener(
    "controllerchange",
    () => {
      location.reload();
    },
    {
      once: true,
    },
  );
}

function watch(worker: ServiceWorker, registration: ServiceWorkerRegistration): void {
  worker.addEventListener("statechange", () => {
    if (worker.state === "activated") say("Works offline");
    if (worker.state === "installed" && registration.active) offer(worker);
  });
}

/** Rejects where the browser does not let pages keep things; the page works all the same. */
export async function keepForOffline(): Promise<void> {
  const registration = await navigator.serviceWorker.register(serviceWorkerUrl());
  if (registration.active) say("Works offline");
  if (registration.waiting) offer(registration.waiting);
  if (registration.installing) watch(registration.installing, registration);
  registration.addEventListener("updatefound", () => {
    if (registration.installing) watch(registration.installing, registration);
  });
}
