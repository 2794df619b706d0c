/** The client that is generated from the description of the API. */
import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from './generated';
import { HEADERS, takeEarly } from './early';
import { Problem, problemOf } from './http';
import type { Schemas } from './types';

const refuse: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await problemOf(response.clone());
  },
  onError() {
    return new Problem(0, 'offline', 'no answer from the server');
  },
};

/** The answer that was asked for before, else one of the server. */
async function ask(it: Request): Promise<Response> {
  const early = it.method === 'GET' ? takeEarly(it.url.slice(location.origin.length)) : undefined;
  return early ?? fetch(it);
}

export const api = createClient<paths>({ baseUrl: '', headers: HEADERS, fetch: ask });
api.use(refuse);

export type Me = Schemas['Me'];
export type LiveEvent = Schemas['Event'];
export type User = Schemas['User'];
export type Taken = Schemas['Taken'];
