// Emscripten starts a thread with `new Worker(...)` of its own glue. Andon's JavaScript does that instead, as it knows
// Trusted Types, Node.js and what bundlers look for: the module is given `startThread`, which returns a Worker.
/* global LibraryManager, Module, PThread */
LibraryManager.library.$PThread.allocateUnusedWorker = () => {
  PThread.unusedWorkers.push(Module["startThread"]());
};
