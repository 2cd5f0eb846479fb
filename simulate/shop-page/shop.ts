/**
 * A shop to click through. Every step is sent by the unmodified `@segment/analytics-next`; the panel beside it shows
 * what was sent and what came back. Write key and host come from `?write_key=…&host=…` or from config.json beside the page.
 */
import { AnalyticsBrowser } from '@segment/analytics-next';
import {
  addTo,
  brokenOrderProps,
  type Cart,
  cartProps,
  createCart,
  orderProps,
  pieces,
  total,
} from './cart.ts';
import { watchDeliveries } from './delivery-log.ts';
import { GOODS, type Good, goodProps, money, paint } from './goods.ts';

interface Config {
  readonly write_key: string;
  readonly host: string;
}

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`#${id} is missing from the page`);
  return found;
}

const onClick = (id: string, action: () => void) =>
  element(id, HTMLButtonElement).addEventListener('click', action);

async function readConfig(): Promise<Config> {
  const query = new URLSearchParams(location.search);
  const response = await fetch('./config.json').catch(() => undefined);
  const served: Partial<Config> = response?.ok ? await response.json().catch(() => ({})) : {};
  return {
    write_key: query.get('write_key') ?? served.write_key ?? '',
    host: (query.get('host') ?? served.host ?? location.origin).replace(/\/$/, ''),
  };
}

function connect({ write_key, host }: Config): AnalyticsBrowser {
  const { protocol, host: name } = new URL(host);
  watchDeliveries(element('log', HTMLOListElement), host);
  const analytics = AnalyticsBrowser.load(
    { writeKey: write_key, cdnURL: host },
    {
      integrations: {
        'Segment.io': { apiHost: `${name}/v1`, protocol: protocol === 'https:' ? 'https' : 'http' },
      },
    },
  );
  const state = element('connection', HTMLParagraphElement);
  analytics.ready(() => {
    state.textContent = `Connected to ${host}`;
  });
  Promise.resolve(analytics).catch(() => {
    state.textContent = `Cannot load settings for this write key from ${host}. Check the key, and that the source is enabled.`;
  });
  return analytics;
}

function showGoods(view: (good: Good) => void, add: (good: Good) => void): void {
  const list = element('goods', HTMLUListElement);
  for (const good of GOODS) {
    const item = document.createElement('li');
    item.innerHTML =
      '<article class="good"><div class="art" aria-hidden="true"></div><div><h2></h2><p class="price"></p>' +
      '<p class="buttons"><button type="button" class="quiet">View</button><button type="button">Add</button></p></div></article>';
    const [art, title, price] = ['.art', 'h2', '.price'].map((selector) =>
      item.querySelector<HTMLElement>(selector),
    );
    if (art) paint(art, good);
    title?.append(good.name);
    price?.append(money(good.price));
    const [look, take] = item.querySelectorAll('button');
    look?.setAttribute('aria-label', `View ${good.name}`);
    take?.setAttribute('aria-label', `Add ${good.name} to the cart`);
    look?.addEventListener('click', () => view(good));
    take?.addEventListener('click', () => add(good));
    list.append(item);
  }
}

function showCart(cart: Cart, remove: (good: Good) => void): void {
  element('cart-count', HTMLSpanElement).textContent = String(pieces(cart));
  element('cart-total', HTMLElement).textContent = money(total(cart));
  const empty = cart.lines.size === 0;
  element('order', HTMLButtonElement).disabled = empty;
  const lines = [...cart.lines].map(([good, quantity]) => {
    const line = document.createElement('li');
    const name = document.createElement('span');
    const button = document.createElement('button');
    name.textContent = `${quantity} × ${good.name}`;
    button.type = 'button';
    button.className = 'quiet';
    button.textContent = 'Remove';
    button.setAttribute('aria-label', `Remove ${good.name}`);
    button.addEventListener('click', () => remove(good));
    line.append(name, button);
    return line;
  });
  element('cart-lines', HTMLUListElement).replaceChildren(...lines);
}

function wireProducts(analytics: AnalyticsBrowser, add: (good: Good) => void): (good: Good) => void {
  const dialog = element('product', HTMLDialogElement);
  let shown: Good | undefined;
  onClick('product-close', () => dialog.close());
  onClick('product-add', () => {
    dialog.close();
    if (shown !== undefined) add(shown);
  });
  return (good) => {
    shown = good;
    paint(element('product-art', HTMLDivElement), good);
    element('product-name', HTMLHeadingElement).textContent = good.name;
    element('product-text', HTMLParagraphElement).textContent = `${good.text} ${money(good.price)}`;
    dialog.showModal();
    void analytics.track('Product Viewed', goodProps(good));
  };
}

function wireCart(analytics: AnalyticsBrowser): (good: Good) => void {
  let cart = createCart();
  const panel = element('cart', HTMLDivElement);
  const remove = (good: Good) => {
    const quantity = cart.lines.get(good) ?? 0;
    cart.lines.delete(good);
    void analytics.track('Product Removed', { ...goodProps(good), quantity });
    showCart(cart, remove);
  };
  onClick('open-cart', () => {
    panel.hidden = !panel.hidden;
    if (panel.hidden) return;
    panel.scrollIntoView({ block: 'nearest' });
    void analytics.track('Cart Viewed', cartProps(cart));
  });
  onClick('order', () => {
    const order_id = `WEB-${Date.now().toString(36).toUpperCase()}`;
    void analytics.track('Checkout Started', { order_id, ...cartProps(cart) });
    void analytics.track('Order Completed', orderProps(cart, order_id));
    cart = createCart();
    showCart(cart, remove);
  });
  onClick('broken-order', () => void analytics.track('Order Completed', brokenOrderProps(cart)));
  showCart(cart, remove);
  return (good) => {
    addTo(cart, good);
    panel.hidden = false;
    void analytics.track('Product Added', { ...goodProps(good), cart_id: cart.cart_id });
    showCart(cart, remove);
  };
}

function wireAccount(analytics: AnalyticsBrowser): void {
  const dialog = element('sign-in', HTMLDialogElement);
  const form = element('sign-in-form', HTMLFormElement);
  const show = (name: string | undefined) => {
    element('whoami', HTMLParagraphElement).textContent =
      name === undefined ? 'Not signed in' : `Signed in as ${name}`;
    element('account', HTMLButtonElement).textContent = name === undefined ? 'Sign in' : 'Sign out';
  };
  let signed_in = false;
  onClick('account', () => {
    if (!signed_in) return dialog.showModal();
    signed_in = false;
    show(undefined);
    // The client forgets user and anonymous id only after this event is on its way under them.
    void analytics.track('Signed Out', {}).then(() => analytics.reset());
  });
  onClick('sign-in-cancel', () => dialog.close());
  form.addEventListener('submit', () => {
    const values = new FormData(form);
    const email = String(values.get('email'));
    const name = String(values.get('name'));
    signed_in = true;
    show(name);
    void analytics.identify(`shop-${email}`, { name, email });
    void analytics.track('Signed In', { method: 'demo' });
  });
  void analytics.user().then((user) => {
    const name = (user.traits() as { name?: string } | undefined)?.name;
    signed_in = user.id() != null;
    if (signed_in) show(name ?? 'a returning visitor');
  });
}

function start(config: Config): void {
  const analytics = connect(config);
  const add = wireCart(analytics);
  showGoods(wireProducts(analytics, add), add);
  wireAccount(analytics);
  void analytics.page('Home');
}

const config = await readConfig();
if (config.write_key === '') {
  element('connection', HTMLParagraphElement).textContent =
    'No write key: open this page with ?write_key=… of a browser source.';
} else {
  start(config);
}
