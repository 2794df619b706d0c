/** Names of the pages for what the API's description holds. */
import type { components } from './generated';

export type Schemas = components['schemas'];

/** A page of a list: what all lists have in common. */
export interface Page<T> {
  items: T[];
  next?: string | null;
}

export type Area = Schemas['Area'];
/** An area with those around it. */
export type Placed = Schemas['Placed'];

/** The description leaves geometry to GeoJSON. */
export interface Boundaries {
  type: 'FeatureCollection';
  features: {
    type: 'Feature';
    properties: Pick<Schemas['Properties'], 'code'>;
    geometry: { type: 'Polygon' | 'MultiPolygon'; coordinates: unknown };
  }[];
}

/** Households by band, or by anything else. */
export type Counts = Partial<Record<string, number>>;
export type Child = Schemas['AreaFigures'];
export type Children = Schemas['AreasFigures'];
export type Past = Schemas['PastSituation'];
export type Summary = Schemas['Sentence'];
export type Rule = Schemas['Rule'];

export type Score = Schemas['Score'];
export type Scored = Schemas['Household'];
export type Explanation = Schemas['Explanation'];
export type HouseholdHistory = Schemas['History'];
export type TimelineItem = Schemas['Happened'];
export type Slider = Schemas['Slider'];
export type Tried = Schemas['HouseholdTried'];
export type Form = Schemas['Form'];
/** What lies on a phone may have come from an older page, which kept less. */
export type LastFact = Pick<Schemas['Last'], 'fact' | 'value'> & Partial<Schemas['Last']>;

export type Warning = Schemas['Warning'];
export type WarningCounts = Schemas['Counts'];

export type Found = Schemas['FoundAnything'];
export type Person = Schemas['Person'];
/** A person as one of a household, with what they are. */
export type Member = Schemas['HouseholdMember'];
export type Sealed = Schemas['SealedField'];
export type Pair = Schemas['DuplicatePair'];

/** The description leaves the findings of a job open. */
export type Job = Omit<Schemas['Job'], 'error'> & {
  error?: { code?: string; detail?: string; hint?: string | null }[] | null;
};
export type ImportColumns = Schemas['Columns'];
export type ImportRows = Schemas['ImportedRows'];
export type Mapping = Schemas['Mapping'];
