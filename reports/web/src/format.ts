// Figures as text, in the same notation as the words of the page: 1h31m, 77 %, 12.3k.

/** Three significant digits, without exponent for everyday sizes. */
export function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function twoParts(first: number, unit: string, second: number, below: string): string {
  return second === 0 ? `${first}${unit}` : `${first}${unit}${String(second).padStart(2, '0')}${below}`;
}

/** 0s, 1.25ms, 12.3s, 4m05s, 1h30m, 2d03h: two units or three digits. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return '–';
  if (!Number.isFinite(seconds)) return 'endless';
  if (seconds < 0) return `-${duration(-seconds)}`;
  if (seconds === 0) return '0s';
  if (seconds < 0.9995e-6) return `${threeDigits(seconds * 1e9)}ns`;
  if (seconds < 0.9995e-3) return `${threeDigits(seconds * 1e6)}us`;
  if (seconds < 0.9995) return `${threeDigits(seconds * 1e3)}ms`;
  if (seconds < 59.95) return `${threeDigits(seconds)}s`;
  if (seconds < 3599.5) {
    const s = Math.round(seconds);
    return twoParts(Math.floor(s / 60), 'm', s % 60, 's');
  }
  if (seconds < 86_370) {
    const minutes = Math.round(seconds / 60);
    return twoParts(Math.floor(minutes / 60), 'h', minutes % 60, 'm');
  }
  const hours = Math.round(seconds / 3600);
  return twoParts(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** 12.3k, 4.56M; whole numbers below 10 000 as they are. */
export function count(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 999_500) return `${threeDigits(value / 1e6)}M`;
  if (Math.abs(value) >= 10_000) return `${threeDigits(value / 1e3)}k`;
  if (Math.abs(value) >= 999.5) return String(Math.round(value));
  return threeDigits(value);
}

/** 77 %; never 0 % or 100 % for what is not. */
export function share(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const percent = value * 100;
  if (percent > 0 && percent < 0.1) return '<0.1 %';
  if (percent < 100 && percent > 99.9) return '>99.9 %';
  return `${threeDigits(percent)} %`;
}

export interface Clock {
  start_ms?: number;
  zone?: string;
  from: number;
  until: number;
}

function zoned(clock: Clock, time: number, options: Intl.DateTimeFormatOptions): string {
  const date = new Date((clock.start_ms ?? 0) + time * 1000);
  const of = (zone: string) => new Intl.DateTimeFormat('en-GB', {...options, timeZone: zone, hour12: false}).format(date);
  try {
    return of(clock.zone ?? 'UTC');
  } catch {
    return `${of('UTC')} UTC`; // a zone that this browser does not know
  }
}

/** When: on the calendar if the scenario has a start, else the time since its beginning. */
export function instant(clock: Clock, time: number): string {
  if (clock.start_ms === undefined) return sinceBegin(time);
  const short = clock.until - clock.from < 7200;
  const parts: Intl.DateTimeFormatOptions = {weekday: 'short', hour: '2-digit', minute: '2-digit'};
  if (short) parts.second = '2-digit';
  if (clock.until - clock.from > 7 * 86_400) Object.assign(parts, {day: 'numeric', month: 'short'});
  return zoned(clock, time, parts);
}

function sinceBegin(time: number): string {
  const minutes = Math.floor(time / 60);
  if (minutes < 24 * 60 || minutes % (24 * 60) === 0) return duration(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(minutes / 1440)}d${two(Math.floor(minutes / 60) % 24)}h${two(minutes % 60)}m`;
}

/** Beside a tick of an axis whose ticks are `step` seconds apart. */
export function tickLabel(clock: Clock, time: number, step: number): string {
  if (clock.start_ms === undefined) return time === 0 ? (step < 60 ? '0s' : step < 3600 ? '0m' : step < 86_400 ? '0h' : '0d') : sinceBegin(time);
  const span = clock.until - clock.from;
  if (step >= 86_400) return zoned(clock, time, {day: 'numeric', month: 'short', ...(span > 400 * 86_400 ? {year: 'numeric' as const} : {})});
  return zoned(clock, time, {...(span > 86_400 ? {weekday: 'short' as const} : {}), hour: '2-digit', minute: '2-digit'});
}
