// Who works on a session waits until those before have finished.

import { abortable } from "../abort.js";

export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Waits; then the turn lasts until the function that this gives is called. */
  async enter(signal?: AbortSignal): Promise<() => void> {
    const before = this.#last;
    let leave: () => void = () => undefined;
    this.#last = new Promise((resolve) => {
      leave = resolve;
    });
    try {
      await abortable(before, signal);
    } catch (thrown) {
      void before.then(leave); // those behind still wait for those before
      throw thrown;
    }
    return leave;
  }

  async run<T>(act: () => Promise<T>): Promise<T> {
    const leave = await this.enter();
    try {
      return await act();
    } finally {
      leave();
    }
  }
}
