// Runs the compiled tests (tests/tsconfig.json) as ES modules against the built package in dist/.
export default {
  testEnvironment: "node",
  roots: ["<rootDir>/build/tests-js", "<rootDir>/dist"],
  testMatch: ["<rootDir>/build/tests-js/**/*.test.js"],
  transform: {},
  setupFilesAfterEnv: ["<rootDir>/build/tests-js/js/support/coverage.js"],
  maxWorkers: 2,
  testTimeout: 120_000,
};
