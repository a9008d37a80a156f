// Node.js's stand-in for a page's Worker, with glue that is a line long.

import { expect, test } from "@jest/globals";

const url = new URL("../../../../dist/platform/node-thread.js", import.meta.url);
const { NodeThread } = (await import(
  url.href
)) as typeof import("../../../dist/platform/node-thread.js");

const glue = (text: string): URL => new URL(`data:text/javascript,${encodeURIComponent(text)}`);

test("the glue finds itself in a thread of its name, and is given messages", async () => {
  const thread = new NodeThread(
    glue("self.onmessage = ({ data }) => postMessage([name, typeof importScripts, data])"),
  );
  const answer = new Promise(
    (resolve) =>
      (thread.onmessage = ({ data }) => {
        resolve(data);
      }),
  );
  thread.postMessage("here");
  const ended = setTimeout(() => undefined, 10_000); // the thread alone keeps nothing running
  expect(await answer).toEqual(["em-pthread", "function", "here"]);
  clearTimeout(ended);
  thread.terminate();
});

test("glue that fails is an error", async () => {
  const thread = new NodeThread(glue("throw new Error('no thread today')"));
  const reason = new Promise((resolve) => (thread.onerror = resolve));
  expect(await reason).toMatchObject({ message: "no thread today" });
});
