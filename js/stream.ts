// Streams of rows: in order, in constant memory, and as fast as the consumer asks. Rows that are there
// without waiting travel together, so that the cost of a message to a worker is shared.

import type { Rows } from "./rows.js";
import { isBatch, requireRow, type RowStream, type Stream } from "./input.js";
import type { Shape } from "./results.js";
import type { RowInput, Schema } from "./schema.js";
import type { Awaitable } from "./session.js";

const mostRows = 1024;

/** Each item's answer: `one` for a row, `many` for a batch. An error comes after the answers before it. */
export async function* answers<One, Many>(
  items: RowStream,
  schema: Schema,
  shapeOf: () => Shape<One, Many>,
  predict: (rows: Rows) => Awaitable<Rows>,
): AsyncGenerator<One | Many, void, undefined> {
  const shape = shapeOf();
  for await (const group of groups(items)) {
    for (const { rows, single } of merged(group, schema)) {
      const outputs = await predict(rows);
      if (single) yield* each(outputs, (outputs.length * schema.width) / rows.length, shape);
      else yield shape.many(outputs);
    }
  }
}

function* each<One>(outputs: Rows, width: number, shape: Shape<One, unknown>): Generator<One> {
  for (let start = 0; start < outputs.length; start += width) {
    yield shape.one(outputs.subarray(start, start + width));
  }
}

/** The rows of a group, joined where they follow each other; batches stay as they are. */
function* merged(
  group: readonly (RowInput | Rows)[],
  schema: Schema,
): Generator<{ rows: Rows; single: boolean }> {
  let rows = new Float64Array(group.length * schema.width);
  let used = 0;
  const flush = (): { rows: Rows; single: boolean } => {
    const full = { rows: rows.subarray(0, used), single: true };
    rows = new Float64Array(rows.length - used);
    used = 0;
    return full;
  };
  for (const item of group) {
    try {
      encode(item, schema, rows, used);
    } catch (thrown) {
      if (used > 0) yield flush();
      throw thrown;
    }
    if (!isBatch(item)) {
      used += schema.width;
      continue;
    }
    if (used > 0) yield flush();
    yield { rows: item, single: false };
  }
  if (used > 0) yield flush();
}

function encode(item: unknown, schema: Schema, into: Float64Array, start: number): void {
  if (isBatch(item)) {
    schema.requireWholeRows(item);
  } else {
    requireRow(item);
    schema.encode(item, into, start);
  }
}

/** Groups of items that came within one turn of the event loop; waits for the first of each. */
async function* groups<T>(items: Stream<T>): AsyncGenerator<T[], void, undefined> {
  const iterator: AsyncIterator<T> | Iterator<T> =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const pull = async (): Promise<IteratorResult<T>> => iterator.next();
  let ended = false;
  try {
    let next: Promise<IteratorResult<T>> | undefined;
    for (;;) {
      const first = await (next ?? pull());
      next = undefined;
      if (first.done === true) break;
      const group = [first.value];
      const turn = nextTurn();
      while (group.length < mostRows) {
        next = pull();
        // A failure is thrown above, after this group.
        const item = await Promise.race([next.catch(() => undefined), turn]);
        if (item === undefined || item.done === true) break;
        group.push(item.value);
        next = undefined;
      }
      yield group;
    }
    ended = true;
  } finally {
    if (!ended) await iterator.return?.();
  }
}

async function nextTurn(): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve(undefined);
    });
  });
}
