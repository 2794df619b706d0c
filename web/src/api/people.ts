/** Who is searched for. */
import { http } from './http';
import type { Found } from './types';

export const search = (q: string) => http.get<Found>('/search', { q });
