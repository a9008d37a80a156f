// andon osd: what it makes, shows and refuses.

import { mkdir, writeFile } from "node:fs/promises";
import { beforeEach, expect, test } from "@jest/globals";
import { open, type PackedOsdExpert } from "andon";
import { andon, errorIn, freshFolder, type Result } from "./support/command.js";
import { adapter, writePeftFolder } from "./support/peft.js";

const folder = freshFolder();
const NAMED = ["--name", "expert-sql", "--release-version", "1.2.3"];

const run = (...args: string[]): Promise<Result> => andon(["osd", ...args], { cwd: folder.path() });

type Report = PackedOsdExpert["report"] & { file: string };

async function reported(...args: string[]): Promise<Report> {
  const { code, stdout, stderr } = await run(...args, "--json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as Report;
}

beforeEach(async () => {
  await writePeftFolder(folder.path("sql"));
});

test("a folder becomes an expert beside it, with a table", async () => {
  const { code, stdout, stderr } = await run("sql", ...NAMED, "--rank", "6");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("✔ sql.osd.expert\n  expert     expert-sql 1.2.3\n");
  expect(stdout).toMatch(/\n0 {6}q_proj {2}16 x 16 {2}4 {5}dense {4}/);
  expect(stdout).toContain("\n4 modules in the size of a LoRA of rank 6 in F16: at most 12 ");
  const expert = await open(folder.path("sql.osd.expert"), { kind: "expert" });
  expect(expert.manifest).toMatchObject({ adapter: { kind: "osd" } });
  expect(await expert.text("grammar")).toContain("SELECT");
  expert.dispose();
});

test("a package does as well, with every option of the search", async () => {
  await andon(["pack", "sql", ...NAMED], { cwd: folder.path() });
  const { file, osd } = await reported(
    ...["sql.expert", "-o", "small.expert", "--ranks", "2,3", "--sparsities", "0,0.01"],
    ...["--rank", "5", "--relaxed-rank", "3", "--sparsity", "0.1", "--blend", ".25"],
    ...["--sparse-format", "csc", "--dtype", "bf16", "--size", "memory"],
  );
  expect(file).toBe("small.expert");
  expect(osd.grid).toHaveLength(4);
  expect(osd).toMatchObject({ rank: 5, sparseFormat: "csc", dtype: "BF16", size: "memory" });
});

test("the grid is shown, the best of it marked", async () => {
  const { stdout } = await run("sql", ...NAMED, "--rank", "5", "--sparsities", "0,0.9");
  expect(stdout).toMatch(/\nrank {2}sparsity {2}size +error\n/);
  expect(stdout.match(/ taken\n/g)).toHaveLength(1);
  expect(stdout).toContain("beyond the budget");
});

test("two models become what fine-tuning changed, with further files and gradients", async () => {
  const stem = "model.layers.0.self_attn.q_proj.weight";
  await writeModel("base", { [stem]: 1, "model.norm.weight": 1, "model.other.weight": 2 });
  await writeModel("tuned", { [stem]: 2, "model.norm.weight": 3, "model.other.weight": 5 });
  await writeModel("loss", { [stem]: 3 });
  await writePeftFolder(folder.path("extra"));
  const more = ["--with", "extra", "--importance", "loss/model.safetensors"];
  const { stdout } = await run("base", "tuned", ...more, ...NAMED, "--rank", "4");
  expect(stdout).toContain("tuned.osd.expert");
  expect(stdout).toContain("chosen by gradient.");
  expect(stdout).toContain(
    "! Changed, but beyond what an adapter can say: model.norm.weight and 1",
  );
});

test.each<[string, string[]]>([
  ["osd: FOLDER, FILE.expert or BASE is missing", []],
  ["osd: 'c' is one operand too many", ["a", "b", "c"]],
  ["osd: --rank takes a whole number from 1 to 1024, not '0'", ["sql", "--rank", "0"]],
  ["osd: --sparsity takes a number from 0 to 1, not '2'", ["sql", "--sparsity", "2"]],
  ["osd: --ranks takes a whole number from 1 to 1024, not ''", ["sql", "--ranks", "4,"]],
  ["osd: --with is for BASE and TUNED: the source has its own files", ["sql", "--with", "sql"]],
  ["osd: --cert is about a key: --sign-key is missing", ["sql", "--cert", "x"]],
])("says %s", async (message, args) => {
  const { code, stderr } = await run(...args);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
});

test("refuses what a LoRA is not, and files that are there", async () => {
  await writeFile(folder.path("sql/adapter_config.json"), '{"peft_type":"LORA","use_dora":true}');
  const dora = await run("sql", ...NAMED, "--json");
  expect([dora.code, errorIn(dora)["code"]]).toEqual([2, "PeftUnsupported"]);
  await writeFile(folder.path("sql.osd.expert"), adapter());
  const there = await run("sql", ...NAMED, "--json");
  expect([there.code, errorIn(there)["code"]]).toEqual([1, "OutputExists"]);
});

/** A model of square matrices, each with values of its own seed. */
async function writeModel(name: string, seeds: Readonly<Record<string, number>>): Promise<void> {
  const side = 24;
  const header: Record<string, unknown> = {};
  const values: number[] = [];
  for (const [tensor, seed] of Object.entries(seeds)) {
    const start = values.length * 4;
    for (let i = 0; i < side * side; i += 1) values.push(((i * (seed + 6)) % 101) / 101 - 0.5);
    header[tensor] = {
      dtype: "F32",
      shape: [side, side],
      data_offsets: [start, values.length * 4],
    };
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  await mkdir(folder.path(name));
  const data = Buffer.from(Float32Array.from(values).buffer);
  await writeFile(folder.path(`${name}/model.safetensors`), Buffer.concat([length, json, data]));
}
