// Stands in for a server that gives parts of a file, and counts what it was asked for.

import type { Page } from "@playwright/test";

export interface Served {
  parts: { first: number; last: number }[];
  wholes: number;
  /** What begins from there to there waits, until the function that this gives is called. */
  hold(from: number, to: number): () => void;
}

export async function serveParts(page: Page, url: string, body: Buffer): Promise<Served> {
  const parts: Served["parts"] = [];
  let holding = { from: 0, to: 0, end: Promise.resolve() };
  const served: Served = {
    parts,
    wholes: 0,
    hold(from, to) {
      let release = (): void => undefined;
      const end = new Promise<void>((resolve) => (release = resolve));
      holding = { from, to, end };
      return release;
    },
  };
  await page.route(url, async (route) => {
    const range = /bytes=(\d+)-(\d*)/.exec((await route.request().headerValue("range")) ?? "");
    const headers = { "accept-ranges": "bytes", etag: '"one"' };
    if (!range) {
      served.wholes += 1;
      return route.fulfill({ status: 200, headers, body });
    }
    const first = Number(range[1]);
    const last = Math.min(range[2] ? Number(range[2]) : Infinity, body.length - 1);
    parts.push({ first, last });
    if (first >= holding.from && first < holding.to) await holding.end;
    await route
      .fulfill({
        status: 206,
        headers: { ...headers, "content-range": `bytes ${first}-${last}/${body.length}` },
        body: body.subarray(first, last + 1),
      })
      .catch(() => undefined); // nobody waits for it any more
  });
  return served;
}
