/**
 * Shows each request of the client with its answer. The client stays as it is: the page listens at `fetch`, and
 * passes everything on unchanged.
 */
export function watchDeliveries(log: HTMLElement, host: string): void {
  const original = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.startsWith(host) || init?.method?.toUpperCase() !== 'POST') return original(input, init);
    const entry = addEntry(log, String(init.body ?? ''));
    try {
      const response = await original(input, init);
      entry.answer(`${response.status} ${response.statusText}`.trim(), response.ok);
      return response;
    } catch (error) {
      entry.answer('no answer', false);
      throw error;
    }
  };
}

const LONGEST_LOG = 100;

function addEntry(log: HTMLElement, body: string): { answer(text: string, good: boolean): void } {
  const item = document.createElement('li');
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  const name = document.createElement('strong');
  const status = document.createElement('span');
  const payload = document.createElement('pre');
  const event = readEvent(body);
  name.textContent = event.title;
  status.textContent = '…';
  payload.textContent = event.text;
  payload.tabIndex = 0;
  summary.append(name, status);
  details.append(summary, payload);
  item.append(details);
  log.prepend(item);
  while (log.children.length > LONGEST_LOG) log.lastElementChild?.remove();
  return {
    answer: (text, good) => {
      status.textContent = text;
      status.className = good ? 'ok' : 'bad';
    },
  };
}

function readEvent(body: string): { title: string; text: string } {
  try {
    const event = JSON.parse(body) as { type?: string; event?: string; name?: string };
    return {
      title: event.event ?? [event.type, event.name].filter(Boolean).join(': '),
      text: JSON.stringify(event, null, 2),
    };
  } catch {
    return { title: 'Request', text: body };
  }
}
