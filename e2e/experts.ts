// Experts to show to the page, made with the package itself.

import { issueCertificate, packExpert, type Time } from "andon";
import { peftFolder, type PeftRequest } from "../examples/peft.mjs";
import { file, signer, type Signer, type TestFile } from "./packages.js";

export const root = signer(11);
export const publisher = signer(12);
export const author = signer(13);

export const modules = [
  "q_proj",
  "k_proj",
  "v_proj",
  "o_proj",
  "gate_proj",
  "up_proj",
  "down_proj",
];
const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

export const metadata = {
  name: "expert-test-sql",
  version: "1.2.3",
  release_counter: 5,
  description: "Writes SQL.",
  author: "Somebody",
  license: "MIT",
  capabilities: ["task:sql", "language:en"],
  base_model: { name: "tiny" },
  decoding: { use_grammar: true, temperature: 0.2, stop_sequences: [";"] },
  limitations: [{ pattern: "no_joins", description: "Joins are wrong.", workaround: "Ask twice." }],
};

export const texts = {
  "grammar.gbnf": Buffer.from('root ::= "SELECT " name\nname ::= [a-z]+\n'),
  "README.md": Buffer.from("# Title\n\n<b>not bold</b>\n"),
  LICENSE: Buffer.from("Do as you like.\n"),
  "metrics.json": json({ exact_match: 0.75, speed: { tokens: 41 } }),
  "tests/cases.json": json([{ prompt: "p", expected: "e" }]),
};

export interface ExpertRequest {
  name?: string; // of the file
  peft?: Partial<PeftRequest>;
  metadata?: object; // goes over the metadata above
  files?: Record<string, Uint8Array>;
  version?: 1 | 2;
  signedBy?: Signer;
  chain?: Uint8Array;
}

export async function expert(request: ExpertRequest = {}): Promise<TestFile> {
  const peft = { kind: "lora", layers: 2, modules: modules.slice(0, 2), rank: 2 } as const;
  const { bytes } = await packExpert(
    {
      ...peftFolder({ ...peft, ...request.peft }),
      ...(request.files ?? texts),
      "expert.json": json({ ...metadata, ...request.metadata }),
    },
    {
      version: request.version ?? 2,
      ...(request.signedBy ? { signingKey: request.signedBy.seed } : {}),
      ...(request.chain ? { chain: request.chain } : {}),
    },
  );
  return file(request.name ?? "test.expert", bytes);
}

interface ChainRequest {
  leaf?: Signer;
  scope?: string;
  notBefore?: Time;
  notAfter?: Time;
}

const [begin, end] = [new Date("2024-01-01"), new Date("2044-01-01")];

/** root, publisher, and a leaf: the author, unless it is said otherwise. */
export async function chain(request: ChainRequest = {}): Promise<Uint8Array> {
  const key = ({ base64 }: Signer): string => base64;
  const scope = request.scope ?? "expert-test-*";
  const leaf = await issueCertificate(
    {
      role: "signer",
      name: "The author",
      scope,
      subject: key(request.leaf ?? author),
      notBefore: request.notBefore ?? begin,
      notAfter: request.notAfter ?? end,
    },
    publisher.seed,
  );
  const ca = await issueCertificate(
    {
      role: "ca",
      name: "The publisher",
      scope: "expert-*",
      subject: key(publisher),
      notBefore: begin,
      notAfter: end,
    },
    root.seed,
  );
  return Buffer.concat([leaf, ca]);
}

/** Signed by the author, whom the publisher certified, whom the root certified. */
export async function signedExpert(request: ExpertRequest & ChainRequest = {}): Promise<TestFile> {
  const signedBy = request.leaf ?? author;
  return expert({ signedBy, chain: await chain(request), ...request });
}

/** The same file with one bit of one byte turned over. */
export function flipped({ name, mimeType, buffer }: TestFile, at: number): TestFile {
  const copy = Buffer.from(buffer);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return { name, mimeType, buffer: copy };
}
