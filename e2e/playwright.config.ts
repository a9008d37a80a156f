import { defineConfig } from "@playwright/test";
import { chromium } from "./chromium.js";

const port = 4174;

export default defineConfig({
  testDir: ".",
  outputDir: "../build/e2e",
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  timeout: 60_000, // patient with a machine that does other things as well
  expect: { timeout: 15_000 },
  reporter: "list",
  use: {
    baseURL: `http://localhost:${port}/`,
    launchOptions: chromium,
    serviceWorkers: "block", // but where offline work itself is tested
    screenshot: "only-on-failure",
  },
  webServer: {
    command: `node ../web-demo/serve.mjs ${port}`,
    url: `http://localhost:${port}/`,
    reuseExistingServer: false,
  },
});
