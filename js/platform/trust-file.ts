// A trust store in a file.

import { join, resolve } from "node:path";
import { AndonError, reasonOf } from "../errors.js";
import type { TrustStorage } from "../trust-store.js";
import { LockedFile } from "./locked-file.js";
import { userFolder } from "./user-folder.js";

export function trustFile(where?: string): TrustStorage {
  const path = resolve(where ?? join(userFolder("XDG_CONFIG_HOME", ".config"), "trust.json"));
  return new LockedFile(path, async (step) => {
    try {
      return await step();
    } catch (cause) {
      const message = `trust store '${path}': ${reasonOf(cause)}`;
      throw new AndonError("TrustStoreUnavailable", message, { cause });
    }
  });
}
