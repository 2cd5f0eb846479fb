/** A JSON value on one line, as a person would write it: no quotes around text, thousands in numbers. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return numbers.format(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value === '' ? '(empty)' : momentText(value);
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object')) {
    return value.length === 0 ? '(empty list)' : value.map(valueText).join(', ');
  }
  return JSON.stringify(value);
}

/** A full ISO moment to the second; other text as it is. */
function momentText(text: string): string {
  const moment = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z$/.exec(text);
  return moment === null ? text : `${moment[1]} ${moment[2]} UTC`;
}

const numbers = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 6 });
