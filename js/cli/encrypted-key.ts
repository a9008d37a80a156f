// Encrypts a private key (PKCS #8, RFC 5958) under scrypt (RFC 7914) and AES-256, as `openssl pkcs8
// -topk8 -scrypt` does. Node.js alone would derive the key in 2,048 rounds of PBKDF2, which guessing
// outruns.

import { createCipheriv, type KeyObject, randomBytes, scryptSync } from "node:crypto";

/** N, r and p of openssl: 16 MiB a guess. */
const COST = { N: 16_384, r: 8, p: 1 } as const;
const COST_DER = [integer("4000"), integer("08"), integer("01")];
const AES_KEY_BYTES = 32;
const SALT_BYTES = 16;

const PBES2 = identifier("2a864886f70d01050d"); // 1.2.840.113549.1.5.13
const SCRYPT = identifier("2b06010401da47040b"); // 1.3.6.1.4.1.11591.4.11
const AES_256_CBC = identifier("60864801650304012a"); // 2.16.840.1.101.3.4.1.42

export function encryptedPem(key: KeyObject, passphrase: string): string {
  const salt = randomBytes(SALT_BYTES);
  const iv = randomBytes(SALT_BYTES);
  const secret = scryptSync(passphrase, salt, AES_KEY_BYTES, COST);
  const cipher = createCipheriv("aes-256-cbc", secret, iv);
  const plain = key.export({ type: "pkcs8", format: "der" });
  const der = sequence(
    sequence(
      PBES2,
      sequence(
        sequence(SCRYPT, sequence(octets(salt), ...COST_DER)),
        sequence(AES_256_CBC, octets(iv)),
      ),
    ),
    octets(Buffer.concat([cipher.update(plain), cipher.final()])),
  );
  const lines = der.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${lines}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
}

/** DER (ITU-T X.690); nothing here is longer than 255 bytes. */
function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length < 0x80 ? [content.length] : [0x81, content.length];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return element(0x30, ...parts);
}

function octets(bytes: Uint8Array): Buffer {
  return element(0x04, bytes);
}

function integer(hex: string): Buffer {
  return element(0x02, Buffer.from(hex, "hex"));
}

function identifier(hex: string): Buffer {
  return element(0x06, Buffer.from(hex, "hex"));
}
