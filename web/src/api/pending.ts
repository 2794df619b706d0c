/**
 * Shapes of routes that the description of the API does not hold yet. Whatever it holds is taken
 * from `generated.ts`; this file shrinks.
 */
import type { Label } from '@/i18n';

export interface Page<T> {
  items: T[];
  next?: string | null;
  total?: number | null;
}

export interface Area {
  code: string;
  name: Label;
  level: number;
  parent?: string | null;
  has_children?: boolean;
  path?: { code: string; name: Label }[];
}

export interface Boundaries {
  type: 'FeatureCollection';
  features: {
    type: 'Feature';
    properties: { code: string };
    geometry: { type: 'Polygon' | 'MultiPolygon'; coordinates: unknown };
  }[];
}

export type Counts = Partial<Record<string, number>>;

export interface Child {
  area_code: string;
  name: Label;
  households: number;
  bands: Counts;
  warned: number;
  previous_warned?: number | null;
  waiting: number;
  overdue: number;
  composite_mean?: number | null;
  confidence_mean?: number | null;
  modules: Record<string, number | null>;
}

export interface Past {
  period: string;
  households: number;
  warned?: number;
  bands: Counts;
  modules: Record<string, number | null>;
}

export interface Summary {
  period?: string | null;
  households: number;
  need_visit: number;
  change_since_previous?: number | null;
  waiting?: number;
  waiting_over_days: number;
  days?: number | null;
  budget?: number | null;
  within_budget?: number | null;
  as_of?: string | null;
}

export interface Rule {
  rule: string;
  label: Label;
  raised: number;
  acknowledged: number;
  ended: number;
  confirmed?: number | null;
  precision?: number | null;
  median_days_to_acknowledgement?: number | null;
}

export interface Contribution {
  indicator: string;
  label: Label;
  module: string;
  points: number;
  severity?: number | null;
  value?: unknown;
  unit?: string | null;
  sentence?: Label;
}

export interface NotKnown {
  indicator: string;
  label: Label;
  sentence?: Label;
}

export interface Explanation {
  band: string;
  own_band?: string | null;
  composite: number;
  confidence: number;
  contributions: Contribution[];
  forced: { key: string; label: Label; band: string; sentence?: Label }[];
  unjudged: NotKnown[];
  unknown?: NotKnown[];
  lifted_by?: Label[];
  changes: {
    indicator: string;
    label: Label;
    from: unknown;
    to: unknown;
    from_severity?: number | null;
    to_severity?: number | null;
    points?: number | null;
    facts?: string[];
  }[];
  ways_out: {
    indicator: string;
    label: Label;
    attribute?: string;
    from: unknown;
    to: unknown;
    band_after: string;
    sentence?: Label;
  }[];
  plain?: Label;
}

export interface HouseholdHistory {
  items: {
    period: string;
    band: string;
    composite: number;
    confidence: number;
    modules: Record<string, number | null>;
  }[];
  lines?: { yellow?: number; orange?: number; red?: number };
  shocks?: { period: string; label: Label; fact?: string }[];
}

export interface TimelineItem {
  at: string;
  valid_from?: string | null;
  kind: 'fact' | 'score' | 'warning' | 'correction';
  text: Label;
  source?: string | null;
  fact?: string | null;
  code?: string | null;
  member_id?: string | null;
  superseded_by?: string | null;
  band?: string | null;
}

export interface TrialScore {
  band: string;
  composite: number;
  confidence: number;
  modules: Record<string, number | null>;
}

export interface Slider {
  attribute: string;
  label: Label;
  unit?: string | null;
  value: number | null;
  min: number;
  max: number;
  step: number;
}

export interface Form {
  fact: string;
  label: Label;
  type: string;
  unit?: string | null;
  min?: number | null;
  max?: number | null;
  categories?: { id: string; label: Label }[] | null;
  subject: 'household' | 'member' | 'site';
  why?: Label;
  source?: string | null;
}

export interface LastFact {
  fact: string;
  fact_id?: string | null;
  label?: Label;
  value: string;
  shown?: Label;
  valid_from?: string | null;
  recorded_at?: string | null;
  source?: string | null;
  member_id?: string | null;
}

export interface WarningMore {
  sentence?: Label;
  assignee?: string | null;
  suppressed_until?: string | null;
  kind?: string | null;
}

export type WarningCounts = Record<string, Record<string, number>>;

export interface FoundHousehold {
  household_id: string;
  code?: string;
  area_code?: string | null;
  area_name?: Label;
  band?: string | null;
}

/** A field that is sealed in the store: masked, unless it was shown for a reason. */
export interface Sealed {
  field: string;
  scheme?: string | null;
  text: string;
}

export interface Person {
  person_id: string;
  household_id?: string | null;
  household_code?: string | null;
  area_code?: string | null;
  name?: string | null;
  pinyin?: string | null;
  sex?: string | null;
  birth_date?: string | null;
  birth_place?: string | null;
  relation?: string | null;
  status?: string | null;
  source?: string | null;
  masked?: Sealed[];
  is_student?: boolean | null;
  can_work?: boolean | null;
  is_ill?: boolean | null;
}

export interface Found {
  households: FoundHousehold[];
  people: Person[];
}

export interface Job {
  id: string;
  number?: number;
  kind: string;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  phase?: string;
  done: number;
  total?: number | null;
  rows_per_s?: number | null;
  dry_run?: boolean;
  filename?: string | null;
  actor?: string | null;
  created_at?: string | null;
  ended_at?: string | null;
  result?: Record<string, unknown> | null;
  error?: { detail?: string; code?: string; hint?: string } | null;
}

export interface ImportColumns {
  columns: { name: string; guess?: string | null; is_certain?: boolean; sample: (string | null)[] }[];
  targets: { name: string; label: Label; required: boolean; is_fact?: boolean }[];
}

export interface ImportRows {
  columns: string[];
  items: {
    line: number;
    cells: (string | null)[];
    errors: { column?: string | null; code: string; detail: string; hint?: string | null }[];
  }[];
  next?: number | null;
}

export interface Mapping {
  name: string;
  kind: string;
  columns: Record<string, string>;
}

export interface Pair {
  id: number;
  reason: string;
  likeness: number;
  state: string;
  one: Person;
  other: Person;
}
