import { readdir, readFile, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { issueCertificate, readCertificates, readKeyRotation } from "andon";
import { andon, errorIn, freshFolder, type Result } from "./support/command.js";
import { keyPair, type KeyPair } from "./support/files.js";

const folder = freshFolder();
const root = keyPair();
const ca = keyPair();
const ada = keyPair();
const DAY = 86_400;

const privatePem = ({ privateKey }: KeyPair): string =>
  privateKey.export({ type: "pkcs8", format: "pem" }).toString();

beforeEach(async () => {
  for (const [name, pair] of Object.entries({ root, ca, ada })) {
    await writeFile(folder.path(`${name}.pem`), privatePem(pair));
    await writeFile(folder.path(`${name}.pub.pem`), pair.publicPem);
  }
});

const cert = (...args: string[]): Promise<Result> =>
  andon(["cert", ...args], { cwd: folder.path() });
const bytes = (name: string): Promise<Buffer> => readFile(folder.path(name));

const rootArgs = ["issue", "--role", "root", "--name", "Acme", "--issuer-key", "root.pem"];
const adaArgs = ["issue", "--name", "Ada", "--key", "ada.pub.pem", "--issuer-key", "root.pem"];

async function expectDone(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cert(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

describe("cert issue", () => {
  test("makes a root, of itself, for a year", async () => {
    const before = Math.floor(Date.now() / 1000);
    const stdout = await expectDone(...rootArgs, "-o", "root.cert");
    const [made, ...more] = await readCertificates(await bytes("root.cert"));
    expect(more).toEqual([]);
    expect(made).toMatchObject({
      role: "root",
      name: "Acme",
      scope: "*",
      issuer: root.base64,
      subject: root.base64,
      maxPath: 1,
      signatureHolds: true,
    });
    expect(made?.notBefore).toBeGreaterThanOrEqual(before);
    expect(made?.notAfter).toBe((made?.notBefore ?? 0) + 365 * DAY);
    expect(stdout).toMatch(/^✔ root\.cert\n\nAcme, root\n {2}may vouch for {2}\*\n/);
  });

  test("makes a chain that ends with the root", async () => {
    await expectDone(...rootArgs, "--scope", "expert-acme-*", "-o", "root.cert");
    const caArgs = ["issue", "--role", "ca", "--name", "Acme CA", "--key", "ca.pub.pem"];
    await expectDone(
      ...[...caArgs, "--scope", "expert-acme-*", "--issuer-key", "root.pem"],
      ...["--issuer-cert", "root.cert", "-o", "ca.chain"],
    );
    await expectDone(
      ...["issue", "--name", "Ada", "--key", ada.base64, "--scope", "expert-acme-sql"],
      ...["--issuer-key", "ca.pem", "--issuer-cert", "ca.chain", "-o", "ada.chain"],
    );
    const chain = await readCertificates(await bytes("ada.chain"));
    expect(chain.map(({ role, name }) => [role, name])).toEqual([
      ["signer", "Ada"],
      ["ca", "Acme CA"],
      ["root", "Acme"],
    ]);
    expect(chain.every(({ signatureHolds }) => signatureHolds)).toBe(true);
    expect(chain[0]?.subject).toBe(ada.base64);
  });

  test("gives no certificate more time than its issuer has", async () => {
    await expectDone(...rootArgs, "--not-after", "2040-01-01T00:00:00Z", "-o", "root.cert");
    const late = ["--not-before", "2039-12-01", "--issuer-cert", "root.cert", "-o", "ada.chain"];
    await expectDone(...adaArgs, ...late);
    const [leaf] = await readCertificates(await bytes("ada.chain"));
    expect(leaf?.notBefore).toBe(Date.UTC(2039, 11, 1) / 1000);
    expect(leaf?.notAfter).toBe(Date.UTC(2040, 0, 1) / 1000);
  });

  test("takes times in Unix seconds and in other time zones", async () => {
    const period = ["--not-before", "1000", "--not-after", "2030-01-01T01:00:00+01:00"];
    await expectDone(...adaArgs, ...period, "-o", "ada.cert");
    expect(await readCertificates(await bytes("ada.cert"))).toEqual([
      expect.objectContaining({ notBefore: 1000, notAfter: Date.UTC(2030, 0, 1) / 1000 }),
    ]);
  });

  test("prints JSON with --json", async () => {
    const stdout = await expectDone(...adaArgs, "-o", "ada.cert", "--json");
    const chain = await readCertificates(await bytes("ada.cert"));
    expect(JSON.parse(stdout)).toEqual({ file: "ada.cert", chain });
  });

  test.each<[string, string[], string]>([
    ["a role that there is not", [...adaArgs, "--role", "boss"], "InvalidArgument"],
    ["no name", ["issue", "--issuer-key", "root.pem", "--key", "x"], "InvalidArgument"],
    ["no issuer", ["issue", "--name", "Ada", "--key", "ada.pub.pem"], "InvalidArgument"],
    ["no key", ["issue", "--name", "Ada", "--issuer-key", "root.pem"], "InvalidArgument"],
    [
      "a time without an offset",
      [...adaArgs, "--not-after", "2030-01-01T00:00"],
      "InvalidArgument",
    ],
    ["a time that is none", [...adaArgs, "--not-after", "2030-13-01"], "InvalidArgument"],
    ["a path that is none", [...adaArgs, "--max-path", "x"], "InvalidArgument"],
    ["a path too long for a chain", [...rootArgs, "--max-path", "3"], "InvalidArgument"],
    [
      "an issuer's key that is public",
      [...adaArgs, "--issuer-key", "root.pub.pem"],
      "KeyMalformed",
    ],
    ["a key that is private", [...adaArgs, "--key", "root.pem"], "KeyMalformed"],
    ["a key that is not there", [...adaArgs, "--key", "missing"], "InputUnreadable"],
  ])("does not take %s", async (_, args, code) => {
    const result = await cert(...args, "-o", "x.cert", "--json");
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code });
    expect(await readdir(folder.path())).not.toContain("x.cert");
  });

  test.each<[string, string[]]>([
    ["a signer under whom CAs follow", [...adaArgs, "--max-path", "1"]],
    ["an end before the beginning", [...adaArgs, "--not-after", "1000"]],
    ["a name that is too long", [...adaArgs, "--name", "n".repeat(129)]],
    ["a name that shows as another one", [...adaArgs, "--name", "A\u202eda"]],
    ["an issuer's certificate that is none", [...adaArgs, "--issuer-cert", "root.pub.pem"]],
  ])("rejects %s", async (_, args) => {
    const result = await cert(...args, "-o", "x.cert", "--json");
    expect(result.code).toBe(2);
    expect(errorIn(result)["code"]).toMatch(/^(CertificateMalformed|ChainLength)$/);
    expect(await readdir(folder.path())).not.toContain("x.cert");
  });

  test("needs --output, and --force where it is taken", async () => {
    expect(errorIn(await cert(...adaArgs, "--json"))).toMatchObject({ code: "InvalidArgument" });
    await writeFile(folder.path("ada.cert"), "precious");
    const taken = await cert(...adaArgs, "-o", "ada.cert", "--json");
    expect(errorIn(taken)).toMatchObject({ code: "OutputExists" });
    await expectDone(...adaArgs, "-o", "ada.cert", "--force");
    expect(await bytes("ada.cert")).toHaveLength(420);
  });
});

describe("cert show", () => {
  test("says who may sign what, and until when", async () => {
    const certificate = await issueCertificate(
      {
        role: "signer",
        name: "Ada",
        scope: "expert-acme-*",
        subject: ada.base64,
        notBefore: 0,
        notAfter: 2_000_000_000,
        serial: "00112233445566778899aabbccddeeff",
      },
      root.seed,
    );
    await writeFile(folder.path("ada.cert"), certificate);
    expect(await expectDone("show", "ada.cert")).toBe(`Ada, signer
  may sign   expert-acme-*
  valid      1970-01-01 00:00:00 UTC to 2033-05-18 03:33:20 UTC
  key        ${ada.base64}
  issued by  ${root.base64}
  serial     00112233445566778899aabbccddeeff
`);
    expect(JSON.parse(await expectDone("show", "--json", "ada.cert"))).toEqual({
      file: "ada.cert",
      chain: await readCertificates(certificate),
    });
  });

  test("says where a signature does not hold", async () => {
    await expectDone(...adaArgs, "-o", "ada.cert");
    const damaged = await bytes("ada.cert");
    damaged.writeUInt8(damaged.readUInt8(419) ^ 1, 419);
    await writeFile(folder.path("ada.cert"), damaged);
    expect(await expectDone("show", "ada.cert")).toContain("✘ its signature does not hold");
  });

  test.each([
    ["root.pem", 2],
    ["missing", 1],
  ])("fails on %s", async (file, code) => {
    expect((await cert("show", file)).code).toBe(code);
  });
});

describe("cert rotate", () => {
  test("states that one key takes over from another", async () => {
    const args = ["rotate", "--from", "root.pem", "--to", "ca.pem", "--since", "2030-01-01"];
    const stdout = await expectDone(...args, "-o", "x.rotation");
    const since = Date.UTC(2030, 0, 1) / 1000;
    const statement = { from: root.base64, to: ca.base64, since };
    expect(await readKeyRotation(await bytes("x.rotation"))).toEqual(statement);
    expect(stdout).toBe(`✔ x.rotation
  gives way   ${root.base64}
  takes over  ${ca.base64}
  since       2030-01-01 00:00:00 UTC
`);
    const json = await expectDone(...args, "-o", "y.rotation", "--json");
    expect(JSON.parse(json)).toEqual({ file: "y.rotation", ...statement });
  });

  test("not to itself", async () => {
    const same = await cert("rotate", "--from", "ca.pem", "--to", "ca.pem", "-o", "x", "--json");
    expect(same.code).toBe(2);
    expect(errorIn(same)).toMatchObject({ code: "RotationMalformed" });
  });
});

test.each([[[]], [["dance"]]])("cert %j says what there is", async (args) => {
  const { code, stderr } = await cert(...args);
  expect(code).toBe(1);
  expect(stderr).toContain("cert: say one of issue, show, rotate");
});
