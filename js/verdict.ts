/** What verification found out about a file. */
export interface Verdict {
  /** `ok` when every byte of the file was accounted for and every hash matched. */
  integrity: "ok" | "corrupt";
  signature: "none" | "valid" | "invalid";
  /** `unknown`: not signed, or signed by a key that the caller does not trust. */
  trust: "trusted" | "unknown" | "expired" | "revoked" | "rollback";
  /** Base64 of the public key that signed, wherever the file names one. */
  signer: string | null;
  /** What the caller's `trust` calls that key. */
  signerName: string | null;
  /** Sentences for people, the most important first. */
  reasons: string[];
}
