/** Questions asked before the code that needs their answers has come. */
import { address, type Params } from './questions';

export const HEADERS = { 'X-Holdfast': '1' };
/** Milliseconds after which an answer that nobody took is no news any more. */
const FRESH_MS = 30_000;

const asked = new Map<string, Promise<Response>>();
let isOver = false;

/** Asks; whoever puts the same question first takes this answer. Refused once the pages ask themselves. */
export function askEarly(path: string, params?: Params): Promise<Response> {
  if (isOver) return Promise.reject(new Error('the pages ask themselves'));
  const url = address(path, params);
  const answer = fetch(url, { headers: HEADERS });
  // Whoever takes it hears of a failure; nobody else needs to.
  answer.catch(() => undefined);
  asked.set(url, answer);
  setTimeout(() => asked.get(url) === answer && asked.delete(url), FRESH_MS);
  return answer;
}

/** What the answer holds, which stays for who takes it; an error where there is none. */
export async function peekEarly<T>(path: string, params?: Params): Promise<T> {
  const answer = askEarly(path, params).then((it) => it.clone());
  return (await answer).json() as Promise<T>;
}

/** The answer, once; whoever asks again asks the server again. */
export function takeEarly(url: string): Promise<Response> | undefined {
  const early = asked.get(url);
  asked.delete(url);
  return early;
}

/** From now on the pages ask, and take what was asked ahead. */
export function endEarly() {
  isOver = true;
}

/** What was answered to somebody else, or to nobody. */
export function forgetEarly() {
  asked.clear();
}
