// Reads HTML as it was sent, without a browser's repairs: every element with its depth, and what a page must not hold.

export interface Element {
  name: string;
  depth: number;
  attributes: Map<string, string>;
  parents: string[];
}

const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr']);
const RAW = new Set(['script', 'style', 'textarea', 'title']);
const BLOCKS = new Set([
  'address', 'article', 'aside', 'blockquote', 'details', 'div', 'dl', 'fieldset', 'figure', 'footer', 'form', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6',
  'header', 'hr', 'main', 'menu', 'nav', 'ol', 'p', 'pre', 'section', 'table', 'ul',
]);
/** Elements that may not lie within another, at any depth. */
const NEVER_WITHIN: Record<string, string[]> = {
  form: ['form'],
  a: ['a', 'button'],
  button: ['a', 'button', 'summary', 'label'],
  input: ['a', 'button'],
  select: ['a', 'button'],
  textarea: ['a', 'button'],
  details: ['p'],
  main: ['main', 'article', 'aside', 'header', 'footer', 'nav'],
};
/** Elements that lie directly in one of these. */
const PARENTS: Record<string, string[]> = {
  li: ['ul', 'ol', 'menu'],
  dt: ['dl', 'div'],
  dd: ['dl', 'div'],
  tr: ['tbody', 'thead', 'tfoot'],
  td: ['tr'],
  th: ['tr'],
  summary: ['details'],
  legend: ['fieldset'],
  option: ['select', 'optgroup'],
};
const PHRASING_ONLY = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'span', 'strong', 'em', 'button', 'label', 'legend', 'summary']);

/** The elements of a document in their order; `problems` names what browsers would repair. */
export function parse(html: string): { elements: Element[]; problems: string[] } {
  const elements: Element[] = [];
  const problems: string[] = [];
  const stack: string[] = [];
  const token = /<!--[\s\S]*?-->|<!DOCTYPE[^>]*>|<(\/?)([a-zA-Z][a-zA-Z0-9-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/gi;
  for (let match = token.exec(html); match; match = token.exec(html)) {
    const [, slash, tag, rest = ''] = match;
    if (!tag) continue;
    const name = tag.toLowerCase();
    if (slash) {
      const open = stack.pop();
      if (open !== name) problems.push(`</${name}> where <${open ?? 'nothing'}> is open, at ${html.slice(match.index - 60, match.index + 20)}`);
      continue;
    }
    const attributes = new Map<string, string>();
    for (const [, key, double, single, bare] of rest.matchAll(/([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)) {
      if (key && attributes.has(key.toLowerCase())) problems.push(`<${name}> has ${key} twice`);
      if (key) attributes.set(key.toLowerCase(), double ?? single ?? bare ?? '');
    }
    // Leptos sends its scripts after </html>; browsers put them at the end of the body, where hydration does not look.
    const isAfter = name === 'script' && stack.length === 0 && elements.length > 0;
    elements.push({ name, depth: isAfter ? 2 : stack.length, attributes, parents: [...stack] });
    problems.push(...misplaced(name, stack));
    if (VOID.has(name) || (rest.endsWith('/') && stack.includes('svg'))) continue;
    stack.push(name);
    if (RAW.has(name)) token.lastIndex = html.toLowerCase().indexOf(`</${name}`, token.lastIndex);
  }
  if (stack.length > 0) problems.push(`never closed: ${stack.join(' ')}`);
  return { elements, problems };
}

function misplaced(name: string, stack: string[]): string[] {
  const parent = stack.at(-1) ?? '';
  const problems: string[] = [];
  const outer = stack.find((other) => NEVER_WITHIN[name]?.includes(other));
  if (outer) problems.push(`<${name}> within <${outer}>`);
  if (BLOCKS.has(name) && PHRASING_ONLY.has(parent) && !(/^h\d$/.test(name) && ['legend', 'summary'].includes(parent))) {
    problems.push(`<${name}> in <${parent}>`);
  }
  if (BLOCKS.has(name) && stack.includes('p')) problems.push(`<${name}> within <p>`);
  if (PARENTS[name] && !PARENTS[name]?.includes(parent)) problems.push(`<${name}> in <${parent}>`);
  if (['ul', 'ol'].includes(parent) && !['li', 'script', 'template'].includes(name)) problems.push(`<${name}> in <${parent}>`);
  return problems;
}

/** What a page breaks of the security policy and of its own references. */
export function offences(elements: Element[], nonce: string): string[] {
  const found: string[] = [];
  const ids = elements.map(({ attributes }) => attributes.get('id')).filter((id) => id !== undefined);
  const known = new Set(ids);
  if (known.size < ids.length) found.push(`ids twice: ${ids.filter((id, index) => ids.indexOf(id) < index).join(' ')}`);
  for (const { name, attributes } of elements) {
    const has = (key: string): boolean => attributes.has(key);
    if (has('style')) found.push(`<${name} style="${attributes.get('style')}">`);
    for (const key of attributes.keys()) if (/^on/.test(key)) found.push(`<${name} ${key}>`);
    if (/^\s*javascript:/i.test(attributes.get('href') ?? '')) found.push(`<${name} href="javascript:…">`);
    const runs = name === 'script' && attributes.get('type') !== 'application/ld+json';
    if ((runs || name === 'style') && attributes.get('nonce') !== nonce) found.push(`<${name}> without the response's nonce`);
    if (name === 'img' && !has('alt')) found.push(`<img> without alt: ${attributes.get('src')}`);
    if (name === 'form' && !['get', 'post'].includes(attributes.get('method') ?? '')) found.push('<form> without method');
    for (const key of ['for', 'aria-describedby', 'aria-labelledby', 'aria-controls']) {
      for (const id of (attributes.get(key) ?? '').split(/\s+/).filter(Boolean)) if (!known.has(id)) found.push(`<${name} ${key}="${id}"> leads nowhere`);
    }
    const href = attributes.get('href') ?? '';
    if (name === 'a' && href.startsWith('#') && !known.has(decodeURIComponent(href.slice(1)))) found.push(`<a href="${href}"> leads nowhere`);
  }
  for (const [name, count] of [['main', 1], ['h1', 1], ['title', 1]] as const) {
    const there = elements.filter((element) => element.name === name && !element.parents.includes('svg')).length;
    if (there !== count) found.push(`${there} <${name}>`);
  }
  return found;
}
