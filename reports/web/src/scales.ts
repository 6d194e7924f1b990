// Where things stand on the axes.

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
  604_800, 1_209_600, 2_419_200, 7_776_000, 31_536_000, 157_680_000];

/** The seconds between ticks so that there are at most `most` of them. */
export function timeStep(from: number, to: number, most: number): number {
  for (const step of steps) if ((to - from) / step <= most) return step;
  return 10 * steps[steps.length - 1]!;
}

/** Multiples of `step` in [from, to], counted from `offset`. */
export function timeTicks(from: number, to: number, step: number, offset = 0): number[] {
  const ticks: number[] = [];
  for (let k = Math.ceil((from - offset) / step - 1e-9); offset + k * step <= to + 1e-9; ++k) ticks.push(offset + k * step);
  return ticks;
}

/** Of a share of runs: each step to the right is ten times rarer. 0.9 is 1, 0.99 is 2. */
export function nines(sharePart: number): number {
  return -Math.log10(Math.max(1e-6, 1 - sharePart));
}

/** Of a wait on its axis: logarithmic from a second on, everything below it at the bottom. */
export function waitPlace(seconds: number): number {
  return Math.log10(Math.max(1, seconds));
}

/** A measured value against its limit in decades, bounded; null: one of them is not positive. */
export function logRatio(measured: number | null, limit: number, most = 1.5): number | null {
  if (measured === null || limit <= 0) return null;
  if (measured <= 0) return -most;
  return Math.max(-most, Math.min(most, Math.log10(measured / limit)));
}

/** Which of the five greys: of a share of a limit. */
export function shareStep(value: number | null): number {
  if (value === null || value < 0.1) return 0;
  return value < 0.3 ? 1 : value < 0.6 ? 2 : value < 0.9 ? 3 : 4;
}

/** Which of the five greys: of a wait, a step a decade. */
export function waitStep(seconds: number | null): number {
  if (seconds === null || seconds < 10) return 0;
  return seconds < 60 ? 1 : seconds < 600 ? 2 : seconds < 3600 ? 3 : 4;
}

/** Places of labels of these heights, moved apart as little as an order from top to bottom allows. */
export function dodge(places: number[], gap: number, top: number, bottom: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a]! - places[b]!);
  const moved = [...places];
  let least = top;
  for (const i of order) {
    moved[i] = Math.max(moved[i]!, least);
    least = moved[i]! + gap;
  }
  let most = bottom;
  for (const i of order.reverse()) {
    moved[i] = Math.min(moved[i]!, most);
    most = moved[i]! - gap;
  }
  return moved;
}

/** Neighbours of one value as one: [value, first, behind the last]. */
export function runsOf(values: number[]): [number, number, number][] {
  const runs: [number, number, number][] = [];
  values.forEach((value, i) => {
    const last = runs[runs.length - 1];
    if (last && last[0] === value) last[2] = i + 1;
    else runs.push([value, i, i + 1]);
  });
  return runs;
}

/** The largest of the known values; null: none is known. */
export function largest(values: (number | null)[]): number | null {
  let most: number | null = null;
  for (const value of values) if (value !== null && (most === null || value > most)) most = value;
  return most;
}
