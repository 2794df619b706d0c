/** The client that is generated from the description of the API. */
import createClient, { type Middleware } from 'openapi-fetch';
import type { components, paths } from './generated';
import { HEADERS, Problem, problemOf } from './http';

const refuse: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await problemOf(response.clone());
  },
  onError() {
    return new Problem(0, 'offline', 'no answer from the server');
  },
};

export const api = createClient<paths>({ baseUrl: '', headers: HEADERS });
api.use(refuse);

type Schemas = components['schemas'];

/** A module of a score. */
export interface ScoredModule {
  module: string;
  score?: number | null;
  slope?: number | null;
  is_worsening: boolean;
}

export type Score = Omit<Schemas['Score'], 'modules'> & { modules: ScoredModule[] };

export interface Scored {
  household_id: string;
  scores: Score[];
  warnings: Warning[];
}
export type Me = Schemas['Me'];
export type Warning = Schemas['Warning'];
export type LiveEvent = Schemas['Event'];
export type User = Schemas['User'];
export type Taken = Schemas['Taken'];
