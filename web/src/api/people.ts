/** Who is searched for. */
import { http } from './http';
import type { Found } from './pending';

export const search = (q: string) => http.get<Found>('/search', { q });
