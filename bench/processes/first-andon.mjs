// argv: path of a package with 4 features. Prints milliseconds from the import to a prediction.
const cpu = process.cpuUsage();
const start = performance.now();
const { openInThread } = await import("../../dist/index.js");
const imported = performance.now();
const model = await openInThread(process.argv[2]);
const opened = performance.now();
const { prediction } = model.predict([5.1, 3.5, 1.4, 0.2]);
const end = performance.now();
const { user, system } = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    total: end - start,
    import: imported - start,
    open: opened - imported,
    predict: end - opened,
    cpu: (user + system) / 1000,
    prediction,
  }),
);
