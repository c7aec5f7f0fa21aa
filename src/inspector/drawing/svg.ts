import type { Arrow, Drawing, StateBox } from './geometry.ts';
import { pathData } from './pathData.ts';

const STYLE = `
  .statechart { --ground: #ffffff; --box: #f6f7f9; --group: #fbfbfc; --line: #c3c8d0; --way: #5b6472; --aside: #b0623a; --text: #1c2128; --dim: #5b6472; background: var(--ground); font: 12px system-ui, sans-serif; }
  @media (prefers-color-scheme: dark) { .statechart { --ground: #14171c; --box: #20252d; --group: #191d23; --line: #414a57; --way: #98a2b1; --aside: #d98f66; --text: #e6e9ee; --dim: #98a2b1; } }
  .state rect { fill: var(--box); stroke: var(--line); }
  .composite > rect { fill: var(--group); }
  .initial > rect { stroke-width: 2; }
  .state text { fill: var(--text); }
  .composite > text { font-weight: 600; }
  .arrow path { fill: none; stroke: var(--way); stroke-width: 1.2; }
  .arrow.leaving path { stroke: var(--aside); stroke-dasharray: 4 3; }
  .arrow text { fill: var(--dim); font-size: 10.5px; }
  .head { fill: var(--way); }
  .head.leaving { fill: var(--aside); }
`;

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => ESCAPED[letter] ?? letter);

function stateSvg({ path, name, x, y, width, height, isComposite, isInitial, isFinal, description }: StateBox): string {
  const kinds = ['state', isComposite && 'composite', isInitial && 'initial', isFinal && 'final'].filter(Boolean);
  const double = `<rect x="${x + 3}" y="${y + 3}" width="${width - 6}" height="${height - 6}" rx="4"/>`;
  const title = description === undefined ? '' : `<title>${escaped(description)}</title>`;
  const at = isComposite
    ? `x="${x + 14}" y="${y + 20}"`
    : `x="${x + width / 2}" y="${y + height / 2 + 4}" text-anchor="middle"`;
  return `<g class="${kinds.join(' ')}" data-state="${escaped(path)}">${title}<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>${isFinal ? double : ''}<text ${at}>${escaped(name)}</text></g>`;
}

function arrowSvg({ source, target, kind, points, labels }: Arrow): string {
  const texts = labels.map(({ text, x, y, height }) => `<text x="${x}" y="${y + height - 3}">${escaped(text)}</text>`);
  return `<g class="arrow ${kind}" data-from="${escaped(source)}" data-to="${escaped(target)}"><path d="${pathData(points)}" marker-end="url(#head-${kind})"/>${texts.join('')}</g>`;
}

/** Where arrows share a way, the one that goes on lies on top. */
const inOrder = (arrows: readonly Arrow[]): readonly Arrow[] =>
  [...arrows].sort((a, b) => Number(a.kind === 'forward') - Number(b.kind === 'forward'));

const head = (kind: string): string =>
  `<marker id="head-${kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head ${kind}" d="M0 0.5L8 4L0 7.5z"/></marker>`;

/** The drawing as a file of its own; it follows the colour scheme of whoever shows it. */
export function svgOf({ machine, width, height, states, arrows }: Drawing): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" class="statechart" role="img" aria-label="Statechart ${escaped(machine)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<style>${STYLE}</style>
<defs>${head('forward')}${head('leaving')}</defs>
${[...states.map(stateSvg), ...inOrder(arrows).map(arrowSvg)].join('\n')}
</svg>
`;
}
