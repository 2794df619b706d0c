/** Which area a map begins with, and how deep a table of the worst goes. */
interface Area {
  code: string;
  has_children?: boolean | null;
}

/**
 * The outermost area that divides. Where somebody sees one province with one city in it, nobody wants a map of
 * one tile. Nothing where several areas lie on top, or none.
 */
export async function outermostOf(areasIn: (parent?: string) => Promise<{ items: Area[] }>): Promise<string | null> {
  const [root, ...others] = (await areasIn()).items;
  if (!root || others.length > 0) return null;
  const [only, ...more] = (await areasIn(root.code)).items;
  return only?.has_children && more.length === 0 ? only.code : root.code;
}

interface Children {
  items: { area_code?: string; level?: number | null }[];
  levels?: number | null;
}

/**
 * The level above the finest, where it lies deeper than the areas that are shown: of a whole city its
 * townships, which counties would hide.
 */
export function deeperLevel(parts: Children | undefined): number | undefined {
  const [depth, finest] = [parts?.items.find((it) => it.area_code)?.level, parts?.levels];
  return depth && finest && depth < finest - 1 ? finest - 1 : undefined;
}
