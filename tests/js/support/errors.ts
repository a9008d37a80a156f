import { AndonError, type ErrorCode } from "andon";

/** The error that `act` throws or rejects with. */
export async function thrownBy(act: () => unknown): Promise<unknown> {
  try {
    await act();
  } catch (thrown) {
    return thrown;
  }
  throw new Error("nothing was thrown");
}

/** The AndonError that `act` throws or rejects with. */
export async function errorOf(act: () => unknown): Promise<AndonError> {
  const thrown = await thrownBy(act);
  if (thrown instanceof AndonError) return thrown;
  throw thrown;
}

export async function codeOf(act: () => unknown): Promise<ErrorCode> {
  return (await errorOf(act)).code;
}
