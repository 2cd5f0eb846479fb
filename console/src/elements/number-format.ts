const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 });

/** 1,234,567. */
export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? '–' : whole.format(value);
}

/** 1 event, 1,234 events; 1 person, 2 people. */
export function formatCounted(value: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(value)} ${value === 1 ? noun : plural}`;
}

/** Null: those who see no people are told no more of a small number. */
export const formatPeople = (people: number | null): string =>
  people === null ? 'fewer than 10' : formatCount(people);

/** 12.3, 0.45: three digits that matter. */
export function formatRate(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? '–' : short.format(value);
}

/** 0.1234 as 12.3 %. */
export function formatShare(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value)
    ? '–'
    : `${short.format(value * 100)} %`;
}

/** Bytes in binary units: 1.5 GiB. */
export function formatBytes(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), units.length - 1);
  return `${short.format(value / 1024 ** power)} ${units[power]}`;
}

/** Seconds as 3 d 4 h, 12 min, 40 s. */
export function formatDuration(value_s: number): string {
  if (value_s >= 86_400)
    return `${Math.floor(value_s / 86_400)} d ${Math.floor((value_s % 86_400) / 3_600)} h`;
  if (value_s >= 3_600) return `${Math.floor(value_s / 3_600)} h ${Math.floor((value_s % 3_600) / 60)} min`;
  if (value_s >= 60) return `${Math.floor(value_s / 60)} min`;
  return `${short.format(value_s)} s`;
}
