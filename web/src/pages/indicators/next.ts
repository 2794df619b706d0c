/** The version after this one that is not there yet: its last number goes up. */
export function next(version: string, there: string[]): string {
  const [, head = `${version}.`, last = '0'] = /^(.*?)(\d+)$/.exec(version) ?? [];
  let number = Number(last) + 1;
  while (there.includes(`${head}${number}`)) number += 1;
  return `${head}${number}`;
}
