import { defineConfig } from "@playwright/test";
import { chromium } from "./chromium.js";

const port = 4174;
export const sharedPort = 4175; // of the same page, not cross-origin isolated

const server = (at: number, flag = "") => ({
  command: `node ../web-demo/serve.mjs ${at} ${flag}`,
  url: `http://localhost:${at}/`,
  reuseExistingServer: false,
});

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
  webServer: [server(port), server(sharedPort, "--shared")],
});
