import { open } from "andon";

const violations: string[] = [];
document.addEventListener("securitypolicyviolation", (event) => {
  violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
const model = await open("random.gguf", { kind: "language-model", threads: 2 });
const { simd, threads } = model.build;
const { tokens } = await model.generate("a b c", { maxTokens: 8 }).result();
model.dispose();
const answer = { build: [simd, threads], tokens: tokens.length, violations };
document.body.textContent = JSON.stringify(answer);
