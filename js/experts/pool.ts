// The experts that are attached to a model: as many as the limits let stay, the least recently used go first.

import { AndonError } from "../errors.js";

/** What is attached, whoever attached it. */
export interface Attached {
  detach(): Promise<void>;
}

export interface PoolLimits {
  /** Experts at once. */
  count: number;
  /** Bytes that they hold together. */
  bytes: number;
}

export interface LoadedExpert {
  name: string;
  bytes: number;
  /** Whether something uses it now; then it stays. */
  inUse: boolean;
}

interface Entry<T extends Attached> {
  attached: T;
  bytes: number;
  users: number;
}

export type Load<T extends Attached> = () => Promise<{ attached: T; bytes: number }>;

export class ExpertPool<T extends Attached> {
  readonly #limits: PoolLimits;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry<T>>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(limits: PoolLimits) {
    this.#limits = limits;
  }

  /** The least recently used first. */
  list(): LoadedExpert[] {
    return [...this.#entries].map(([name, { bytes, users }]) => ({
      ...{ name, bytes },
      inUse: users > 0,
    }));
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * The expert, loaded if need be, and kept until `release` is called as often as this.
   *
   * Errors: ExpertBudget, those of `load`.
   */
  async hold(name: string, load: Load<T>): Promise<T> {
    return this.#inTurn(async () => {
      const entry = this.#entries.get(name) ?? (await this.#add(name, load));
      entry.users += 1;
      this.#entries.delete(name); // to be the last: it is used now
      this.#entries.set(name, entry);
      return entry.attached;
    });
  }

  release(name: string): void {
    const entry = this.#entries.get(name);
    if (entry !== undefined) entry.users -= 1;
  }

  /** Whether so many more, of these bytes together, would stay without any having to go. */
  hasRoomFor(count: number, bytes: number): boolean {
    return (
      this.#entries.size + count <= this.#limits.count &&
      this.#bytes() + bytes <= this.#limits.bytes
    );
  }

  /** Nothing where it is not loaded. Errors: ExpertInUse. */
  async drop(name: string): Promise<void> {
    await this.#inTurn(async () => {
      const entry = this.#entries.get(name);
      if (entry === undefined) return;
      if (entry.users > 0) throw new AndonError("ExpertInUse", `expert '${name}' is in use`);
      await this.#detach(name, entry);
    });
  }

  async #add(name: string, load: Load<T>): Promise<Entry<T>> {
    await this.#makeRoom(name, 0);
    const { attached, bytes } = await load();
    try {
      await this.#makeRoom(name, bytes); // only now is known how much it takes
    } catch (thrown) {
      await attached.detach();
      throw thrown;
    }
    return { attached, bytes, users: 0 };
  }

  /** Errors: ExpertBudget. */
  async #makeRoom(name: string, bytes: number): Promise<void> {
    const idle = [...this.#entries].filter(([, { users }]) => users === 0);
    for (const [other, entry] of idle) {
      if (this.hasRoomFor(1, bytes)) return;
      await this.#detach(other, entry);
    }
    if (this.hasRoomFor(1, bytes)) return;
    const { count: most, bytes: room } = this.#limits;
    throw new AndonError(
      "ExpertBudget",
      `expert '${name}': no room within ${most} experts of ${room} bytes, of which ${this.#entries.size} are in use`,
    );
  }

  async #detach(name: string, entry: Entry<T>): Promise<void> {
    this.#entries.delete(name);
    await entry.attached.detach();
  }

  #bytes(): number {
    return [...this.#entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** One change after the other: two that load the same expert load it once. */
  async #inTurn<R>(step: () => Promise<R>): Promise<R> {
    const mine = this.#turn.then(step);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}
