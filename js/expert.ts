import { follow } from "./abort.js";
import type { AdapterLayer, AdapterSummary } from "./adapter.js";
import type { Content, Form } from "./core-expert.js";
import { AndonError } from "./errors.js";
import type {
  ExpertDescription,
  ExpertManifest,
  Section,
  SectionType,
} from "./expert-description.js";
import { ExpertSections, type IntegrityOptions } from "./expert-sections.js";
import { dispose, holding, ours, ownedBy, requireOurs } from "./handle.js";
import type { OwnedSession } from "./inner.js";
import type { OpenedExpert } from "./session.js";
import type { Source } from "./source.js";
import type { Verdict } from "./verdict.js";

/** Layers that are read before they are asked for. */
const readAhead = 2;

export interface ReadOptions {
  /** Aborting rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * A verified expert: an adapter for a language model. Its sections are read, verified and decoded when
 * they are first asked for, and kept within `cacheBytes`.
 *
 * Everything throws `AndonError`: `Disposed` after `dispose()`, `WorkerFailed` when its worker ends
 * unasked, `SourceUnreadable`, `SourceChanged`, and the codes of damaged sections.
 */
export class Expert {
  readonly kind = "expert";
  readonly verdict: Verdict;
  readonly description: ExpertDescription;
  readonly #sections: ExpertSections;
  readonly #release: () => void;

  private constructor(token: symbol, sections: ExpertSections, opened: OpenedExpert) {
    requireOurs(token);
    this.verdict = opened.verdict;
    this.description = opened.description;
    this.#sections = sections;
    this.#release = ownedBy(this, () => {
      sections.close();
    });
  }

  /** @internal */
  static of(session: OwnedSession, source: Source, opened: OpenedExpert): Expert {
    return new Expert(ours, new ExpertSections(session, source, opened), opened);
  }

  get name(): string {
    return this.description.name;
  }

  get version(): string {
    return this.description.version;
  }

  get manifest(): ExpertManifest {
    return this.description.manifest;
  }

  get sections(): readonly Section[] {
    return this.description.sections;
  }

  /**
   * The adapter of a decoder layer; `null`: of what lies outside the layers.
   *
   * @throws AndonError `SectionUnknown`
   */
  async layer(index: number | null, options: ReadOptions = {}): Promise<AdapterLayer> {
    return (await this.#take(this.#paramsOf(index), "layer", options)) as AdapterLayer;
  }

  /**
   * What a layer is, without its numbers, and how much each module changes: for charts.
   *
   * @throws AndonError `SectionUnknown`
   */
  async summary(index: number | null, options: ReadOptions = {}): Promise<AdapterSummary> {
    return (await this.#take(this.#paramsOf(index), "summary", options)) as AdapterSummary;
  }

  /** All layers in order, then what lies outside them; reads ahead. */
  async *layers(options: ReadOptions = {}): AsyncGenerator<AdapterLayer, void, undefined> {
    const abort = new AbortController();
    const unfollow = follow(options.signal, abort);
    const coming: Promise<AdapterLayer>[] = [];
    try {
      for (const index of this.#layerOrder()) {
        const next = this.layer(index, { signal: abort.signal });
        next.catch(() => undefined); // it is thrown when its turn comes
        coming.push(next);
        if (coming.length > readAhead) yield (await coming.shift()) as AdapterLayer;
      }
      for (const next of coming) yield await next;
    } finally {
      unfollow();
      abort.abort();
    }
  }

  /** Brings layers, by default all of them, into the cache as far as it has room. */
  async prefetch(
    layers: readonly (number | null)[] = this.#layerOrder(),
    options: ReadOptions = {},
  ): Promise<void> {
    for (const index of layers) {
      await this.#take(this.#paramsOf(index), "nothing", options);
    }
  }

  /** The verified content of a section. @throws AndonError `SectionUnknown` */
  async section(id: number, options: ReadOptions = {}): Promise<Uint8Array> {
    return (await holding(this, this.#sections.take(id, "bytes", options.signal))) as Uint8Array;
  }

  /** The first section of a type that holds text or JSON; `undefined`: there is none. */
  async text(
    type: Exclude<SectionType, "params" | "soft-prompt" | "signing-cert" | "attachment">,
    options: ReadOptions = {},
  ): Promise<string | undefined> {
    const section = this.sections.find((candidate) => candidate.type === type);
    if (section === undefined) return undefined;
    return new TextDecoder().decode(await this.section(section.id, options));
  }

  /** The METRICS section, which is JSON of its maker's choice; `undefined`: there is none. */
  async metrics(options: ReadOptions = {}): Promise<unknown> {
    const text = await this.text("metrics", options);
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** The paths of the files that travel with the expert. */
  async attachments(options: ReadOptions = {}): Promise<string[]> {
    const paths: string[] = [];
    for (const { path, section } of this.description.attachments) {
      paths.push(path ?? attachmentOf(await this.section(section, options)).path);
    }
    return paths;
  }

  /** @throws AndonError `SectionUnknown` where no attachment has that path */
  async attachment(path: string, options: ReadOptions = {}): Promise<Uint8Array> {
    for (const candidate of this.description.attachments) {
      if (candidate.path !== null && candidate.path !== path) continue;
      const attachment = attachmentOf(await this.section(candidate.section, options));
      if (attachment.path === path) return attachment.content;
    }
    throw new AndonError("SectionUnknown", `expert: no attachment "${path}"`);
  }

  /**
   * Verifies every byte of the file and decodes every section, which opening leaves to their first use.
   *
   * @throws AndonError with a `verdict`, where something is damaged; `BaseShapeMismatch`, `BaseConfig`
   */
  async verifyIntegrity(options: IntegrityOptions = {}): Promise<Verdict> {
    await holding(this, this.#sections.check(options));
    const reasons = [...this.verdict.reasons, "Every byte and every section was verified."];
    return { ...this.verdict, reasons };
  }

  /** Frees the memory and ends its worker; calls that wait are rejected with `Disposed`. */
  dispose(): void {
    this.#release();
  }

  [dispose](): void {
    this.dispose();
  }

  #layerOrder(): (number | null)[] {
    const outside = this.sections.some(({ type, layer }) => type === "params" && layer === null);
    return outside ? [...this.description.layers, null] : this.description.layers;
  }

  #paramsOf(index: number | null): Section {
    const found = this.sections.find(({ type, layer }) => type === "params" && layer === index);
    if (found !== undefined) return found;
    throw new AndonError("SectionUnknown", `expert: no layer ${String(index)}`);
  }

  async #take(
    section: Section,
    form: Exclude<Form, "bytes">,
    { signal }: ReadOptions,
  ): Promise<Content> {
    return holding(this, this.#sections.take(section.id, form, signal));
  }
}

/** The core has checked the form: u16 length of the path, path, content. */
function attachmentOf(section: Uint8Array): { path: string; content: Uint8Array } {
  const length = (section[0] ?? 0) | ((section[1] ?? 0) << 8);
  const path = new TextDecoder().decode(section.subarray(2, 2 + length));
  return { path, content: section.slice(2 + length) };
}
