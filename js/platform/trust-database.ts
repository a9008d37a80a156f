// A trust store in IndexedDB: one record, changed within one transaction.

import { AndonError, reasonOf } from "../errors.js";
import type { TrustStorage } from "../trust-store.js";

const objectStore = "trust";
const record = "content";

export function trustDatabase(where = "andon-trust"): TrustStorage {
  return {
    read: () => inTransaction(where, "readonly", (store) => settled(store.get(record))),
    update: (change) =>
      inTransaction(where, "readwrite", async (store) => {
        const old = (await settled(store.get(record))) as string | undefined;
        const text = change(old);
        await settled(store.put(text, record));
      }),
  };
}

/** What `use` throws undoes the transaction. */
async function inTransaction<T>(
  name: string,
  mode: IDBTransactionMode,
  use: (store: IDBObjectStore) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(name);
  try {
    const transaction = database.transaction(objectStore, mode, { durability: "strict" });
    const complete = completion(transaction);
    try {
      const result = await use(transaction.objectStore(objectStore));
      await complete;
      return result;
    } catch (thrown) {
      complete.catch(() => undefined);
      if (transaction.error === null) transaction.abort();
      throw thrown;
    }
  } catch (thrown) {
    throw thrown instanceof AndonError ? thrown : unavailable(name, thrown);
  } finally {
    database.close();
  }
}

async function openDatabase(name: string): Promise<IDBDatabase> {
  try {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(objectStore);
    };
    return await settled(request);
  } catch (thrown) {
    throw unavailable(name, thrown);
  }
}

async function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error("the request failed"));
    };
  });
}

async function completion(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve();
    };
    transaction.onabort = () => {
      reject(transaction.error ?? new Error("the transaction was aborted"));
    };
  });
}

function unavailable(name: string, cause: unknown): AndonError {
  return new AndonError(
    "TrustStoreUnavailable",
    `trust store, database '${name}': ${reasonOf(cause)}`,
    { cause },
  );
}
