// A policy in wasm memory.

import type { PolicyHandle } from "./core.js";
import { requireOk } from "./errors.js";
import type { Policy } from "./trust.js";

/** The caller deletes it. Errors: RevocationListMalformed, RevocationListSignature. */
export function policyHandle(
  module: { Policy: new () => PolicyHandle },
  policy: Policy,
): PolicyHandle {
  const handle = new module.Policy();
  try {
    handle.allowUnsigned = policy.allowUnsigned;
    handle.allowUnknownSigner = policy.allowUnknownSigner;
    handle.requireFreshLists = policy.requireFreshLists;
    handle.now = policy.now;
    for (const { bytes, name, scope } of policy.keys) handle.trust(bytes, name, scope);
    for (const list of policy.lists) addList(handle, list);
    for (const { name, releaseCounter, signed } of policy.releases) {
      handle.remember(name, releaseCounter, signed);
    }
    return handle;
  } catch (thrown) {
    handle.delete();
    throw thrown;
  }
}

function addList(handle: PolicyHandle, list: Uint8Array): void {
  const added = handle.addList(list);
  try {
    requireOk(added);
  } finally {
    added.delete();
  }
}
