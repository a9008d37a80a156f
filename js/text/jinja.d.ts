// What template.ts uses of the library, whose own declarations do not resolve in ES modules of Node.js.

/** A part of a parsed template. */
export interface Node {
  readonly type: string;
}

export interface Value {
  readonly type: string;
  readonly value: unknown;
}

export class Environment {
  set(name: string, value: unknown): Value;
}

export class Interpreter {
  constructor(environment: Environment);
  run(program: Node): Value;
  evaluate(node: Node | undefined, environment: Environment): Value;
}

export function tokenize(
  template: string,
  options: { lstrip_blocks: boolean; trim_blocks: boolean },
): object[];
export function parse(tokens: object[]): Node;
