// What the user trusts, kept by the browser from one visit to the next: keys, revocation lists, and
// the releases that were accepted, so that an older one is noticed.

import { memoryTrustStore, openTrustStore, type TrustStore } from "./andon.js";

const database = "andon-page";

export interface KeptTrust {
  store(): Promise<TrustStore>;
  /** Everything goes but the keys, which have their own button. */
  forget(): Promise<void>;
}

async function removeDatabase(): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(database);
    request.onsuccess = () => {
      resolve();
    };
    request.onerror = () => {
      reject(new Error("the browser does not remove what it kept", { cause: request.error }));
    };
  });
}

export function keptTrust(): KeptTrust {
  // Some browsers keep nothing for some pages; then it lasts as long as the page.
  const open = (): Promise<TrustStore> => openTrustStore(database).catch(() => memoryTrustStore());
  let opened = open();
  return {
    store: () => opened,
    async forget() {
      const keys = await (await opened).keys();
      await removeDatabase();
      opened = open();
      for (const key of keys) await (await opened).addKey(key);
    },
  };
}
