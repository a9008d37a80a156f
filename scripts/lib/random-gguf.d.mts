export interface RandomModel {
  architecture: "qwen3" | "qwen2" | "llama";
  type: string;
  headType: string;
  tied: boolean;
  shape: {
    layers: number;
    hidden: number;
    intermediate: number;
    heads: number;
    kvHeads: number;
    headDim: number;
    vocabulary: number;
    context: number;
  };
}

/** Writes a model unless it is there; the same every time. */
export function makeModel(path: string, model: RandomModel): Promise<void>;
