/** The page's shelf. */
export interface Good {
  readonly product_id: string;
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly price: number;
  /** Lines of a drawing, 48 by 48. */
  readonly drawing: string;
  readonly hue: number;
  readonly text: string;
}

const good = (
  n: number,
  name: string,
  category: string,
  price: number,
  drawing: string,
  hue: number,
  text: string,
): Good => ({
  product_id: `p-${1000 + n}`,
  sku: `SKU-${category.slice(0, 3).toUpperCase()}-${1000 + n}`,
  name,
  category,
  price,
  drawing,
  hue,
  text,
});

export const GOODS: readonly Good[] = [
  good(
    0,
    'Morning Filter Roast',
    'Coffee',
    12.9,
    'M24 8c9 4 12 15 6 24-5 8-13 9-17 6s-4-12 1-20 6-11 10-10zM27 12c-8 6-3 12-12 24',
    25,
    'Light, with a little peach. 250 g, whole beans.',
  ),
  good(
    1,
    'Classic Earl Grey',
    'Tea',
    9.9,
    'M8 20h32c0 12-6 18-16 18S8 32 8 20zM14 42h20M20 14c-2-3 2-4 0-8M28 14c-2-3 2-4 0-8',
    95,
    'Black tea from the highlands, oil of bergamot.',
  ),
  good(
    2,
    'Copper Gooseneck Kettle',
    'Kettles',
    64.9,
    'M14 40h20l-3-20H17zM18 20c0-8 12-8 12 0M33 24l8-10 3 2M15 24c-8-2-9 10-1 12',
    18,
    'A slow, thin stream. 0.9 l, for every stove.',
  ),
  good(
    3,
    'Travel Hand Grinder',
    'Grinders',
    89.9,
    'M16 8h16l-4 12H20zM20 20v20h8V20M24 8V4h12M20 30h8M18 42h12',
    210,
    'Steel burrs, 24 clicks, fits into a mug.',
  ),
  good(
    4,
    'Stone Mug',
    'Cups',
    17.9,
    'M10 14h24v18a8 8 0 0 1-8 8h-8a8 8 0 0 1-8-8zM34 18h4a5 5 0 0 1 0 12h-4',
    190,
    'Stoneware, 300 ml. Each one a little different.',
  ),
  good(
    5,
    'Everyday Cutting Board',
    'Kitchen',
    34.9,
    'M8 12h32v26H8zM13 17h22v16H13zM36 12V6h-6v6',
    35,
    'Oiled oak with a groove, 38 × 26 cm.',
  ),
  good(
    6,
    'Harvest Gift Box',
    'Gifts',
    39.9,
    'M8 20h32v20H8zM6 14h36v6H6zM24 14v26M24 14c-4-10-14-6-8 0M24 14c4-10 14-6 8 0',
    340,
    'Two roasts, one mug, a card that you write.',
  ),
  good(
    7,
    'Camp Press',
    'Outdoor',
    42.9,
    'M24 8 6 40h36zM24 22l-8 18M24 22l8 18M24 8l4-5',
    140,
    'Coffee for two, far from the kitchen.',
  ),
];

export const CURRENCY = 'EUR';

/** `12.9` as `12.90 EUR` in the reader's own way. */
export const money = (amount: number): string =>
  new Intl.NumberFormat(undefined, { style: 'currency', currency: CURRENCY }).format(amount);

/** Properties of a product in an event. */
export const goodProps = ({ product_id, sku, name, category, price }: Good) => ({
  product_id,
  sku,
  name,
  category,
  price,
  currency: CURRENCY,
  quantity: 1,
});

const SVG = 'http://www.w3.org/2000/svg';

/** The drawing on a ground of the good's colour. */
export function paint(art: HTMLElement, { drawing, hue }: Good): void {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '0 0 48 48');
  path.setAttribute('d', drawing);
  svg.append(path);
  art.style.setProperty('--hue', String(hue));
  art.replaceChildren(svg);
}
