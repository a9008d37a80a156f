// The child's end of child.mjs.

/** `calls`: { name: async function that gives an object }; the processor time is added. */
export function answer(calls) {
  process.on("message", ({ what, given }) => {
    const before = process.cpuUsage();
    void calls[what](given).then((result) => {
      const { user, system } = process.cpuUsage(before);
      process.send({ ...result, cpu: (user + system) / 1e6 });
    });
  });
}
