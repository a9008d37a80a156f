// Takes the pictures in docs/images: npx playwright test --config e2e/picture.config.ts

import { defineConfig } from "@playwright/test";
import tests from "./playwright.config.js";

export default defineConfig(tests, { testMatch: "picture.ts" });
