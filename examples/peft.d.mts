export interface PeftRequest {
  kind: "lora" | "dora";
  layers: number;
  modules: readonly string[];
  rank: number;
}
export function peftFolder(request: PeftRequest): Record<string, Uint8Array>;
