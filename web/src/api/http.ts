import { HEADERS, takeEarly } from './early';
import { address, type Params } from './questions';

/** What goes wrong on the way: a problem of RFC 9457, or no network. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly hint?: string | null,
    readonly body?: unknown,
  ) {
    super(detail);
  }

  /** The server does not know the route: an older one. */
  get isMissingRoute(): boolean {
    return this.status === 405 || (this.status === 404 && /such address/.test(this.detail));
  }
}

export { address, type Params };

export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const it = JSON.parse(text) as { code?: string; detail?: string; title?: string; hint?: string };
    const detail = it.detail ?? it.title ?? response.statusText;
    return new Problem(response.status, it.code ?? '', detail, it.hint, it);
  } catch {
    return new Problem(response.status, '', text || response.statusText);
  }
}

async function send<T>(method: string, path: string, params?: Params, body?: unknown): Promise<T> {
  let response: Response;
  try {
    const isFile = body instanceof Blob;
    const headers: Record<string, string> = { ...HEADERS };
    if (body !== undefined) {
      headers['Content-Type'] = isFile ? 'application/octet-stream' : 'application/json';
    }
    const sent = body === undefined ? undefined : isFile ? body : JSON.stringify(body);
    const url = address(path, params);
    response = await ((method === 'GET' && takeEarly(url)) || fetch(url, { method, headers, body: sent }));
  } catch {
    throw new Problem(0, 'offline', 'no answer from the server');
  }
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

export const http = {
  get: <T>(path: string, params?: Params) => send<T>('GET', path, params),
  post: <T>(path: string, body?: unknown, params?: Params) => send<T>('POST', path, params, body),
  put: <T>(path: string, body?: unknown) => send<T>('PUT', path, undefined, body),
  delete: <T>(path: string) => send<T>('DELETE', path),
};
