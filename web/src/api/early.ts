/** The first question, asked before the code that needs its answer has come. */
export const HEADERS = { 'X-Holdfast': '1' };

let asked: Promise<Response> | undefined;

export function askEarly() {
  asked = fetch('/api/v1/me', { headers: HEADERS });
  // Whoever takes it hears of a failure; nobody else needs to.
  asked.catch(() => undefined);
}

/** The answer, once; whoever asks again asks the server again. */
export function takeEarly(): Promise<Response> | undefined {
  const early = asked;
  asked = undefined;
  return early;
}
